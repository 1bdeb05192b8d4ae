"""bot: conversations in SQL as channels look at many of them at once."""

from __future__ import annotations

from sqlalchemy import select

from bot.adapters.rows import conversation_of, entry_of
from bot.adapters.tables import conversations, entries, outbox
from bot.contracts import Conversation, Delivery, Entry, EntryKind, Owner
from bot.realtime import Head
from kit.sql import Database

TOGETHER = 500
"""Ids in one query; SQLite takes a limited number of arguments."""
BACK = 30
"""How many replies back the one that told the place is looked for."""
LEAVE = "leave_queue"
"""The choice that leaves the queue; it stands under every reply that tells a place."""


class SqlChannelReads:
    """Implements `bot.realtime.Heads` and `bot.channels.ports.Waiting`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def heads(self, conversation_ids: list[str]) -> dict[str, Head]:
        found: dict[str, Head] = {}
        if not conversation_ids:
            return found
        table = conversations.c
        async with self._database.read() as connection:
            for start in range(0, len(conversation_ids), TOGETHER):
                part = conversation_ids[start : start + TOGETHER]
                query = select(table.id, table.last_seq, table.epoch).where(table.id.in_(part))
                for row in await connection.execute(query):
                    found[row.id] = Head(last_seq=row.last_seq, epoch=row.epoch)
        return found

    async def waiting(self, channel: str) -> tuple[Conversation, ...]:
        query = select(conversations).where(
            conversations.c.channel == channel, conversations.c.owner == Owner.QUEUE.value
        )
        async with self._database.read() as connection:
            return tuple(conversation_of(row) for row in await connection.execute(query))

    async def told_place(self, conversation_id: str) -> tuple[Entry, str] | None:
        sent = (outbox.c.conversation_id == entries.c.conversation_id) & (outbox.c.seq == entries.c.seq)
        query = (
            select(entries, outbox.c.message_id)
            .join(outbox, sent)
            .where(
                entries.c.conversation_id == conversation_id,
                entries.c.kind == EntryKind.BOT.value,
                outbox.c.state == Delivery.SENT.value,
            )
            .order_by(entries.c.seq.desc())
            .limit(BACK)
        )
        async with self._database.read() as connection:
            for row in await connection.execute(query):
                choices = row.payload.get("choices")
                if isinstance(choices, list) and any(isinstance(c, dict) and c.get("id") == LEAVE for c in choices):
                    return entry_of(row), row.message_id
        return None
