"""cases: evidence in SQL, its bytes apart from what lists need of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from cases.adapters.tables import case_evidence
from cases.contracts.evidence import Evidence
from kit.contracts import Tx
from kit.sql import Database, connection_of

LISTED = [column for column in case_evidence.c if column.name != "content"]


class SqlEvidenceStore:
    """Implements `cases.ports.EvidenceStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Tx, evidence: Evidence, content: bytes) -> bool:
        connection = connection_of(tx)
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        values = {column.name: getattr(evidence, column.name) for column in LISTED}
        added = await connection.execute(
            dialect_insert(case_evidence)
            .values(content=content, **values)
            .on_conflict_do_nothing(index_elements=["case_id", "digest"])
            .returning(case_evidence.c.id)
        )
        return added.one_or_none() is not None

    async def of_case(self, tx: Tx, case_id: str) -> tuple[Evidence, ...]:
        query = select(*LISTED).where(case_evidence.c.case_id == case_id)
        return tuple(_evidence(row) for row in await connection_of(tx).execute(query))

    async def list(self, case_id: str) -> tuple[Evidence, ...]:
        query = select(*LISTED).where(case_evidence.c.case_id == case_id).order_by(case_evidence.c.id)
        async with self._database.read() as connection:
            return tuple(_evidence(row) for row in await connection.execute(query))

    async def content(self, case_id: str, evidence_id: str) -> tuple[Evidence, bytes] | None:
        query = select(case_evidence).where(case_evidence.c.id == evidence_id, case_evidence.c.case_id == case_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else (_evidence(row), row.content)


def _evidence(row: Row[Any]) -> Evidence:
    return Evidence(
        id=row.id,
        case_id=row.case_id,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        digest=row.digest,
        at=row.at,
        by=row.by,
        by_name=row.by_name,
    )
