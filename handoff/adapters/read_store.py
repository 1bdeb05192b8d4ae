"""handoff: how far representatives have read, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from handoff.adapters.tables import reads
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlReadStore:
    """Implements `handoff.store_ports.ReadStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, tx: Tx, account_id: str, conversation_id: str, seq: int) -> None:
        connection = connection_of(tx)
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        row = dialect_insert(reads).values(account_id=account_id, conversation_id=conversation_id, seq=seq)
        await connection.execute(
            row.on_conflict_do_update(
                index_elements=["account_id", "conversation_id"],
                set_={"seq": row.excluded.seq},
                where=reads.c.seq < row.excluded.seq,
            )
        )

    async def of(self, account_id: str, conversation_ids: Sequence[str]) -> Mapping[str, int]:
        if not conversation_ids:
            return {}
        query = select(reads.c.conversation_id, reads.c.seq).where(
            reads.c.account_id == account_id, reads.c.conversation_id.in_(conversation_ids)
        )
        async with self._database.read() as connection:
            return {row.conversation_id: row.seq for row in await connection.execute(query)}
