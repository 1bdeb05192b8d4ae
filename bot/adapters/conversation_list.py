"""bot: conversations as lists show them, in SQL; the newest first."""

from __future__ import annotations

from sqlalchemy import select

from bot.adapters.rows import conversation_of
from bot.adapters.tables import conversations
from bot.contracts import Conversation, Owner
from kit.sql import Database


class SqlConversationList:
    """Fits `bot.ports.stores.ConversationList`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, *, channel: str | None, owner: Owner | None, before: str | None, limit: int
    ) -> tuple[Conversation, ...]:
        query = select(conversations).order_by(conversations.c.id.desc()).limit(limit)
        if channel is not None:
            query = query.where(conversations.c.channel == channel)
        if owner is not None:
            query = query.where(conversations.c.owner == owner.value)
        if before is not None:
            query = query.where(conversations.c.id < before)
        async with self._database.read() as connection:
            return tuple(conversation_of(row) for row in await connection.execute(query))
