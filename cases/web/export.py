"""cases: `/cases/export`: the files of a list as XLSX, with what their kinds ask for. Agents and supervisors."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from cases.contracts import Case, CaseQuery
from cases.web.files import wanted
from cases.web.pieces import PATH, Office
from cases.web.report_tables import Section
from cases.web.report_xlsx import XLSX, xlsx_of
from cases.web.words import Words

MOST = 5000
"""Files of one table; a list with more is told so in the table."""
WHAT_HAPPENED = 11
"""The broad column."""


def build_export_router(office: Office) -> APIRouter:
    """Stands before the routes of files: `export` is no number."""
    router = APIRouter(prefix=PATH)

    @router.get("/export")
    async def export(request: Request, query: Annotated[CaseQuery, Depends(wanted)]) -> Response:
        by = await office.editor(request)
        found = await office.cases.all(query, most=MOST, sight=by.sight)
        words, now = office.words(request), office.clock()
        await office.reading.note("exported", "cases", by=by, detail=f"{len(found.cases)} / {found.total}")
        title = words.texts("cases.title", words.language)
        note = words.texts("cases.export.note", words.language, count=len(found.cases), total=found.total)
        sections = (section_of(found.cases, words),)
        content = await asyncio.to_thread(xlsx_of, title, note, sections, made_at=now)
        headers = {
            "Content-Disposition": f'attachment; filename="cases-{now:%Y-%m-%d}.xlsx"',
            "Cache-Control": "private, no-store",
        }
        return Response(content, media_type=XLSX, headers=headers)

    return router


def section_of(cases: Sequence[Case], words: Words) -> Section:
    """A row a file; a column for every field that any of them has."""
    t, language = words.texts, words.language
    fields = {(case.kind, name): words.field(case, name) for case in cases for name in case.fields}
    asked = [(kind.name, field.name) for kind in words.settings.kinds for field in kind.fields]
    # In the order of the settings; what is not configured any more comes last.
    labels = list(dict.fromkeys(fields[key] for key in (*asked, *fields) if key in fields))
    names: tuple[str, ...] = ("number", "kind_is", "category_is", "severity_is", "step_is", "department_is", "opened")
    names += ("customer", "contact", "order_number", "product", "what", "decision")
    rows = []
    for case in cases:
        held = {fields[case.kind, name]: words.filled(case, name, value) for name, value in case.fields.items()}
        rows.append(
            (
                case.number,
                words.kind(case.kind),
                words.label(case.category),
                t(f"cases.severity.{case.severity}", language),
                words.step(case),
                words.department(case.department),
                f"{case.opened_at:%Y-%m-%d %H:%M} UTC",
                case.customer_name,
                case.contact or "",
                case.order_number or "",
                words.product(case.product),
                case.what_happened,
                case.decision,
                *(held.get(label, "") for label in labels),
            )
        )
    return Section(
        name="cases",
        title=t("cases.title", language),
        columns=(*(t(f"cases.{name}", language) for name in names), *labels),
        rows=tuple(rows),
        wide=frozenset({WHAT_HAPPENED, WHAT_HAPPENED + 1}),
    )
