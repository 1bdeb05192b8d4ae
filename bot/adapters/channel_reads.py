"""bot: conversations in SQL as channels look at many of them at once."""

from __future__ import annotations

from sqlalchemy import select

from bot.adapters.rows import conversation_of
from bot.adapters.tables import conversations
from bot.contracts import Conversation, Owner
from bot.realtime import Head
from kit.sql import Database

TOGETHER = 500
"""Ids in one query; SQLite takes a limited number of arguments."""


class SqlChannelReads:
    """Implements `bot.realtime.Heads` and `bot.channels.ports.Waiting`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def heads(self, conversation_ids: list[str]) -> dict[str, Head]:
        found: dict[str, Head] = {}
        if not conversation_ids:
            return found
        table = conversations.c
        async with self._database.read() as connection:
            for start in range(0, len(conversation_ids), TOGETHER):
                part = conversation_ids[start : start + TOGETHER]
                query = select(table.id, table.last_seq, table.epoch).where(table.id.in_(part))
                for row in await connection.execute(query):
                    found[row.id] = Head(last_seq=row.last_seq, epoch=row.epoch)
        return found

    async def waiting(self, channel: str) -> tuple[Conversation, ...]:
        query = select(conversations).where(
            conversations.c.channel == channel, conversations.c.owner == Owner.QUEUE.value
        )
        async with self._database.read() as connection:
            return tuple(conversation_of(row) for row in await connection.execute(query))
