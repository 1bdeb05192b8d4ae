"""bot: from rows to frozen values, one function a value."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from bot.contracts import Conversation, Delivery, Entry, EntryKind, Outgoing, Owner, TurnExit, TurnRecord
from bot.ports.stores import OutboxRow
from kit.contracts import Language
from kit.files import SentFile


def conversation_of(row: Row[Any]) -> Conversation:
    """A `conversations` row."""
    return Conversation(
        id=row.id,
        channel=row.channel,
        address=row.address,
        customer_name=row.customer_name,
        language=Language(row.language),
        owner=Owner(row.owner),
        agent_id=row.agent_id,
        epoch=row.epoch,
        last_seq=row.last_seq,
        handled_seq=row.handled_seq,
        state=row.state,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def entry_of(row: Row[Any]) -> Entry:
    """An `entries` row."""
    return Entry(
        conversation_id=row.conversation_id,
        seq=row.seq,
        kind=EntryKind(row.kind),
        key=row.key,
        text=row.text,
        language=Language(row.language),
        author=row.author,
        at=row.at,
        payload=row.payload,
    )


def turn_of(row: Row[Any]) -> TurnRecord:
    """A `turns` row."""
    return TurnRecord(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        reply_seq=row.reply_seq,
        at=row.at,
        exit=TurnExit(row.exit),
        decision=row.decision,
        rule=row.rule,
        language=Language(row.language),
        intent=row.intent,
        intent_confidence=row.intent_confidence,
        entities=tuple((str(kind), str(value)) for kind, value in row.entities),
        article_id=row.article_id,
        article_title=row.article_title,
        confidence=row.confidence,
        helped=row.helped,
        why=row.why,
        faults=tuple(row.faults),
        milliseconds=row.milliseconds,
    )


def outgoing_of(row: Row[Any], entry: Entry) -> Outgoing:
    """An `outbox` row with its entry."""
    return Outgoing(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        channel=row.channel,
        address=row.address,
        entry=entry,
        attempts=row.attempts,
    )


def outbox_row_of(row: Row[Any]) -> OutboxRow:
    """An `outbox` row as people look at it."""
    return OutboxRow(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        channel=row.channel,
        state=Delivery(row.state),
        attempts=row.attempts,
        failure=row.failure,
        reason=row.reason,
        message_id=row.message_id,
        created_at=row.created_at,
        sent_at=row.sent_at,
    )


def file_row(conversation_id: str, seq: int, file: SentFile) -> dict[str, object]:
    """The `entry_files` row of a line's file."""
    return {
        "conversation_id": conversation_id,
        "seq": seq,
        "name": file.name,
        "media_type": file.media_type,
        "content": file.content,
    }
