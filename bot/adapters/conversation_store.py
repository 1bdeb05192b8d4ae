"""bot: conversations and entries in SQL. The row of a conversation is the lock of everything that is written to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.adapters.rows import conversation_of, entry_of, file_row
from bot.adapters.statements import (
    ADD_ENTRIES,
    CHANGE_CONVERSATION,
    CONVERSATION,
    CONVERSATION_AT,
    CONVERSATION_AT_LOCKED,
    CONVERSATION_DUE,
    CONVERSATION_LOCKED,
    ENTRIES_AFTER,
    ENTRIES_WITH_KEYS,
    FENCE,
    FIRST_THAT_ASKS,
    NOTE_RECEIVED,
    OPEN_CONVERSATION,
    RECEIVED,
    SOME_ENTRIES_AFTER,
)
from bot.adapters.tables import DUE, conversations, entries, entry_files, outbox
from bot.contracts import Conversation, Delivery, Entry, EntryKind, NewEntry, Owner, Received
from bot.ports.stores import Due, Tells
from bot.refusals import KeyInUse
from bot.state import DialogueState, state_to_json
from kit.contracts import JsonValue, Language, NewId, Tx
from kit.sql import Database, connection_of

SPOKEN = (EntryKind.CUSTOMER.value, EntryKind.BOT.value, EntryKind.AGENT.value)
PEOPLE = (EntryKind.CUSTOMER.value, EntryKind.AGENT.value)
TOGETHER = 500
"""Ids in one query; SQLite takes a limited number of arguments."""
LABELS_BACK = 30
"""How many entries back a pressed button is looked for when the channel does not say where it stood."""


class SqlConversationStore:
    """Implements `bot.ports.stores.ConversationStore`. `pushing` names the channels whose replies are sent out.

    `tells` hears of every new line in the same transaction.
    """

    def __init__(
        self,
        database: Database,
        *,
        new_id: NewId,
        pushing: frozenset[str] = frozenset(),
        tells: Tells | None = None,
    ) -> None:
        self._database, self._new_id, self._pushing, self._tells = database, new_id, pushing, tells

    async def open(
        self, tx: Tx, *, channel: str, address: str, customer_name: str, language: Language, at: datetime
    ) -> Conversation:
        connection = connection_of(tx)
        of = {"of_channel": channel, "of_address": address}
        row = (await connection.execute(CONVERSATION_AT_LOCKED, of)).one_or_none()
        if row is None:
            values: dict[str, object] = {
                "id": self._new_id(),
                "channel": channel,
                "address": address,
                "customer_name": customer_name,
                "language": language.value,
                "owner": Owner.BOT.value,
                "agent_id": None,
                "epoch": 1,
                "last_seq": 0,
                "handled_seq": 0,
                "due_seq": 0,
                "attempts": 0,
                "retry_at": at,
                "state": {},
                "created_at": at,
                "updated_at": at,
            }
            await connection.execute(OPEN_CONVERSATION[connection.dialect.name], values)
            row = (await connection.execute(CONVERSATION_AT_LOCKED, of)).one()
        if customer_name and customer_name != row.customer_name:
            here = conversations.c.id == row.id
            renamed = update(conversations).where(here).values(customer_name=customer_name).returning(conversations)
            row = (await connection.execute(renamed)).one()
        return conversation_of(row)

    async def find_received(self, tx: Tx, *, channel: str, external_id: str) -> Received | None:
        of = {"of_channel": channel, "of_external_id": external_id}
        row = (await connection_of(tx).execute(RECEIVED, of)).one_or_none()
        return None if row is None else Received(conversation_id=row.conversation_id, seq=row.seq, duplicate=True)

    async def note_received(self, tx: Tx, *, channel: str, external_id: str, received: Received) -> None:
        values = {
            "channel": channel,
            "external_id": external_id,
            "conversation_id": received.conversation_id,
            "seq": received.seq,
        }
        try:
            await connection_of(tx).execute(NOTE_RECEIVED, values)
        except IntegrityError as error:
            raise KeyInUse(field="key") from error

    async def append(self, tx: Tx, conversation_id: str, new: Sequence[NewEntry], *, at: datetime) -> tuple[Entry, ...]:
        connection = connection_of(tx)
        home = (await connection.execute(CONVERSATION_LOCKED, {"of_id": conversation_id})).one()
        held = {"of_id": conversation_id, "of_keys": [line.key for line in new]}
        known = {row.key: entry_of(row) for row in await connection.execute(ENTRIES_WITH_KEYS, held)}
        seq, due_seq, stored = home.last_seq, home.due_seq, []
        lines: list[dict[str, object]] = []
        sent: list[dict[str, object]] = []
        files: list[dict[str, object]] = []
        for line in new:
            if line.key in known:
                stored.append(known[line.key])
                continue
            seq += 1
            due_seq = seq if line.asks_turn else due_seq
            lines.append(_line(conversation_id, seq, line, at))
            if line.file is not None:
                files.append(file_row(conversation_id, seq, line.file))
            if home.channel in self._pushing and line.public and line.kind is not EntryKind.CUSTOMER:
                sent.append(self._delivery(conversation_id, seq, home.channel, home.address, at))
            known[line.key] = Entry(
                conversation_id=conversation_id,
                seq=seq,
                kind=line.kind,
                key=line.key,
                text=line.text,
                language=line.language,
                author=line.author,
                at=at,
                payload=line.payload,
            )
            stored.append(known[line.key])
        if lines:
            await connection.execute(ADD_ENTRIES, lines)
            if sent:
                await connection.execute(insert(outbox), sent)
            if files:
                await connection.execute(insert(entry_files), files)
            values: dict[str, object] = {
                "of_id": conversation_id,
                "last_seq": seq,
                "due_seq": due_seq,
                "updated_at": at,
            }
            if due_seq != home.due_seq:
                values |= {"attempts": 0, "retry_at": at}
            await connection.execute(CHANGE_CONVERSATION, values)
            if self._tells is not None:
                fresh = [entry for entry in stored if entry.seq > home.last_seq]
                await self._tells.tell(tx, channel=home.channel, address=home.address, entries=fresh, at=at)
        return tuple(stored)

    async def fence(self, tx: Tx, read: Conversation, *, handled_seq: int, at: datetime) -> bool:
        done = await connection_of(tx).execute(
            FENCE,
            {
                "of_id": read.id,
                "read_handled_seq": read.handled_seq,
                "read_epoch": read.epoch,
                "handled_seq": handled_seq,
                "attempts": 0,
                "retry_at": at,
                "updated_at": at,
            },
        )
        return done.rowcount == 1

    async def save_dialogue(self, tx: Tx, conversation_id: str, *, state: DialogueState, language: Language) -> None:
        await connection_of(tx).execute(
            CHANGE_CONVERSATION,
            {"of_id": conversation_id, "state": state_to_json(state), "language": language.value},
        )

    async def set_owner(
        self, tx: Tx, conversation_id: str, *, owner: Owner, agent_id: str | None, at: datetime
    ) -> int | None:
        done = await connection_of(tx).execute(
            update(conversations)
            .where(conversations.c.id == conversation_id)
            .values(owner=owner.value, agent_id=agent_id, epoch=conversations.c.epoch + 1, updated_at=at)
            .returning(conversations.c.epoch)
        )
        epoch: int | None = done.scalar_one_or_none()
        return epoch

    async def count_failure(self, tx: Tx, conversation_id: str) -> int:
        done = await connection_of(tx).execute(
            update(conversations)
            .where(conversations.c.id == conversation_id)
            .values(attempts=conversations.c.attempts + 1)
            .returning(conversations.c.attempts)
        )
        return int(done.scalar_one())

    async def put_off(self, tx: Tx, conversation_id: str, *, retry_at: datetime) -> None:
        await connection_of(tx).execute(
            update(conversations).where(conversations.c.id == conversation_id).values(retry_at=retry_at)
        )

    async def locked(self, tx: Tx, conversation_id: str) -> Conversation | None:
        row = (await connection_of(tx).execute(CONVERSATION_LOCKED, {"of_id": conversation_id})).one_or_none()
        return None if row is None else conversation_of(row)

    async def find(self, conversation_id: str) -> Conversation | None:
        return await self._find(CONVERSATION, {"of_id": conversation_id})

    async def find_at(self, channel: str, address: str) -> Conversation | None:
        return await self._find(CONVERSATION_AT, {"of_channel": channel, "of_address": address})

    async def next_due(self, conversation_id: str) -> tuple[Conversation, Entry, int] | None:
        async with self._database.read() as connection:
            row = (await connection.execute(CONVERSATION_DUE, {"of_id": conversation_id})).one_or_none()
            if row is None:
                return None
            first = {"of_id": conversation_id, "of_after": row.handled_seq}
            found = (await connection.execute(FIRST_THAT_ASKS, first)).one_or_none()
            return None if found is None else (conversation_of(row), entry_of(found), row.attempts)

    async def due(self, now: datetime, *, limit: int) -> tuple[Due, ...]:
        query = (
            select(conversations.c.id, conversations.c.attempts, conversations.c.retry_at)
            .where(DUE, conversations.c.retry_at <= now)
            .order_by(conversations.c.retry_at)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple(
                Due(conversation_id=row.id, attempts=row.attempts, retry_at=row.retry_at)
                for row in await connection.execute(query)
            )

    async def entries(self, conversation_id: str, *, after: int = 0, limit: int | None = None) -> tuple[Entry, ...]:
        of: dict[str, object] = {"of_id": conversation_id, "of_after": after}
        query = ENTRIES_AFTER
        if limit is not None:
            query, of = SOME_ENTRIES_AFTER, {**of, "of_limit": limit}
        async with self._database.read() as connection:
            return tuple(entry_of(row) for row in await connection.execute(query, of))

    async def entry(self, conversation_id: str, seq: int) -> Entry | None:
        query = select(entries).where(entries.c.conversation_id == conversation_id, entries.c.seq == seq)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
            return None if row is None else entry_of(row)

    async def with_files(self, conversation_id: str, *, limit: int) -> tuple[Entry, ...]:
        named = entries.c.payload["file"].as_string().is_not(None)
        query = select(entries).where(entries.c.conversation_id == conversation_id, named)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(entries.c.seq.desc()).limit(limit))
            return tuple(map(entry_of, rows))

    async def seq_of_key(self, tx: Tx, conversation_id: str, key: str) -> int | None:
        query = select(entries.c.seq).where(entries.c.conversation_id == conversation_id, entries.c.key == key)
        seq: int | None = (await connection_of(tx).execute(query)).scalar_one_or_none()
        return seq

    async def last_spoken(self, conversation_ids: Sequence[str]) -> Mapping[str, Entry]:
        last = (
            select(entries.c.conversation_id, func.max(entries.c.seq).label("seq"))
            .where(entries.c.conversation_id.in_(conversation_ids), entries.c.kind.in_(SPOKEN))
            .group_by(entries.c.conversation_id)
            .subquery()
        )
        query = select(entries).join(
            last, (entries.c.conversation_id == last.c.conversation_id) & (entries.c.seq == last.c.seq)
        )
        async with self._database.read() as connection:
            return {row.conversation_id: entry_of(row) for row in await connection.execute(query)}

    async def said_by_people(
        self, conversation_ids: Sequence[str], *, since: datetime
    ) -> Mapping[str, tuple[tuple[datetime, EntryKind], ...]]:
        found: dict[str, list[tuple[datetime, EntryKind]]] = {}
        async with self._database.read() as connection:
            for start in range(0, len(conversation_ids), TOGETHER):
                query = (
                    select(entries.c.conversation_id, entries.c.at, entries.c.kind)
                    .where(
                        entries.c.conversation_id.in_(conversation_ids[start : start + TOGETHER]),
                        entries.c.kind.in_(PEOPLE),
                        entries.c.at >= since,
                    )
                    .order_by(entries.c.conversation_id, entries.c.seq)
                )
                for row in await connection.execute(query):
                    found.setdefault(row.conversation_id, []).append((row.at, EntryKind(row.kind)))
        return {conversation_id: tuple(turns) for conversation_id, turns in found.items()}

    async def label_of(self, tx: Tx, conversation_id: str, choice: str, *, to_seq: int | None) -> str | None:
        query = select(entries.c.payload).where(
            entries.c.conversation_id == conversation_id, entries.c.kind == EntryKind.BOT.value
        )
        if to_seq is not None:
            query = query.where(entries.c.seq == to_seq)
        query = query.order_by(entries.c.seq.desc()).limit(LABELS_BACK)
        for row in await connection_of(tx).execute(query):
            label = _label(row.payload, choice)
            if label is not None:
                return label
        return None

    async def _find(self, query: Select[Any], of: dict[str, str]) -> Conversation | None:
        async with self._database.read() as connection:
            row = (await connection.execute(query, of)).one_or_none()
            return None if row is None else conversation_of(row)

    def _delivery(self, conversation_id: str, seq: int, channel: str, address: str, at: datetime) -> dict[str, object]:
        return {
            "id": self._new_id(),
            "conversation_id": conversation_id,
            "seq": seq,
            "channel": channel,
            "address": address,
            "state": Delivery.PENDING.value,
            "attempts": 0,
            "next_at": at,
            "failure": "",
            "reason": "",
            "message_id": "",
            "created_at": at,
            "sent_at": None,
        }


def _line(conversation_id: str, seq: int, line: NewEntry, at: datetime) -> dict[str, object]:
    return {
        "conversation_id": conversation_id,
        "seq": seq,
        "kind": line.kind.value,
        "key": line.key,
        "text": line.text,
        "language": line.language.value,
        "author": line.author,
        "author_id": line.author_id,
        "at": at,
        "payload": line.payload,
        "asks_turn": line.asks_turn,
    }


def _label(payload: dict[str, JsonValue], choice: str) -> str | None:
    choices = payload.get("choices")
    for option in choices if isinstance(choices, list) else []:
        if isinstance(option, dict) and option.get("id") == choice:
            return str(option.get("label", ""))
    return None
