"""cases: `/cases`, the list of complaint files, and a file's page. Agents and supervisors."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import RedirectResponse

from cases.contracts import CaseQuery, CaseStatus, Correction, Editor
from cases.lifecycle import ALLOWED
from cases.service import Cases
from cases.settings import CaseSettings
from cases.web.marking import marked_parts
from kit.refusals import NotFound, Refusal
from kit.web.pages import NavItem, Pages
from nlu.contracts import Severity
from staff.contracts import Role
from staff.ports import Gate

PATH = "/cases"
MAY_WORK = (Role.AGENT, Role.SUPERVISOR)
NAV = (NavItem(href=PATH, text="cases.nav", icon="case", roles=frozenset({*MAY_WORK, Role.ADMIN})),)
"""This room's entry of the main navigation."""
TEXT_LIMIT = 80
Number = Annotated[str, Path(max_length=24)]


def build_cases_router(*, pages: Pages, cases: Cases, gate: Gate, settings: CaseSettings) -> APIRouter:
    """`/cases` and what is below it."""
    router = APIRouter(prefix=PATH)

    @router.get("")
    async def list_files(  # noqa: PLR0917 - a query string has no order
        request: Request, status: str = "", severity: str = "", category: str = "", q: str = "", page: int = 1
    ) -> Response:
        await gate.require(request, *MAY_WORK)
        query = CaseQuery(
            status=CaseStatus(status) if status in set(CaseStatus) else None,
            severity=Severity(severity) if severity in set(Severity) else None,
            category=category or None,
            text=q.replace("\x00", "").strip()[:TEXT_LIMIT],
            page=max(1, min(page, 1_000_000)),
        )
        found = await cases.page(query)
        language = pages.language(request)
        return pages.page(
            request,
            # The search box asks for the list alone.
            "cases/list.html" if request.headers.get("hx-request") == "true" else "cases/files.html",
            query=query,
            found=found,
            address=lambda number: f"{PATH}?{_query_string(replace(query, page=number))}",
            statuses=list(CaseStatus),
            severities=list(Severity),
            categories=[(c.name, settings.label(c.name, language)) for c in settings.categories],
            label=lambda name: settings.label(name, language),
        )

    async def file_page(
        request: Request, number: str, refusal: Refusal | None = None, typed: Correction | None = None
    ) -> Response:
        file = await cases.load(number)
        language = pages.language(request)
        names = [category.name for category in settings.categories]
        if file.case.category not in names:
            names.append(file.case.category)
        return pages.page(
            request,
            "cases/file.html",
            status=refusal.status if refusal else HTTPStatus.OK,
            file=file,
            case=file.case,
            parts=marked_parts(file.case.what_happened, file.case.words),
            refusal=refusal,
            typed=typed or Correction(),
            saved="saved" in request.query_params,
            statuses=[file.case.status, *sorted(ALLOWED[file.case.status])],
            severities=list(Severity),
            categories=[(name, settings.label(name, language)) for name in names],
            label=lambda name: settings.label(name, language),
        )

    @router.get("/{number}")
    async def show_file(request: Request, number: Number) -> Response:
        await gate.require(request, *MAY_WORK)
        return await file_page(request, number)

    @router.post("/{number}")
    async def change_file(  # noqa: PLR0917 - a form has no order
        request: Request,
        number: Number,
        version: Annotated[int, Form(ge=0, le=2**31 - 1)],
        category: Annotated[str, Form(max_length=40)] = "",
        severity: Annotated[Severity | None, Form()] = None,
        status: Annotated[CaseStatus | None, Form()] = None,
        comment: Annotated[str, Form()] = "",
    ) -> Response:
        person = await gate.require(request, *MAY_WORK)
        correction = Correction(category=category or None, severity=severity, status=status, comment=comment)
        editor = Editor(id=person.id, name=person.display_name)
        try:
            await cases.correct(number, correction, by=editor, version=version)
        except NotFound:
            raise
        except Refusal as refusal:
            # The page comes back with what is stored now and what was typed.
            return await file_page(request, number, refusal, correction)
        return RedirectResponse(f"{PATH}/{number}?saved", HTTPStatus.SEE_OTHER)

    return router


def _query_string(query: CaseQuery) -> str:
    values = {
        "status": query.status,
        "severity": query.severity,
        "category": query.category,
        "q": query.text,
        "page": query.page if query.page > 1 else None,
    }
    return urlencode({name: value for name, value in values.items() if value})
