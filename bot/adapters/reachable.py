"""bot: conversations in which customers can be asked something. Fits `cases.ports.Reachable`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.adapters.tables import conversations
from bot.contracts import Owner
from kit.sql import Database


class SqlReachable:
    """Conversations by their last sign of life."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lately(self, since: datetime, *, after: str, limit: int) -> tuple[str, ...]:
        query = (
            select(conversations.c.id)
            .where(
                conversations.c.id > after,
                conversations.c.updated_at >= since,
                # Who waits for a person or talks to one has something else in mind.
                conversations.c.owner == Owner.BOT.value,
            )
            .order_by(conversations.c.id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple((await connection.execute(query)).scalars())
