"""handoff: tags of conversations in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select

from handoff.adapters.tables import tags
from handoff.adapters.upsert import put_once
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlTagStore:
    """Implements `handoff.store_ports.TagStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Tx, conversation_id: str, tag: str) -> None:
        await put_once(tx, tags, "conversation_id", "tag", values={"conversation_id": conversation_id, "tag": tag})

    async def remove(self, tx: Tx, conversation_id: str, tag: str) -> None:
        where = (tags.c.conversation_id == conversation_id) & (tags.c.tag == tag)
        await connection_of(tx).execute(delete(tags).where(where))

    async def count(self, tx: Tx, conversation_id: str) -> int:
        query = select(func.count()).where(tags.c.conversation_id == conversation_id)
        return int((await connection_of(tx).execute(query)).scalar_one())

    async def of(self, conversation_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        if not conversation_ids:
            return {}
        query = select(tags).where(tags.c.conversation_id.in_(conversation_ids)).order_by(tags.c.tag)
        found: dict[str, tuple[str, ...]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(query):
                found[row.conversation_id] = (*found.get(row.conversation_id, ()), row.tag)
        return found

    async def most_used(self, *, limit: int) -> tuple[str, ...]:
        query = select(tags.c.tag).group_by(tags.c.tag).order_by(func.count().desc(), tags.c.tag).limit(limit)
        async with self._database.read() as connection:
            return tuple((await connection.execute(query)).scalars())
