"""cases: `/cases/reports`: weekly and monthly complaint reports as page, PDF and XLSX. Supervisors."""

from __future__ import annotations

import asyncio
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from cases.contracts import Editor
from cases.contracts.reports import Period, ShownReport, Span
from cases.web.pieces import PATH, Office
from cases.web.report_pdf import pdf_of
from cases.web.report_tables import sections_of
from cases.web.report_xlsx import XLSX, xlsx_of
from cases.web.words import Words
from kit.refusals import NotAllowed
from staff.contracts import Role

REPORTS = f"{PATH}/reports"


def build_reports_router(office: Office) -> APIRouter:
    """The routes. Stand before those of files: `reports` is no number."""
    router = APIRouter(prefix=REPORTS)

    async def allowed(request: Request) -> Editor:
        """A supervisor who sees the whole house, for a report is about all of it. Raises NotAllowed."""
        by = await office.editor_of(await office.gate.require(request, Role.SUPERVISOR))
        if not by.sight.is_whole:
            raise NotAllowed
        return by

    async def shown(request: Request, span: Span, first: date) -> ShownReport:
        by = await allowed(request)
        period = Period.holding(span, first)
        await office.reading.note("report_read", f"report:{period.span}:{period.first}", by=by)
        return await office.reports.show(period)

    @router.get("")
    async def list_reports(request: Request) -> Response:
        await allowed(request)
        present = [office.reports.period(span) for span in Span]
        return office.pages.page(
            request,
            "cases/reports.html",
            present=[*present, *(period.before() for period in present)],
            kept=await office.reports.kept(),
            spans=list(Span),
            today=present[0].first.isoformat(),
        )

    @router.get("/show")
    async def choose(request: Request, span: Span, day: date) -> Response:
        """The form's way to a report: the period any day lies in."""
        return await page(request, await shown(request, span, day))

    @router.get("/{span}/{first}")
    async def show(request: Request, span: Span, first: date) -> Response:
        return await page(request, await shown(request, span, first))

    @router.post("/{span}/{first}")
    async def make_again(request: Request, span: Span, first: date) -> Response:
        found = await shown(request, span, first)
        return await page(request, found, same=await office.reports.same_again(found.period))

    @router.get("/{span}/{first}/pdf")
    async def pdf(request: Request, span: Span, first: date) -> Response:
        found = await shown(request, span, first)
        words = office.words(request)
        none = words.texts("cases.report.nothing", words.language)
        file = await asyncio.to_thread(
            pdf_of,
            title_of(found, words),
            note_of(found, words),
            sections_of(found.report, words),
            none=none,
        )
        return _file(file, "application/pdf", found, "pdf")

    @router.get("/{span}/{first}/xlsx")
    async def xlsx(request: Request, span: Span, first: date) -> Response:
        found = await shown(request, span, first)
        words = office.words(request)
        file = await asyncio.to_thread(
            xlsx_of,
            title_of(found, words),
            note_of(found, words),
            sections_of(found.report, words),
            made_at=found.made_at,
        )
        return _file(file, XLSX, found, "xlsx")

    async def page(request: Request, found: ShownReport, *, same: bool | None = None) -> Response:
        words = office.words(request)
        return office.pages.page(
            request,
            "cases/report.html",
            status=HTTPStatus.OK,
            title=title_of(found, words),
            note=note_of(found, words),
            found=found,
            sections=sections_of(found.report, words),
            address=f"{REPORTS}/{found.period.span}/{found.period.first}",
            same=same,
        )

    return router


def title_of(found: ShownReport, words: Words) -> str:
    """Such as "Complaint report, 1 to 30 November"."""
    return words.texts(
        f"cases.report.title.{found.period.span}",
        words.language,
        first=found.report.first.isoformat(),
        last=found.report.last.isoformat(),
    )


def note_of(found: ShownReport, words: Words) -> str:
    """Whether it is final, and its checksum."""
    key = "final" if found.sha256 else "so_far"
    return words.texts(f"cases.report.{key}", words.language, checksum=found.sha256[:16])


def _file(content: bytes, media: str, found: ShownReport, ending: str) -> Response:
    name = f"complaints-{found.period.span}-{found.period.first}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media, headers=headers)
