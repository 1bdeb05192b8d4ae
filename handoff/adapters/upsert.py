"""handoff: store a row in the place of an older one, or only where there is none; on either database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from kit.contracts import Tx
from kit.sql import connection_of


async def put(tx: Tx, table: Table, *keys: str, values: dict[str, Any]) -> None:
    """Insert `values`, or replace the row with the same `keys`."""
    connection = connection_of(tx)
    dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    others = {name: value for name, value in values.items() if name not in keys}
    await connection.execute(
        dialect_insert(table).values(**values).on_conflict_do_update(index_elements=list(keys), set_=others)
    )


async def put_once(tx: Tx, table: Table, *keys: str, values: dict[str, Any]) -> None:
    """Insert `values` unless there is a row with the same `keys`."""
    connection = connection_of(tx)
    dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    await connection.execute(dialect_insert(table).values(**values).on_conflict_do_nothing(index_elements=list(keys)))
