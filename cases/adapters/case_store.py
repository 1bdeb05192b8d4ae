"""cases: the files in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from cases.adapters.tables import case_changes, case_counters, cases
from cases.contracts import Case, CaseChange, CaseFile, CasePage, CaseQuery, CaseStatus, NewCase
from cases.lifecycle import number_of
from kit.contracts import Language, Tx
from kit.sql import Database, connection_of
from nlu.contracts import Severity


class SqlCaseStore:
    """Implements `cases.ports.CaseStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, tx: Tx, new: NewCase, *, case_id: str, prefix: str, period: str, first: CaseChange, at: datetime
    ) -> Case:
        known = await _by_key(tx, new.key)
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
        added = await connection.execute(
            dialect_insert(cases)
            .values(id=case_id, number=number, version=1, **_values(new, at))
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(cases)
        )
        row = added.one_or_none()
        if row is None:
            await nested.rollback()
            stored = await _by_key(tx, new.key)
            if stored is None:
                message = "a file that stood in the way is not there"
                raise RuntimeError(message)
            return stored
        await connection.execute(insert(case_changes).values(seq=1, **_line(first)))
        await nested.commit()
        return case_of(row)

    async def locked(self, tx: Tx, case_id: str) -> CaseFile | None:
        query = select(cases).where(cases.c.id == case_id).with_for_update()
        row = (await connection_of(tx).execute(query)).one_or_none()
        return None if row is None else _file_of(row, ())

    async def change(self, tx: Tx, case: Case, changes: Sequence[CaseChange]) -> None:
        connection = connection_of(tx)
        moved = await connection.execute(
            update(cases)
            .where(cases.c.id == case.id)
            .values(
                version=cases.c.version + len(changes),
                category=case.category,
                severity=case.severity.value,
                what_happened=case.what_happened,
                order_number=case.order_number,
                wanted=case.wanted,
                contact=case.contact,
                status=case.status.value,
                updated_at=case.updated_at,
            )
            .returning(cases.c.version)
        )
        first = int(moved.scalar_one()) - len(changes) + 1
        await connection.execute(
            insert(case_changes), [{"seq": seq, **_line(change)} for seq, change in enumerate(changes, first)]
        )

    async def of_conversation(self, conversation_id: str) -> tuple[Case, ...]:
        query = (
            select(cases)
            .where(cases.c.conversation_id == conversation_id)
            .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
        )
        async with self._database.read() as connection:
            return tuple(case_of(row) for row in await connection.execute(query))

    async def find(self, number: str) -> CaseFile | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(cases).where(cases.c.number == number))).one_or_none()
            if row is None:
                return None
            lines = select(case_changes).where(case_changes.c.case_id == row.id).order_by(case_changes.c.seq)
            # On PostgreSQL a line may be added between the two reads: the version read first decides.
            history = [change_of(line) for line in await connection.execute(lines)]
            return _file_of(row, tuple(history[: row.version]))

    async def page(self, query: CaseQuery, *, limit: int) -> CasePage:
        where = _wanted(query)
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


def case_of(row: Row[Any]) -> Case:
    """A `cases` row."""
    return Case(
        id=row.id,
        number=row.number,
        conversation_id=row.conversation_id,
        customer_name=row.customer_name,
        language=Language(row.language),
        category=row.category,
        category_confidence=row.category_confidence,
        severity=Severity(row.severity),
        severity_confidence=row.severity_confidence,
        rule=row.rule,
        what_happened=row.what_happened,
        order_number=row.order_number,
        wanted=row.wanted,
        contact=row.contact,
        words=tuple(row.words),
        status=CaseStatus(row.status),
        opened_at=row.opened_at,
        updated_at=row.updated_at,
    )


def change_of(row: Row[Any]) -> CaseChange:
    """A `case_changes` row."""
    return CaseChange(
        case_id=row.case_id,
        at=row.at,
        by=row.by,
        by_name=row.by_name,
        what=row.what,
        before=row.before,
        after=row.after,
    )


def _file_of(row: Row[Any], history: tuple[CaseChange, ...]) -> CaseFile:
    return CaseFile(
        case=case_of(row),
        version=row.version,
        read_category=row.read_category,
        read_severity=Severity(row.read_severity),
        history=history,
    )


async def _by_key(tx: Tx, key: str) -> Case | None:
    row = (await connection_of(tx).execute(select(cases).where(cases.c.key == key))).one_or_none()
    return None if row is None else case_of(row)


def _values(new: NewCase, at: datetime) -> dict[str, Any]:
    return {
        "key": new.key,
        "conversation_id": new.conversation_id,
        "customer_name": new.customer_name,
        "language": new.language.value,
        "category": new.category,
        "category_confidence": new.category_confidence,
        "severity": new.severity.value,
        "severity_confidence": new.severity_confidence,
        "read_category": new.category,
        "read_severity": new.severity.value,
        "rule": new.rule,
        "what_happened": new.what_happened,
        "order_number": new.order_number,
        "wanted": new.wanted,
        "contact": new.contact,
        "words": list(new.words),
        "status": CaseStatus.OPEN.value,
        "opened_at": at,
        "updated_at": at,
    }


def _line(change: CaseChange) -> dict[str, Any]:
    return {
        "case_id": change.case_id,
        "at": change.at,
        "by": change.by,
        "by_name": change.by_name,
        "what": change.what,
        "before": change.before,
        "after": change.after,
    }


def _wanted(query: CaseQuery) -> ColumnElement[bool]:
    where: ColumnElement[bool] = true()
    if query.status is not None:
        where &= cases.c.status == query.status.value
    if query.severity is not None:
        where &= cases.c.severity == query.severity.value
    if query.category is not None:
        where &= cases.c.category == query.category
    if query.text:
        where &= or_(
            cases.c.number.icontains(query.text, autoescape=True),
            cases.c.order_number.icontains(query.text, autoescape=True),
            cases.c.customer_name.icontains(query.text, autoescape=True),
        )
    return where
