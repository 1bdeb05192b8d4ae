"""nlu: corrections in SQL."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select

from kit.contracts import Language, Tx
from kit.sql import Database, connection_of
from nlu.adapters.tables import corrections
from nlu.contracts import Correction, ExampleState, Severity
from nlu.normalise import bare


class SqlCorrectionStore:
    """Fits `nlu.ports.CorrectionStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, tx: Tx, correction: Correction) -> None:
        hashed = hashlib.sha256(bare(correction.text).encode()).hexdigest()
        same = or_(corrections.c.id == correction.id, corrections.c.text_hash == hashed)
        connection = connection_of(tx)
        await connection.execute(delete(corrections).where(same))
        await connection.execute(
            insert(corrections).values(
                id=correction.id,
                text_hash=hashed,
                text=correction.text,
                language=correction.language.value,
                heard=correction.heard,
                intent=correction.intent,
                category=correction.category,
                severity=correction.severity or "",
                state=correction.state.value,
                proposed_by=correction.proposed_by,
                proposed_at=correction.proposed_at,
                decided_by=correction.decided_by,
                decided_at=correction.decided_at,
            )
        )

    async def find(self, correction_id: str) -> Correction | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(corrections).where(corrections.c.id == correction_id))).first()
        return None if row is None else _correction(row)

    async def listed(self, state: ExampleState, *, limit: int) -> tuple[Correction, ...]:
        newest = corrections.c.proposed_at.desc(), corrections.c.id.desc()
        query = select(corrections).where(corrections.c.state == state.value).order_by(*newest).limit(limit)
        async with self._database.read() as connection:
            return tuple(_correction(row) for row in (await connection.execute(query)).all())

    async def counts(self) -> dict[ExampleState, int]:
        query = select(corrections.c.state, func.count()).group_by(corrections.c.state)
        async with self._database.read() as connection:
            found = {ExampleState(state): count for state, count in (await connection.execute(query)).all()}
        return {state: found.get(state, 0) for state in ExampleState}

    async def state_of(self, state: ExampleState) -> str:
        decided = func.max(corrections.c.decided_at)
        query = select(func.count(), decided).where(corrections.c.state == state.value)
        async with self._database.read() as connection:
            count, last = (await connection.execute(query)).one()
        return f"{count} {last}" if count else ""


def _correction(row: Row[Any]) -> Correction:
    return Correction(
        id=row.id,
        text=row.text,
        language=Language(row.language),
        heard=row.heard,
        intent=row.intent,
        category=row.category,
        severity=Severity(row.severity) if row.severity else None,
        state=ExampleState(row.state),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
