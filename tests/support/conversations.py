"""tests: a small `handoff.ports.Conversations` over SQL, so that the desk can be tested without the room above it.

It keeps the promises the desk relies on: gap-free seq, one line a key, an epoch that grows with every owner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, Text, insert, select, update

from handoff.contracts import Spoken
from handoff.ports import Line
from kit.contracts import JsonValue, Language, Tx
from kit.files import SentFile
from kit.refusals import NotFound
from kit.sql import Database, UtcDateTime, connection_of

_metadata = MetaData()
_talks = Table(
    "standin_talks",
    _metadata,
    Column("id", String(26), primary_key=True),
    Column("owner", String(40), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
)
_lines = Table(
    "standin_lines",
    _metadata,
    Column("talk", String(26), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("key", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("author", String(80), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("payload", JSON, nullable=False),
)


class StandInConversations:
    """Implements `handoff.ports.Conversations`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.files: dict[tuple[str, int], SentFile] = {}
        """What agents sent, by conversation and line."""

    async def prepare(self) -> None:
        """Make the tables, empty."""

        async def work(tx: Tx) -> None:
            await connection_of(tx).run_sync(_metadata.drop_all)
            await connection_of(tx).run_sync(_metadata.create_all)

        await self._database.write(work)

    async def begin(self, conversation_id: str, *texts: str, at: datetime) -> None:
        """A conversation of the bot in which the customer wrote `texts`."""

        async def work(tx: Tx) -> None:
            await connection_of(tx).execute(insert(_talks).values(id=conversation_id, owner="bot", epoch=1, last_seq=0))

        await self._database.write(work)
        for number, text in enumerate(texts):
            await self.customer_says(conversation_id, text, key=f"customer-{number}", at=at)

    async def customer_says(self, conversation_id: str, text: str, *, key: str, at: datetime) -> int:
        """The customer writes."""
        return await self._database.write(lambda tx: self._append(tx, conversation_id, "customer", (key, text, ""), at))

    async def bot_says(
        self, conversation_id: str, text: str, *, key: str, at: datetime, payload: dict[str, JsonValue] | None = None
    ) -> int:
        """The bot answers."""
        return await self._database.write(
            lambda tx: self._append(tx, conversation_id, "bot", (key, text, ""), at, payload)
        )

    async def owner(self, conversation_id: str) -> tuple[str, int]:
        """(owner, epoch)."""
        async with self._database.read() as connection:
            query = select(_talks.c.owner, _talks.c.epoch).where(_talks.c.id == conversation_id)
            owner, epoch = (await connection.execute(query)).one()
            return owner, epoch

    async def take_owner(self, tx: Tx, conversation_id: str, *, owner: str, at: datetime) -> int:
        done = await connection_of(tx).execute(
            update(_talks)
            .where(_talks.c.id == conversation_id)
            .values(owner=owner, epoch=_talks.c.epoch + 1)
            .returning(_talks.c.epoch)
        )
        epoch = done.scalar_one_or_none()
        if epoch is None:
            raise NotFound
        return int(epoch)

    async def append_agent(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        key: str,
        text: str,
        agent_id: str,
        agent_name: str,
        epoch: int,
        at: datetime,
        file: SentFile | None = None,
    ) -> int | None:
        held = select(_talks.c.epoch).where(_talks.c.id == conversation_id).with_for_update()
        present = (await connection_of(tx).execute(held)).scalar_one_or_none()
        if present is None:
            raise NotFound
        known = select(_lines.c.seq).where(_lines.c.talk == conversation_id, _lines.c.key == key)
        stored = (await connection_of(tx).execute(known)).scalar_one_or_none()
        if stored is not None:
            return int(stored)
        if present != epoch:
            return None
        payload: dict[str, JsonValue] = {} if file is None else {"file": file.facts}
        seq = await self._append(tx, conversation_id, "agent", (key, text, agent_name), at, payload)
        if file is not None:
            self.files[conversation_id, seq] = file
        return seq

    async def append_note(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        key: str,
        text: str,
        agent_id: str,
        agent_name: str,
        at: datetime,
        payload: dict[str, JsonValue] | None = None,
    ) -> int:
        return await self._append(tx, conversation_id, "note", (key, text, agent_name), at, payload)

    async def ask_how_it_was(
        self, tx: Tx, conversation_id: str, *, key: str, agent_id: str, agent_name: str, at: datetime
    ) -> int | None:
        return None

    async def append_event(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        key: str,
        code: str,
        slots: dict[str, JsonValue],
        at: datetime,
        public: bool,
        when: datetime | None = None,
    ) -> int:
        if when is not None:
            slots = {**slots, "when": when.isoformat()}
        payload: dict[str, JsonValue] = {"code": code, "slots": slots, "public": public}
        return await self._append(tx, conversation_id, "event", (key, "", ""), at, payload)

    async def last_seq(self, conversation_id: str) -> int:
        return max((line.seq for line in await self.lines(conversation_id)), default=0)

    async def lines(self, conversation_id: str, *, after: int = 0, limit: int | None = None) -> tuple[Line, ...]:
        query = select(_lines).where(_lines.c.talk == conversation_id, _lines.c.seq > after).order_by(_lines.c.seq)
        query = query.limit(limit)
        async with self._database.read() as connection:
            return tuple(
                Line(
                    seq=row.seq,
                    kind=row.kind,
                    text=row.text,
                    language=Language.ZH,
                    at=row.at,
                    author=row.author,
                    payload=row.payload,
                    key=row.key,
                )
                for row in await connection.execute(query)
            )

    async def last_lines(self, conversation_ids: Sequence[str]) -> Mapping[str, Line]:
        spoken = {"customer", "bot", "agent"}
        found = {}
        for conversation_id in conversation_ids:
            lines = [line for line in await self.lines(conversation_id) if line.kind in spoken]
            if lines:
                found[conversation_id] = lines[-1]
        return found

    async def spoken(self, conversation_ids: Sequence[str], *, since: datetime) -> Mapping[str, tuple[Spoken, ...]]:
        return {
            one: tuple(
                Spoken(at=line.at, by_customer=line.kind == "customer")
                for line in await self.lines(one)
                if line.kind in {"customer", "agent"} and line.at >= since
            )
            for one in conversation_ids
        }

    async def _append(  # noqa: PLR0917 - private, called in a row above
        self,
        tx: Tx,
        conversation_id: str,
        kind: str,
        line: tuple[str, str, str],
        at: datetime,
        payload: dict[str, JsonValue] | None = None,
    ) -> int:
        key, text, author = line
        connection = connection_of(tx)
        locked = select(_talks.c.last_seq).where(_talks.c.id == conversation_id).with_for_update()
        seq = int((await connection.execute(locked)).scalar_one()) + 1
        stored = select(_lines.c.seq).where(_lines.c.talk == conversation_id, _lines.c.key == key)
        known = (await connection.execute(stored)).scalar_one_or_none()
        if known is not None:
            return int(known)
        values = {"kind": kind, "key": key, "text": text, "author": author, "at": at, "payload": payload or {}}
        await connection.execute(insert(_lines).values(talk=conversation_id, seq=seq, **values))
        await connection.execute(update(_talks).where(_talks.c.id == conversation_id).values(last_seq=seq))
        return seq
