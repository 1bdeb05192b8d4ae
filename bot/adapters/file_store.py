"""bot: files of conversations in SQL. Implements `bot.ports.stores.FileStore`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.adapters.rows import file_row
from bot.adapters.tables import entries, entry_files
from bot.contracts import EntryKind
from kit.contracts import Tx
from kit.files import SentFile
from kit.sql import Database, connection_of

_ITS_LINE = and_(entries.c.conversation_id == entry_files.c.conversation_id, entries.c.seq == entry_files.c.seq)


class SqlFileStore:
    """What came with a line is stored with it (`SqlConversationStore.append`); this reads it, and adds the rest."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, conversation_id: str, seq: int) -> SentFile | None:
        query = select(entry_files).where(entry_files.c.conversation_id == conversation_id, entry_files.c.seq == seq)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else SentFile(name=row.name, media_type=row.media_type, content=row.content)

    async def put(self, tx: Tx, conversation_id: str, seq: int, file: SentFile) -> None:
        connection = connection_of(tx)
        new = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        row = new(entry_files).values(**file_row(conversation_id, seq, file))
        await connection.execute(row.on_conflict_do_nothing())

    async def count(self, conversation_id: str, *, since: datetime) -> int:
        query = (
            select(func.count())
            .select_from(entry_files)
            .join(entries, _ITS_LINE)
            .where(
                entry_files.c.conversation_id == conversation_id,
                entries.c.kind == EntryKind.CUSTOMER.value,
                entries.c.at >= since,
            )
        )
        async with self._database.read() as connection:
            return int((await connection.execute(query)).scalar_one())
