"""cases: the reports that were made, in SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from cases.adapters.cause_tables import case_reports
from cases.contracts.reports import Period, Span, StoredReport
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlReportStore:
    """Implements `cases.reports.service.ReportStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, period: Period) -> StoredReport | None:
        query = select(case_reports).where(
            case_reports.c.span == period.span.value, case_reports.c.first_day == period.first
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _report_of(row)

    async def keep(self, tx: Tx, report: StoredReport) -> None:
        connection = connection_of(tx)
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        await connection.execute(
            dialect_insert(case_reports)
            .values(
                span=report.period.span.value,
                first_day=report.period.first,
                made_at=report.made_at,
                data=report.data,
                sha256=report.sha256,
            )
            .on_conflict_do_nothing(index_elements=["span", "first_day"])
        )

    async def kept(self, *, limit: int) -> tuple[StoredReport, ...]:
        query = select(case_reports).order_by(case_reports.c.first_day.desc(), case_reports.c.span).limit(limit)
        async with self._database.read() as connection:
            return tuple(_report_of(row) for row in await connection.execute(query))


def _report_of(row: Row[Any]) -> StoredReport:
    return StoredReport(
        period=Period(span=Span(row.span), first=row.first_day),
        made_at=row.made_at,
        data=row.data,
        sha256=row.sha256,
    )
