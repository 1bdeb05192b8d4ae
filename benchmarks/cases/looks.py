"""benchmarks.cases: what colleagues look at, each as the room's services do it, without the pages around it."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from benchmarks.cases.generator import NOW
from bot.nearness import Nearness
from cases.adapters.case_store import SqlCaseStore
from cases.adapters.cause_store import SqlCauseStore
from cases.adapters.digest_store import SqlDigestStore
from cases.adapters.fact_store import SqlFactStore
from cases.adapters.merge_store import SqlMergeStore
from cases.adapters.promise_store import SqlPromiseStore
from cases.adapters.report_store import SqlReportStore
from cases.adapters.survey_store import SqlSurveyStore
from cases.adapters.tables import cases
from cases.contracts import CaseFile, CaseQuery, CaseStatus, Level
from cases.contracts.reports import CauseQuery, Period, Span
from cases.contracts.surveys import SurveyViewer
from cases.digest import OTHERS
from cases.reports.service import Reports
from cases.same_matter import find_alike
from cases.settings import CaseSettings
from cases.surveys.results import Results
from kit.sql import Database
from nlu.contracts import Severity
from nlu.ports import Encoder
from staff.contracts.sight import EVERYTHING, Scope, Sight

Look = Callable[[], Awaitable[object]]
OPENED = 200
"""Open files that are looked at in turn; the oldest of them are some days older than the newest."""
OWN = Sight(account_id="agent-1", scope=Scope.OWN, departments=frozenset({"complaints"}))
TEAM = Sight(account_id="agent-1", scope=Scope.TEAM, departments=frozenset({"complaints"}))


async def looks(database: Database, encoder: Encoder) -> dict[str, Look]:
    """What is measured, by name."""
    return {
        **_lists(database),
        **_watching(database),
        **await _files(database, encoder),
        **_reports(database),
    }


def _lists(database: Database) -> dict[str, Look]:
    files, limit = SqlCaseStore(database), CaseSettings().list_limit

    def page(sight: Sight = EVERYTHING, **values: Any) -> Look:
        return lambda: files.page(CaseQuery(**values), limit=limit, sight=sight)

    return {
        "list": page(),
        "list, page 1000": page(page=1000),
        "list, open": page(status=CaseStatus.OPEN),
        "list, resolved": page(status=CaseStatus.RESOLVED),
        "list, resolved and serious": page(status=CaseStatus.RESOLVED, severity=Severity.SERIOUS),
        "list, department and category": page(department="after_sales", category="delivery"),
        "list, supervisors'": page(level=Level.SUPERVISOR),
        "list, own scope": page(OWN),
        "list, a department's scope": page(TEAM),
        "search, number": page(text="TS2610-0950"),
        "search, order": page(text="CJ2511-04"),
        "search, name": page(text="王先生"),
        "search, nothing": page(text="nobody at all"),
        "search, a department's scope": page(TEAM, text="王先生"),
    }


def _watching(database: Database) -> dict[str, Look]:
    promises, causes, limit = SqlPromiseStore(database), SqlCauseStore(database), CaseSettings().list_limit
    digests, tonight = SqlDigestStore(database), NOW + timedelta(hours=12)
    results = Results(store=SqlSurveyStore(database), clock=lambda: NOW)
    boss = SurveyViewer(id="boss", watches=True)
    return {
        "watch": lambda: promises.at_risk(NOW, department=None, limit=limit),
        "watch, department": lambda: promises.at_risk(NOW, department="complaints", limit=limit),
        "digest": lambda: digests.owed(NOW, tonight, kinds=OTHERS, late=True, limit=limit, sight=EVERYTHING),
        "causes": lambda: causes.counts(CauseQuery(), limit=limit),
        "satisfaction, 30 days": lambda: results.between(NOW - timedelta(days=30), NOW, boss),
    }


async def _files(database: Database, encoder: Encoder) -> dict[str, Look]:
    store, beside, days = SqlCaseStore(database), SqlMergeStore(database), CaseSettings().same_matter_days
    query = select(cases.c.number).where(cases.c.status == CaseStatus.IN_PROGRESS.value).order_by(cases.c.id.desc())
    async with database.read() as connection:
        numbers = itertools.cycle((await connection.execute(query.limit(OPENED))).scalars().all())

    async def opened() -> CaseFile:
        file = await store.find(next(numbers))
        if file is None:
            raise LookupError("a file that was listed is gone")
        return file

    async def alike(meaning: Nearness) -> object:
        file = await opened()
        return await find_alike(file, store=beside, meaning=meaning, days=timedelta(days=days), sight=EVERYTHING)

    kept = Nearness(encoder)
    return {
        "file": opened,
        "same matter, the first after a start": lambda: alike(Nearness(encoder)),
        "same matter": lambda: alike(kept),
    }


def _reports(database: Database) -> dict[str, Look]:
    reports = Reports(
        transactions=database,
        facts=SqlFactStore(database),
        store=SqlReportStore(database),
        surveys=SqlSurveyStore(database),
        settings=CaseSettings(),
        clock=lambda: NOW,
    )
    month = Period(span=Span.MONTH, first=date(2026, 10, 1))
    return {
        "report, this week so far": lambda: reports.show(reports.period(Span.WEEK)),
        "report, this month so far": lambda: reports.show(reports.period(Span.MONTH)),
        "report, kept": lambda: reports.show(month),
        "report, last month made again": lambda: reports.same_again(month),
    }
