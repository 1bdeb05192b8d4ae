"""cases: the files in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, func, insert, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.adapters.follow_up_store import add_follow_ups, drop_follow_ups
from cases.adapters.mapping import (
    alert_values,
    case_of,
    change_of,
    change_values,
    changing_values,
    clock_of,
    clock_values,
    first_values,
    found_by,
    task_of,
    task_values,
)
from cases.adapters.sight_sql import seen_by
from cases.adapters.tables import case_alerts, case_changes, case_clocks, case_counters, case_tasks, cases
from cases.contracts import Case, CaseChange, CaseFile, CasePage, CaseQuery, Changed
from cases.numbering import number_of
from cases.opening import Start
from cases.rules import ENDED
from kit.contracts import Tx
from kit.sql import Database, compact, connection_of
from nlu.contracts import Severity
from staff.contracts.sight import EVERYTHING, Sight

GIVEN = (cases.c.contact, cases.c.order_number, cases.c.number)
TALKS = 50
"""Conversations found by a number at most; a number of one customer stands in few."""


class SqlCaseStore:
    """Implements `cases.ports.CaseStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Tx, start: Start, *, key: str, prefix: str, period: str, first: CaseChange) -> Case:
        known = await _by_key(tx, key)
        if known is not None:
            return known
        connection = connection_of(tx)
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        # The counter's row is taken first: on PostgreSQL whoever opens a file under the same key waits here, and the
        # savepoint gives the number back to who finds that it was not needed.
        nested = await connection.begin_nested()
        count = await connection.execute(
            dialect_insert(case_counters)
            .values(period=period, last=1)
            .on_conflict_do_update(index_elements=["period"], set_={"last": case_counters.c.last + 1})
            .returning(case_counters.c.last)
        )
        number = number_of(prefix, period, int(count.scalar_one()))
        numbered = replace(start.case, number=number)
        added = await connection.execute(
            dialect_insert(cases)
            .values(
                id=start.case.id,
                key=key,
                number=number,
                version=1,
                found_by=found_by(numbered),
                opened_by=first.by,
                **first_values(numbered),
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(cases)
        )
        row = added.one_or_none()
        if row is None:
            await nested.rollback()
            stored = await _by_key(tx, key)
            if stored is None:
                message = "a file that stood in the way is not there"
                raise RuntimeError(message)
            return stored
        await connection.execute(insert(case_changes).values(seq=1, **change_values(first)))
        await _insert(connection, case_clocks, [clock_values(clock) for clock in start.clocks])
        await _insert(connection, case_alerts, [alert_values(alert) for alert in start.alerts])
        await nested.commit()
        return case_of(row)

    async def locked(self, tx: Tx, case_id: str, *, sight: Sight = EVERYTHING) -> CaseFile | None:
        connection = connection_of(tx)
        query = select(cases).where(cases.c.id == case_id, seen_by(sight)).with_for_update()
        row = (await connection.execute(query)).one_or_none()
        return None if row is None else await _file_of(connection, row, ())

    async def save(self, tx: Tx, changed: Changed) -> None:
        connection = connection_of(tx)
        moved = await connection.execute(
            update(cases)
            .where(cases.c.id == changed.case.id)
            .values(
                version=cases.c.version + len(changed.lines),
                found_by=found_by(changed.case),
                **changing_values(changed.case),
            )
            .returning(cases.c.version)
        )
        first = int(moved.scalar_one()) - len(changed.lines) + 1
        lines = [{"seq": seq, **change_values(line)} for seq, line in enumerate(changed.lines, first)]
        await _insert(connection, case_changes, lines)
        await _insert(connection, case_alerts, [alert_values(alert) for alert in changed.alerts])
        await _upsert(connection, case_clocks, [clock_values(clock) for clock in changed.clocks])
        await _upsert(connection, case_tasks, [task_values(task) for task in changed.tasks])
        if changed.drops_follow_ups:
            await drop_follow_ups(connection, changed.case.id, changed.case.updated_at)
        await add_follow_ups(connection, changed.follow_ups)

    async def lines_after(self, tx: Tx, case_id: str, seq: int) -> tuple[CaseChange, ...]:
        query = (
            select(case_changes)
            .where(case_changes.c.case_id == case_id, case_changes.c.seq > seq)
            .order_by(case_changes.c.seq)
        )
        return tuple(change_of(row) for row in await connection_of(tx).execute(query))

    async def of_conversation(self, conversation_id: str) -> tuple[Case, ...]:
        query = select(cases).where(_of(conversation_id)).order_by(cases.c.opened_at.desc(), cases.c.id.desc())
        async with self._database.read() as connection:
            return tuple(case_of(row) for row in await connection.execute(query))

    async def numbers_of(self, conversation_id: str) -> tuple[str, ...]:
        query = (
            select(cases.c.number)
            .where(cases.c.conversation_id == conversation_id)
            .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
        )
        async with self._database.read() as connection:
            return tuple((await connection.execute(query)).scalars())

    async def talks_with(self, number: str) -> tuple[str, ...]:
        given = [compact(column).icontains(number, autoescape=True) for column in GIVEN]
        query = (
            select(cases.c.conversation_id)
            .where(or_(*given), cases.c.conversation_id.is_not(None))
            .group_by(cases.c.conversation_id)
            .order_by(func.max(cases.c.id).desc())
            .limit(TALKS)
        )
        async with self._database.read() as connection:
            return tuple((await connection.execute(query)).scalars())

    async def merged_number(self, tx: Tx, case_id: str, conversation_id: str) -> str | None:
        kept = select(cases.c.number).where(cases.c.id == case_id, cases.c.conversation_id != conversation_id)
        query = (
            select(cases.c.number)
            .where(cases.c.conversation_id == conversation_id, cases.c.merged_into.in_(kept.scalar_subquery()))
            .order_by(cases.c.id)
            .limit(1)
        )
        found: str | None = (await connection_of(tx).execute(query)).scalar_one_or_none()
        return found

    async def newest_open(self, tx: Tx, conversation_id: str) -> Case | None:
        query = (
            select(cases)
            .where(_of(conversation_id), cases.c.stage.not_in([stage.value for stage in ENDED]))
            .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
            .limit(1)
        )
        row = (await connection_of(tx).execute(query)).one_or_none()
        return None if row is None else case_of(row)

    async def talks(self, tx: Tx, case: Case) -> tuple[str, ...]:
        query = select(cases.c.conversation_id).where(cases.c.merged_into == case.number).order_by(cases.c.id)
        others = (await connection_of(tx).execute(query)).scalars()
        return tuple(dict.fromkeys(talk for talk in (case.conversation_id, *others) if talk is not None))

    async def find(self, number: str, *, sight: Sight = EVERYTHING) -> CaseFile | None:
        async with self._database.read() as connection:
            found = await connection.execute(select(cases).where(cases.c.number == number, seen_by(sight)))
            row = found.one_or_none()
            if row is None:
                return None
            lines = select(case_changes).where(case_changes.c.case_id == row.id).order_by(case_changes.c.seq)
            # On PostgreSQL a line may be added between the two reads: the version read first decides.
            history = [change_of(line) for line in await connection.execute(lines)]
            return await _file_of(connection, row, tuple(history[: row.version]))

    async def by_key(self, key: str) -> Case | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(cases).where(cases.c.key == key))).one_or_none()
        return None if row is None else case_of(row)

    async def page(self, query: CaseQuery, *, limit: int, sight: Sight = EVERYTHING) -> CasePage:
        where = _wanted(query) & seen_by(sight)
        async with self._database.read() as connection:
            count = select(func.count()).select_from(cases).where(where)
            total = int((await connection.execute(count)).scalar_one())
            pages = max(1, -(-total // limit))
            page = min(max(query.page, 1), pages)
            rows = await connection.execute(
                select(cases)
                .where(where)
                .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
                .limit(limit)
                .offset((page - 1) * limit)
            )
            return CasePage(cases=tuple(case_of(row) for row in rows), total=total, page=page, pages=pages)


def _of(conversation_id: str) -> ColumnElement[bool]:
    """The files a conversation is about."""
    own = cases.c.conversation_id == conversation_id
    kept = select(cases.c.merged_into).where(own, cases.c.merged_into.is_not(None))
    return or_(own & cases.c.merged_into.is_(None), cases.c.number.in_(kept.scalar_subquery()))


async def _file_of(connection: AsyncConnection, row: Row[Any], history: tuple[CaseChange, ...]) -> CaseFile:
    clocks = select(case_clocks).where(case_clocks.c.case_id == row.id).order_by(case_clocks.c.due_at, case_clocks.c.id)
    tasks = select(case_tasks).where(case_tasks.c.case_id == row.id).order_by(case_tasks.c.created_at, case_tasks.c.id)
    return CaseFile(
        case=case_of(row),
        version=row.version,
        read_category=row.read_category,
        read_severity=Severity(row.read_severity),
        history=history,
        clocks=tuple(clock_of(each) for each in await connection.execute(clocks)),
        tasks=tuple(task_of(each) for each in await connection.execute(tasks)),
    )


async def _by_key(tx: Tx, key: str) -> Case | None:
    row = (await connection_of(tx).execute(select(cases).where(cases.c.key == key))).one_or_none()
    return None if row is None else case_of(row)


async def _insert(connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        await connection.execute(insert(table), list(rows))


async def _upsert(connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    for row in rows:
        kept = {name: value for name, value in row.items() if name != "id"}
        await connection.execute(
            dialect_insert(table).values(**row).on_conflict_do_update(index_elements=["id"], set_=kept)
        )


def _wanted(query: CaseQuery) -> ColumnElement[bool]:
    where: ColumnElement[bool] = true()
    if query.status is not None:
        where &= cases.c.status == query.status.value
    if query.kind is not None:
        where &= cases.c.kind == query.kind
    if query.department is not None:
        where &= cases.c.department == query.department
    if query.level is not None:
        where &= cases.c.level >= int(query.level)
    if query.severity is not None:
        where &= cases.c.severity == query.severity.value
    if query.category is not None:
        where &= cases.c.category == query.category
    if query.text:
        # By itself, so that a search walks through the index alone and only then looks at the files it found.
        hits = select(cases.c.id).where(cases.c.found_by.contains(query.text.casefold(), autoescape=True))
        where &= cases.c.id.in_(hits)
    return where
