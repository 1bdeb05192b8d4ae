"""handoff: promised answers in SQL.

Seats of a slot are settled by a unique index: of two who book the last one, one gets it and the other is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from handoff.adapters.rows import promise_of
from handoff.adapters.tables import PENDING, promises
from handoff.contracts import Promise, PromiseKind, PromiseState
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlPromiseStore:
    """Implements `handoff.store_ports.PromiseStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Tx, promise: Promise, *, seats: int | None) -> bool:
        older = await self.find_open(tx, promise.conversation_id)
        if older is not None:
            await self.move(tx, older, PromiseState.WITHDRAWN)
        for seat in (None,) if seats is None else range(1, seats + 1):
            if await self._insert(tx, promise, seat):
                return True
        if older is not None:
            # What the customer had stays theirs.
            await connection_of(tx).execute(
                update(promises).where(promises.c.id == older.id).values(state=older.state.value)
            )
        return False

    async def file(self, tx: Tx, promise_id: str, number: str) -> None:
        await connection_of(tx).execute(update(promises).where(promises.c.id == promise_id).values(number=number))

    async def find_open(self, tx: Tx, conversation_id: str) -> Promise | None:
        query = select(promises).where(promises.c.conversation_id == conversation_id, PENDING)
        row = (await connection_of(tx).execute(query)).one_or_none()
        return None if row is None else promise_of(row)

    async def move(self, tx: Tx, promise: Promise, state: PromiseState) -> bool:
        moved = await connection_of(tx).execute(
            update(promises)
            .where(promises.c.id == promise.id, promises.c.state == promise.state.value)
            .values(state=state.value)
        )
        return moved.rowcount == 1

    async def set_contact(self, tx: Tx, promise_id: str, contact: str) -> None:
        await connection_of(tx).execute(update(promises).where(promises.c.id == promise_id).values(contact=contact))

    async def due(self, now: datetime) -> tuple[Promise, ...]:
        query = (
            select(promises)
            .where(promises.c.state == PromiseState.OPEN.value, promises.c.begins_at <= now)
            .order_by(promises.c.due_by, promises.c.id)
        )
        async with self._database.read() as connection:
            return tuple(promise_of(row) for row in await connection.execute(query))

    async def taken(self, department: str, *, since: datetime) -> Mapping[datetime, int]:
        query = (
            select(promises.c.begins_at, func.count())
            .where(
                promises.c.department == department,
                promises.c.kind == PromiseKind.CALLBACK.value,
                promises.c.begins_at >= since,
                PENDING,
            )
            .group_by(promises.c.begins_at)
        )
        async with self._database.read() as connection:
            return {begins_at: int(number) for begins_at, number in await connection.execute(query)}

    async def _insert(self, tx: Tx, promise: Promise, seat: int | None) -> bool:
        connection = connection_of(tx)
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        added = await connection.execute(
            dialect_insert(promises)
            .values(
                id=promise.id,
                conversation_id=promise.conversation_id,
                handoff_id=promise.handoff_id,
                department=promise.department,
                kind=promise.kind.value,
                begins_at=promise.begins_at,
                seat=seat,
                due_by=promise.due_by,
                number=promise.number,
                contact=promise.contact,
                state=promise.state.value,
                made_at=promise.made_at,
            )
            .on_conflict_do_nothing()
            .returning(promises.c.id)
        )
        return added.one_or_none() is not None
