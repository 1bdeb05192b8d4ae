"""cases: what is linked to cases, in SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from cases.adapters.link_tables import case_links
from cases.contracts.linked import Linked, LinkKind
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlLinkStore:
    """Implements `cases.ports.LinkStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Tx, linked: Linked) -> bool:
        connection = connection_of(tx)
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        added = await connection.execute(
            dialect_insert(case_links)
            .values({column.name: getattr(linked, column.name) for column in case_links.c})
            .on_conflict_do_nothing(index_elements=["case_id", "kind", "target"])
            .returning(case_links.c.id)
        )
        return added.one_or_none() is not None

    async def take_off(self, tx: Tx, case_id: str, link_id: str) -> Linked | None:
        where = (case_links.c.id == link_id, case_links.c.case_id == case_id)
        row = (await connection_of(tx).execute(delete(case_links).where(*where).returning(case_links))).one_or_none()
        return None if row is None else _linked(row)

    async def count(self, tx: Tx, case_id: str, kind: LinkKind) -> int:
        query = select(func.count()).where(case_links.c.case_id == case_id, case_links.c.kind == kind.value)
        return int((await connection_of(tx).execute(query)).scalar_one())

    async def of_case(self, case_id: str) -> tuple[Linked, ...]:
        query = select(case_links).where(case_links.c.case_id == case_id).order_by(case_links.c.id)
        async with self._database.read() as connection:
            return tuple(_linked(row) for row in await connection.execute(query))


def _linked(row: Row[Any]) -> Linked:
    return Linked(
        id=row.id,
        case_id=row.case_id,
        kind=LinkKind(row.kind),
        target=row.target,
        label=row.label,
        at=row.at,
        by=row.by,
        by_name=row.by_name,
    )
