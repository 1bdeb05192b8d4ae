"""handoff: what representatives have put aside, in SQL."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from handoff.adapters.tables import snoozes
from handoff.adapters.upsert import put
from handoff.contracts import Snooze
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlSnoozeStore:
    """Implements `handoff.store_ports.SnoozeStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, tx: Tx, snooze: Snooze) -> None:
        await put(tx, snoozes, "conversation_id", values=asdict(snooze))

    async def remove(self, tx: Tx, conversation_id: str, *, made_at: datetime | None = None) -> bool:
        where = snoozes.c.conversation_id == conversation_id
        if made_at is not None:
            where &= snoozes.c.made_at == made_at
        return (await connection_of(tx).execute(delete(snoozes).where(where))).rowcount == 1

    async def of(self, account_id: str) -> tuple[Snooze, ...]:
        return await self._read(snoozes.c.account_id == account_id)

    async def due(self, now: datetime) -> tuple[Snooze, ...]:
        return await self._read(snoozes.c.until <= now)

    async def _read(self, where: ColumnElement[bool]) -> tuple[Snooze, ...]:
        async with self._database.read() as connection:
            rows = (await connection.execute(select(snoozes).where(where).order_by(snoozes.c.until))).mappings()
            return tuple(Snooze(**row) for row in rows)
