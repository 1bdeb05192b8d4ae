"""bot: conversations in SQL as a round of follow-ups goes through them."""

from __future__ import annotations

from sqlalchemy import select

from bot.adapters.rows import conversation_of
from bot.adapters.tables import conversations
from bot.contracts import Conversation
from cases.contracts.follow_ups import CustomerQuery
from kit.sql import Database


class SqlCustomerReads:
    """Implements `bot.ports.stores.CustomerReads`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, conversation_id: str) -> Conversation | None:
        query = select(conversations).where(conversations.c.id == conversation_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else conversation_of(row)

    async def customers(self, query: CustomerQuery, *, after: str, limit: int) -> tuple[Conversation, ...]:
        wanted = (
            select(conversations)
            .where(
                conversations.c.id > after,
                conversations.c.due_seq > 0,
                conversations.c.created_at < query.known_before,
                conversations.c.updated_at >= query.wrote_from,
                conversations.c.updated_at < query.wrote_until,
            )
            .order_by(conversations.c.id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple(conversation_of(row) for row in await connection.execute(wanted))
