"""handoff: who was told of which promised time, in SQL. A row each, so that of two who tell only one does."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from handoff.adapters.tables import escalations
from handoff.contracts import ClockKind, Level
from handoff.floor_ports import Told
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlEscalationStore:
    """Implements `handoff.floor_ports.EscalationStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Tx, told: Told) -> bool:
        connection = connection_of(tx)
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        added = await connection.execute(
            dialect_insert(escalations)
            .values(handoff_id=told.handoff_id, kind=told.kind.value, began_at=told.began_at, level=told.level.value)
            .on_conflict_do_nothing()
            .returning(escalations.c.handoff_id)
        )
        return added.one_or_none() is not None

    async def of(self, handoff_ids: Sequence[str]) -> frozenset[Told]:
        query = select(escalations).where(escalations.c.handoff_id.in_(handoff_ids))
        async with self._database.read() as connection:
            return frozenset(
                Told(
                    handoff_id=row.handoff_id,
                    kind=ClockKind(row.kind),
                    began_at=row.began_at,
                    level=Level(row.level),
                )
                for row in await connection.execute(query)
            )
