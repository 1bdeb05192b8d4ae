"""handoff: stretches of time in one state, in SQL; one newest stretch an account, and only that may be open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Row, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from handoff.adapters.tables import NEWEST, spans
from handoff.contracts import AgentState, Span, StateReason
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlDutyStore:
    """Implements `handoff.duty_ports.DutyStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, tx: Tx, span: Span) -> None:
        connection = connection_of(tx)
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        over = (spans.c.account_id == span.account_id) & spans.c.newest & spans.c.ended_at.is_not(None)
        await connection.execute(update(spans).where(over).values(newest=False))
        # Two windows of one person may open at the same moment; one of them is enough.
        await connection.execute(
            dialect_insert(spans)
            .values(
                id=span.id,
                account_id=span.account_id,
                state=span.state.value,
                reason=span.reason.value if span.reason else None,
                began_at=span.began_at,
                clocked_out=False,
                newest=True,
            )
            .on_conflict_do_nothing(index_elements=["account_id"], index_where=NEWEST)
        )

    async def end(self, tx: Tx, account_id: str, *, at: datetime, clocked_out: bool) -> None:
        where = (spans.c.account_id == account_id) & spans.c.ended_at.is_(None)
        await connection_of(tx).execute(update(spans).where(where).values(ended_at=at, clocked_out=clocked_out))

    async def last(self) -> Mapping[str, Span]:
        async with self._database.read() as connection:
            rows = await connection.execute(select(spans).where(NEWEST))
            return {row.account_id: _span(row) for row in rows}

    async def spans(self, begin: datetime, end: datetime) -> tuple[Span, ...]:
        query = (
            select(spans)
            .where(spans.c.began_at < end, or_(spans.c.ended_at.is_(None), spans.c.ended_at > begin))
            .order_by(spans.c.began_at, spans.c.id)
        )
        async with self._database.read() as connection:
            return tuple(map(_span, await connection.execute(query)))


def _span(row: Row[tuple[object, ...]]) -> Span:
    return Span(
        id=row.id,
        account_id=row.account_id,
        state=AgentState(row.state),
        reason=StateReason(row.reason) if row.reason else None,
        began_at=row.began_at,
        ended_at=row.ended_at,
        clocked_out=row.clocked_out,
    )
