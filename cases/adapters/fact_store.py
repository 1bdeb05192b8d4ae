"""cases: what a report is made from, in SQL: files as they stood at a moment, by undoing what came after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.adapters.cause_tables import case_causes, root_cause_changes, root_causes
from cases.adapters.tables import case_changes, case_clocks, cases
from cases.contracts import STATUS_OF, Level
from cases.contracts.clocks import ClockEnd, ClockKind
from cases.contracts.reports import CauseKind, CauseLine, CauseState
from cases.keeper import HOUSE as TIME
from cases.reports.facts import Counted, Facts, Filed, Stepped
from cases.rules import ENDED
from kit.sql import Database
from nlu.contracts import Severity

UNDONE = ("category", "severity", "department", "level", "order_number", "contact")
"""Values a report reads that may change afterwards; each change is a history line with the value before."""
LOOKBACK = timedelta(days=90)
EXAMPLES = 3
NOTHING: Mapping[str, str] = {}


class SqlFactStore:
    """Implements `cases.reports.facts.FactStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def facts(self, since: datetime, until: datetime, *, before: datetime, ends: frozenset[str]) -> Facts:
        async with self._database.read() as connection:
            undone = await _undone(connection, _later(before, until, UNDONE, after=until))
            late = await _noted(connection, "late", since, until)
            objected = await _noted(connection, "objected", since, until)
            became: dict[ClockKind, int] = defaultdict(int)
            late_of: dict[str, int] = defaultdict(int)
            for case_id, what, count in late:
                became[ClockKind(what)] += count
                late_of[case_id] += count
            return Facts(
                filed=await _filed(connection, since, until, undone),
                earlier=await _earlier(connection, before, since, undone),
                known_before=await _known(connection, since - LOOKBACK, since, until),
                steps=await _steps(connection, ends, _within(case_changes.c.at, since, until)),
                open_now=await _open_now(connection, until),
                steps_since=await _steps(connection, ends, case_changes.c.at >= until, cases.c.opened_at < until),
                clocks=await _clocks(connection, since, until),
                became_late=dict(became),
                late_of=dict(late_of),
                came_back_of=await _came_back(connection, since, until, ends),
                objected_of={case_id: count for case_id, _, count in objected},
                products_of=await _products(connection, before, until),
                causes=await _causes(connection, since, until),
            )

    async def words(self, case_ids: Sequence[str]) -> Mapping[str, str]:
        query = select(case_changes.c.case_id, case_changes.c.after)
        query = query.where(case_changes.c.case_id.in_(case_ids), case_changes.c.seq == 1)
        async with self._database.read() as connection:
            return {row.case_id: row.after for row in await connection.execute(query)}


def _within(column: ColumnElement[Any], since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(column >= since, column < until)


def _later(since: datetime, until: datetime, what: Sequence[str], *, after: datetime) -> Select[Any]:
    """What changed from `after` on, on files opened in a time, the first change of each value first."""
    return (
        select(case_changes.c.case_id, case_changes.c.what, case_changes.c.before)
        .join(cases, cases.c.id == case_changes.c.case_id)
        .where(case_changes.c.what.in_(what), case_changes.c.at >= after, _within(cases.c.opened_at, since, until))
        .order_by(case_changes.c.case_id, case_changes.c.seq)
    )


async def _undone(connection: AsyncConnection, later: Select[Any]) -> dict[str, dict[str, str]]:
    undone: dict[str, dict[str, str]] = defaultdict(dict)
    for line in await connection.execute(later):
        undone[line.case_id].setdefault(line.what, line.before)
    return undone


COUNTED = (cases.c.id, cases.c.kind, cases.c.category, cases.c.severity, cases.c.department)
MARKS = (cases.c.conversation_id, cases.c.order_number, cases.c.contact)


async def _earlier(
    connection: AsyncConnection, since: datetime, until: datetime, undone: Mapping[str, Mapping[str, str]]
) -> tuple[Counted, ...]:
    """Files of the time before, as they stood when the period was over."""
    found = await connection.execute(select(*COUNTED).where(_within(cases.c.opened_at, since, until)))
    return tuple(
        Counted(
            id=case_id,
            kind=kind,
            category=changed.get("category", category),
            severity=Severity(changed.get("severity", severity)),
            department=changed.get("department", department),
        )
        for case_id, kind, category, severity, department in found
        for changed in (undone.get(case_id, NOTHING),)
    )


async def _filed(
    connection: AsyncConnection, since: datetime, until: datetime, undone: Mapping[str, Mapping[str, str]]
) -> tuple[Filed, ...]:
    """Files of the period, as they stood when it was over."""
    query = select(*COUNTED, *MARKS, cases.c.number, cases.c.level, cases.c.opened_at)
    found = await connection.execute(query.where(_within(cases.c.opened_at, since, until)).order_by(cases.c.id))
    return tuple(_as_it_stood(row, undone.get(row.id, NOTHING)) for row in found)


async def _known(connection: AsyncConnection, since: datetime, before: datetime, until: datetime) -> frozenset[str]:
    """What files opened from `since` to `before` were known by at `until`."""
    undone = await _undone(connection, _later(since, until, ("order_number", "contact"), after=until))
    marks = select(cases.c.id, *MARKS)
    # Of tens of thousands only those that share something with a file of the period, as it is or as it was then.
    shared = [
        plain.in_(select(plain).where(_within(cases.c.opened_at, before, until), plain.is_not(None)))
        for plain in (cases.c.conversation_id, _plain(cases.c.order_number), _plain(cases.c.contact))
    ]
    then = [
        _plain(column).in_({line[what].strip().casefold() for line in undone.values() if line.get(what)})
        for what, column in (("order_number", cases.c.order_number), ("contact", cases.c.contact))
    ]
    changed = cases.c.id.in_(list(undone))
    query = marks.where(_within(cases.c.opened_at, since, before), or_(changed, *shared, *then))
    found = await connection.execute(query)
    return frozenset(mark for row in found for mark in _marks(row, undone.get(row.id, NOTHING)))


def _plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.lower(func.trim(column))


def _marks(row: Any, undone: Mapping[str, str]) -> tuple[str, ...]:
    marks = (
        ("talk", row.conversation_id),
        ("order", undone.get("order_number", row.order_number)),
        ("contact", undone.get("contact", row.contact)),
    )
    return tuple([f"{what}:{mark.strip().casefold()}" for what, mark in marks if mark and mark.strip()])


def _as_it_stood(row: Any, undone: Mapping[str, str]) -> Filed:
    level = undone.get("level")
    return Filed(
        id=row.id,
        number=row.number,
        kind=row.kind,
        category=undone.get("category", row.category),
        severity=Severity(undone.get("severity", row.severity)),
        department=undone.get("department", row.department),
        level=Level[level.upper()] if level else Level(row.level),
        opened_at=row.opened_at,
        known_by=_marks(row, undone),
    )


async def _steps(connection: AsyncConnection, ends: frozenset[str], *where: ColumnElement[bool]) -> tuple[Stepped, ...]:
    """Steps to an end or back from one; the others, six of seven, say nothing in a report."""
    to_or_from = or_(case_changes.c.before.in_(sorted(ends)), case_changes.c.after.in_(sorted(ends)))
    by_house = case((case_changes.c.by == TIME.id, 1), else_=0).label("by_house")
    parts = (cases.c.kind, by_house, case_changes.c.before, case_changes.c.after)
    query: Select[Any] = (
        select(*parts, func.count())
        .join(cases, cases.c.id == case_changes.c.case_id)
        .where(case_changes.c.what == "step", to_or_from, *where)
        .group_by(*parts)
        .order_by(*parts)
    )
    return tuple(
        Stepped(kind=kind, by_house=bool(house), before=before, after=after, count=count)
        for kind, house, before, after, count in await connection.execute(query)
    )


async def _came_back(
    connection: AsyncConnection, since: datetime, until: datetime, ends: frozenset[str]
) -> dict[str, int]:
    query: Select[Any] = (
        select(case_changes.c.case_id, func.count())
        .where(
            case_changes.c.what == "step",
            _within(case_changes.c.at, since, until),
            case_changes.c.before.in_(ends),
            case_changes.c.after.not_in(ends),
        )
        .group_by(case_changes.c.case_id)
    )
    return {row[0]: row[1] for row in await connection.execute(query)}


async def _open_now(connection: AsyncConnection, until: datetime) -> int:
    ended = [STATUS_OF[stage].value for stage in ENDED]
    query = select(func.count()).select_from(cases).where(cases.c.opened_at < until, cases.c.status.not_in(ended))
    return int((await connection.execute(query)).scalar_one())


async def _clocks(
    connection: AsyncConnection, since: datetime, until: datetime
) -> dict[tuple[ClockKind, ClockEnd], int]:
    query: Select[Any] = (
        select(case_clocks.c.kind, case_clocks.c.end, func.count())
        .where(_within(case_clocks.c.ended_at, since, until))
        .group_by(case_clocks.c.kind, case_clocks.c.end)
    )
    return {(ClockKind(kind), ClockEnd(end)): count for kind, end, count in await connection.execute(query)}


async def _noted(
    connection: AsyncConnection, what: str, since: datetime, until: datetime
) -> list[tuple[str, str, int]]:
    """Case, value before, and how often a kind of line was written."""
    value = case_changes.c.before if what == "late" else case_changes.c.what
    query: Select[Any] = (
        select(case_changes.c.case_id, value, func.count())
        .where(_within(case_changes.c.at, since, until), case_changes.c.what == what)
        .group_by(case_changes.c.case_id, value)
        .order_by(case_changes.c.case_id, value)
    )
    return [(case_id, named, count) for case_id, named, count in await connection.execute(query)]


def _named_by(until: datetime) -> ColumnElement[bool]:
    """Links that stood at a moment."""
    return and_(case_causes.c.at < until, or_(case_causes.c.ended_at.is_(None), case_causes.c.ended_at >= until))


async def _products(connection: AsyncConnection, since: datetime, until: datetime) -> dict[str, tuple[str, ...]]:
    """The product on the file as it stood at `until`; where none was noted, those of its root causes."""
    within = _within(cases.c.opened_at, since, until)
    now = await connection.execute(select(cases.c.id, cases.c.product).where(within, cases.c.product != ""))
    own = {row.id: row.product for row in now}
    later = _later(since, until, ("product",), after=until)
    own |= {case_id: line["product"] for case_id, line in (await _undone(connection, later)).items()}
    # Lines of early files name the day of purchase behind the product, and never what stood there before.
    noted = (
        select(case_changes.c.case_id, case_changes.c.after)
        .join(cases, cases.c.id == case_changes.c.case_id)
        .where(case_changes.c.what == "product", case_changes.c.at < until, within)
        .order_by(case_changes.c.case_id, case_changes.c.seq)
    )
    own |= {row.case_id: row.after.partition(" ")[0] for row in await connection.execute(noted)}
    query = (
        select(case_causes.c.case_id, root_causes.c.product)
        .join(root_causes, root_causes.c.id == case_causes.c.cause_id)
        .join(cases, cases.c.id == case_causes.c.case_id)
        .where(_within(cases.c.opened_at, since, until), _named_by(until), root_causes.c.product != "")
        .distinct()
        .order_by(case_causes.c.case_id, root_causes.c.product)
    )
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for row in await connection.execute(query):
        found[row.case_id] += (row.product,)
    return {**found, **{case_id: (product,) for case_id, product in own.items() if product}}


async def _causes(connection: AsyncConnection, since: datetime, until: datetime) -> tuple[CauseLine, ...]:
    linked = (
        select(case_causes.c.cause_id, cases.c.number)
        .join(cases, cases.c.id == case_causes.c.case_id)
        .where(_within(case_causes.c.at, since, until), _named_by(until))
        .order_by(cases.c.number.desc())
    )
    numbers: dict[str, list[str]] = defaultdict(list)
    for row in await connection.execute(linked):
        numbers[row.cause_id].append(row.number)
    lines = select(root_cause_changes).where(
        root_cause_changes.c.cause_id.in_(numbers), root_cause_changes.c.at < until
    )
    stood = {row.cause_id: row for row in await connection.execute(lines.order_by(root_cause_changes.c.seq))}
    found = await connection.execute(select(root_causes).where(root_causes.c.id.in_(numbers)))
    causes = [
        CauseLine(
            kind=CauseKind(row.kind),
            product=row.product,
            what=row.what,
            state=CauseState(stood[row.id].state),
            done=stood[row.id].done,
            count=len(numbers[row.id]),
            examples=tuple(numbers[row.id][:EXAMPLES]),
        )
        for row in found
    ]
    return tuple(sorted(causes, key=lambda line: (-line.count, line.product, line.kind, line.what)))
