"""knowledge_base: what a dry run found, short enough to be kept and shown. Pure."""

from __future__ import annotations

from collections import Counter

from knowledge_base.contracts.imports import ImportReport, ReportRow, Verdict
from knowledge_base.exchange.planning import PlannedRow
from knowledge_base.exchanging import ImportPlan

MOST_ROWS = 300
"""Rows of a report."""
ORDER = (Verdict.REFUSE, Verdict.CHANGE, Verdict.CREATE, Verdict.SAME)


def report_of(plan: ImportPlan) -> ImportReport:
    """The report of `plan`."""
    shown = sorted(plan.rows, key=lambda row: ORDER.index(row.verdict))[:MOST_ROWS]
    return ImportReport(
        kind=str(plan.table.kind),
        encoding=plan.table.encoding,
        headings=plan.table.headings,
        fields=dict(plan.fields),
        names_articles=plan.names_articles,
        counts=Counter(row.verdict for row in plan.rows),
        rows=tuple(map(_row_of, shown)),
    )


def _row_of(row: PlannedRow) -> ReportRow:
    return ReportRow(
        number=row.number,
        name=row.name,
        verdict=row.verdict,
        key=row.draft.key,
        title=row.title,
        fields=row.fields,
        faults=dict(row.faults),
    )
