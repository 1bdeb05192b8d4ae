"""handoff: canned replies in SQL."""

from __future__ import annotations

from sqlalchemy import delete, select

from handoff.adapters.rows import canned_of
from handoff.adapters.tables import canned_replies
from handoff.adapters.upsert import put
from handoff.contracts import CannedReply
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlCannedStore:
    """Implements `handoff.store_ports.CannedStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, tx: Tx, reply: CannedReply) -> None:
        values = {
            "id": reply.id,
            "title": reply.title,
            "text": reply.text,
            "language": reply.language.value,
            "department": reply.department,
            "changed_at": reply.changed_at,
        }
        await put(tx, canned_replies, "id", values=values)

    async def remove(self, tx: Tx, reply_id: str) -> None:
        await connection_of(tx).execute(delete(canned_replies).where(canned_replies.c.id == reply_id))

    async def all(self) -> tuple[CannedReply, ...]:
        query = select(canned_replies).order_by(canned_replies.c.title, canned_replies.c.id)
        async with self._database.read() as connection:
            return tuple(canned_of(row) for row in await connection.execute(query))
