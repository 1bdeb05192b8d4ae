"""cases: root causes in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.adapters.cause_tables import case_causes, root_cause_changes, root_causes
from cases.adapters.sight_sql import seen_by
from cases.adapters.tables import cases
from cases.contracts.reports import Cause, CauseChange, CauseCount, CauseKind, CauseQuery, CauseState
from kit.contracts import Tx
from kit.sql import Database, connection_of
from staff.contracts.sight import EVERYTHING, Sight

EXAMPLES = 5


class SqlCauseStore:
    """Implements `cases.causes.CauseStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def named(self, tx: Tx, cause: Cause, first: CauseChange) -> Cause:
        connection = connection_of(tx)
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        key = f"{cause.kind}\n{cause.product}\n{cause.what}".casefold()
        added = await connection.execute(
            dialect_insert(root_causes)
            .values(
                id=cause.id,
                kind=cause.kind.value,
                product=cause.product,
                what=cause.what,
                key=key,
                department=cause.department,
                state=cause.state.value,
                done=cause.done,
                created_at=cause.created_at,
                updated_at=cause.updated_at,
                version=1,
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(root_causes.c.id)
        )
        if added.one_or_none() is not None:
            await connection.execute(insert(root_cause_changes).values(_line_values(cause.id, 1, first)))
            return cause
        return _cause_of((await connection.execute(select(root_causes).where(root_causes.c.key == key))).one())

    async def link(self, tx: Tx, case_id: str, cause_id: str, *, by_name: str, at: datetime) -> bool:
        connection = connection_of(tx)
        # Of two who name the same at once the second waits here and then finds it named.
        await connection.execute(select(root_causes.c.id).where(root_causes.c.id == cause_id).with_for_update())
        known = select(case_causes.c.case_id).where(
            case_causes.c.case_id == case_id, case_causes.c.cause_id == cause_id, case_causes.c.ended_at.is_(None)
        )
        if (await connection.execute(known)).one_or_none() is not None:
            return False
        await connection.execute(
            insert(case_causes).values(case_id=case_id, cause_id=cause_id, at=at, by_name=by_name, ended_at=None)
        )
        return True

    async def unlink(self, tx: Tx, case_id: str, cause_id: str, *, at: datetime) -> bool:
        ended = await connection_of(tx).execute(
            update(case_causes)
            .where(
                case_causes.c.case_id == case_id, case_causes.c.cause_id == cause_id, case_causes.c.ended_at.is_(None)
            )
            .values(ended_at=at)
        )
        return bool(ended.rowcount)

    async def locked(self, tx: Tx, cause_id: str) -> Cause | None:
        query = select(root_causes).where(root_causes.c.id == cause_id).with_for_update()
        row = (await connection_of(tx).execute(query)).one_or_none()
        return None if row is None else _cause_of(row)

    async def change(self, tx: Tx, cause_id: str, change: CauseChange) -> None:
        connection = connection_of(tx)
        moved = await connection.execute(
            update(root_causes)
            .where(root_causes.c.id == cause_id)
            .values(
                state=change.state.value,
                department=change.department,
                done=change.done,
                updated_at=change.at,
                version=root_causes.c.version + 1,
            )
            .returning(root_causes.c.version)
        )
        await connection.execute(
            insert(root_cause_changes).values(_line_values(cause_id, int(moved.scalar_one()), change))
        )

    async def find(
        self, cause_id: str, *, sight: Sight = EVERYTHING
    ) -> tuple[CauseCount, tuple[CauseChange, ...]] | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(root_causes).where(root_causes.c.id == cause_id))).one_or_none()
            if row is None:
                return None
            [counted] = await _counted(connection, [_cause_of(row)], examples=100, sight=sight)
            lines = select(root_cause_changes).where(root_cause_changes.c.cause_id == cause_id)
            found = await connection.execute(lines.order_by(root_cause_changes.c.seq))
            return counted, tuple(_line_of(line) for line in found)

    async def of_case(self, case_id: str) -> tuple[Cause, ...]:
        query = (
            select(root_causes)
            .join(case_causes, case_causes.c.cause_id == root_causes.c.id)
            .where(case_causes.c.case_id == case_id, case_causes.c.ended_at.is_(None))
            .order_by(case_causes.c.at, root_causes.c.id)
        )
        async with self._database.read() as connection:
            return tuple(_cause_of(row) for row in await connection.execute(query))

    async def counts(self, wanted: CauseQuery, *, limit: int, sight: Sight = EVERYTHING) -> tuple[CauseCount, ...]:
        often = (
            select(case_causes.c.cause_id, func.count().label("count"))
            .where(case_causes.c.ended_at.is_(None))
            .group_by(case_causes.c.cause_id)
            .subquery()
        )
        query = select(root_causes).join(often, often.c.cause_id == root_causes.c.id)
        for name in ("product", "kind", "state", "department"):
            value = getattr(wanted, name)
            if value is not None:
                query = query.where(root_causes.c[name] == value)
        query = query.order_by(often.c.count.desc(), root_causes.c.product, root_causes.c.what).limit(limit)
        async with self._database.read() as connection:
            found = [_cause_of(row) for row in await connection.execute(query)]
            return await _counted(connection, found, examples=EXAMPLES, sight=sight)

    async def products(self, *, limit: int) -> Sequence[str]:
        query = select(root_causes.c.product).where(root_causes.c.product != "").distinct()
        async with self._database.read() as connection:
            found = await connection.execute(query.order_by(root_causes.c.product).limit(limit))
            return tuple(found.scalars())


async def _counted(
    connection: AsyncConnection, causes: Sequence[Cause], *, examples: int, sight: Sight
) -> tuple[CauseCount, ...]:
    wanted = (case_causes.c.cause_id.in_([cause.id for cause in causes]), case_causes.c.ended_at.is_(None))
    often = select(case_causes.c.cause_id, func.count()).where(*wanted).group_by(case_causes.c.cause_id)
    counts: dict[str, int] = {row[0]: row[1] for row in await connection.execute(often)}
    newest = (case_causes.c.at.desc(), case_causes.c.case_id.desc())
    place = func.row_number().over(partition_by=case_causes.c.cause_id, order_by=newest).label("place")
    named = select(case_causes.c.cause_id, case_causes.c.case_id, place).where(*wanted)
    if not sight.is_whole:  # everything is counted, but only what the reader may open is named
        named = named.where(case_causes.c.case_id.in_(select(cases.c.id).where(seen_by(sight))))
    placed = named.subquery()
    linked = (
        select(placed.c.cause_id, cases.c.number)
        .join(cases, cases.c.id == placed.c.case_id)
        .where(placed.c.place <= examples)
        .order_by(placed.c.cause_id, placed.c.place)
    )
    numbers: dict[str, list[str]] = defaultdict(list)
    for row in await connection.execute(linked):
        numbers[row.cause_id].append(row.number)
    return tuple(
        CauseCount(cause=cause, count=counts.get(cause.id, 0), examples=tuple(numbers[cause.id])) for cause in causes
    )


def _cause_of(row: Row[Any]) -> Cause:
    return Cause(
        id=row.id,
        kind=CauseKind(row.kind),
        product=row.product,
        what=row.what,
        department=row.department,
        state=CauseState(row.state),
        done=row.done,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


def _line_of(row: Row[Any]) -> CauseChange:
    return CauseChange(
        at=row.at,
        by=row.by,
        by_name=row.by_name,
        state=CauseState(row.state),
        department=row.department,
        done=row.done,
    )


def _line_values(cause_id: str, seq: int, line: CauseChange) -> dict[str, Any]:
    return {
        "cause_id": cause_id,
        "seq": seq,
        "at": line.at,
        "by": line.by,
        "by_name": line.by_name,
        "state": line.state.value,
        "department": line.department,
        "done": line.done,
    }
