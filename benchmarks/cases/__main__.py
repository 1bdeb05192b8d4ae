"""`python -m benchmarks.cases`: p50 and p95 of what colleagues look at, over 100,000 complaint files.

Through the room's services on SQLite (or the PostgreSQL in DATABASE_URL, an empty one), without the pages around them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

from benchmarks.cases.generator import NOW, fill
from bot.migrations.steps import migrate
from cases.adapters.case_store import SqlCaseStore
from cases.adapters.cause_store import SqlCauseStore
from cases.adapters.fact_store import SqlFactStore
from cases.adapters.promise_store import SqlPromiseStore
from cases.adapters.report_store import SqlReportStore
from cases.adapters.survey_store import SqlSurveyStore
from cases.contracts import CaseQuery, CaseStatus, Level
from cases.contracts.reports import Period, Span
from cases.contracts.surveys import SurveyViewer
from cases.reports.service import Reports
from cases.settings import CaseSettings
from cases.surveys.results import Results
from kit.sql import Database
from nlu.contracts import Severity

LIMIT_MS = 500.0
Look = Callable[[], Awaitable[object]]


def looks(database: Database) -> dict[str, Look]:
    """What is measured, by name."""
    settings = CaseSettings()
    files, promises, causes = SqlCaseStore(database), SqlPromiseStore(database), SqlCauseStore(database)
    surveys = SqlSurveyStore(database)
    results = Results(store=surveys, clock=lambda: NOW)
    reports = Reports(
        transactions=database,
        facts=SqlFactStore(database),
        store=SqlReportStore(database),
        surveys=surveys,
        settings=settings,
        clock=lambda: NOW,
    )

    def page(**values: object) -> Look:
        return lambda: files.page(CaseQuery(**values), limit=settings.list_limit)  # type: ignore[arg-type]

    boss = SurveyViewer(id="boss", watches=True)
    month = Period(span=Span.MONTH, first=date(2026, 10, 1))
    return {
        "list": page(),
        "list, page 1000": page(page=1000),
        "list, open": page(status=CaseStatus.OPEN),
        "list, resolved": page(status=CaseStatus.RESOLVED),
        "list, resolved and serious": page(status=CaseStatus.RESOLVED, severity=Severity.SERIOUS),
        "list, department and category": page(department="after_sales", category="delivery"),
        "list, supervisors'": page(level=Level.SUPERVISOR),
        "search, number": page(text="TS2610-0950"),
        "search, order": page(text="CJ2511-04"),
        "search, name": page(text="王先生"),
        "search, nothing": page(text="nobody at all"),
        "watch": lambda: promises.at_risk(NOW, department=None, limit=settings.list_limit),
        "watch, department": lambda: promises.at_risk(NOW, department="complaints", limit=settings.list_limit),
        "causes": lambda: causes.counts(product=None, state=None, limit=settings.list_limit),
        "satisfaction, 30 days": lambda: results.between(NOW - timedelta(days=30), NOW, boss),
        "report, this week so far": lambda: reports.show(reports.period(Span.WEEK)),
        "report, this month so far": lambda: reports.show(reports.period(Span.MONTH)),
        "report, kept": lambda: reports.show(month),
        "report, last month made again": lambda: reports.same_again(month),
    }


async def timed(look: Look, times: int) -> tuple[float, float, float]:
    """Milliseconds: median, 95th percentile, and how much of the median the processor was at work for us."""
    await look()
    taken, worked = [], []
    for _ in range(times):
        at_work = time.process_time()
        began = time.perf_counter()
        await look()
        taken.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - at_work) * 1000)
    taken.sort()
    return taken[len(taken) // 2], taken[min(len(taken) - 1, int(len(taken) * 0.95))], sorted(worked)[len(worked) // 2]


async def bench(folder: Path, count: int, times: int) -> bool:
    """Fill a store (once), measure, print; whether everything came in time."""
    path = folder / f"cases-{count}.db"
    url, there = os.environ.get("DATABASE_URL") or f"sqlite:///{path}", path.exists()
    await migrate(url)
    await migrate(url)
    database = Database(url)
    await database.open()
    try:
        if not there:
            print(f"making {count} files …", file=sys.stderr, flush=True)
            await fill(database, count)
        in_time = True
        print(f"{'what':34} {'p50 ms':>9} {'p95 ms':>9} {'cpu ms':>9}")
        for name, look in looks(database).items():
            median, high, worked = await timed(look, times)
            in_time &= high <= LIMIT_MS
            print(
                f"{name:34} {median:9.1f} {high:9.1f} {worked:9.1f}{'' if high <= LIMIT_MS else '  too slow'}",
                flush=True,
            )
    finally:
        await database.close()
    return in_time


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cases", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--folder", type=Path, required=True, help="where the store is kept between runs")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    return 0 if asyncio.run(bench(args.folder, args.cases, args.times)) else 1


if __name__ == "__main__":
    sys.exit(main())
