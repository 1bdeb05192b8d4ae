"""handoff: how long customers waited lately, in SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from handoff.adapters.tables import handoffs
from handoff.contracts import HandoffState
from handoff.estimate import Wait
from kit.sql import Database


class SqlWaitStore:
    """Implements `handoff.queue_ports.WaitStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recent(self, department: str, *, since: datetime) -> tuple[Wait, ...]:
        waits = handoffs.c.state == HandoffState.WAITING.value
        query = (
            select(handoffs.c.asked_at, handoffs.c.claimed_at, waits.label("waits"))
            .where(handoffs.c.department == department, or_(handoffs.c.claimed_at >= since, waits))
            .order_by(handoffs.c.asked_at)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        # What an agent left behind waits again, whenever it was claimed before.
        return tuple(Wait(asked_at=row.asked_at, claimed_at=None if row.waits else row.claimed_at) for row in rows)
