"""knowledge_base: remembered columns in SQL. Fits `knowledge_base.ports.MappingStore`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from kit.contracts import Tx
from kit.sql import Database, connection_of
from knowledge_base.adapters.tables import import_mappings


class SqlMappingStore:
    """One mapping a kind of file; the newest choice counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, fingerprint: str) -> dict[int, str] | None:
        query = select(import_mappings.c.fields).where(import_mappings.c.fingerprint == fingerprint)
        async with self._database.read() as connection:
            fields = (await connection.execute(query)).scalar()
        return {int(number): field for number, field in fields.items()} if fields is not None else None

    async def put(self, tx: Tx, *, fingerprint: str, fields: Mapping[int, str], at: datetime, by: str) -> None:
        connection = connection_of(tx)
        new = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        values = {"fields": {str(number): field for number, field in fields.items()}, "at": at, "by": by}
        row = new(import_mappings).values(fingerprint=fingerprint, **values)
        await connection.execute(row.on_conflict_do_update(index_elements=["fingerprint"], set_=values))
