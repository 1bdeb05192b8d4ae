"""cases: `/cases`, the list of files, a file's page and its corrections. Agents and supervisors."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request, Response

from cases.contracts import CaseQuery, CaseStatus, Correction, Level
from cases.web.pieces import MAY_WORK, PATH, Number, Office
from kit.refusals import Refusal
from kit.web.pages import NavItem
from nlu.contracts import Severity
from staff.contracts import Role

NAV = (NavItem(href=PATH, text="cases.nav", icon="case", roles=frozenset({*MAY_WORK, Role.ADMIN})),)
"""This room's entry of the main navigation."""
TEXT_LIMIT = 80


def wanted(  # noqa: PLR0917 - a query string has no order
    status: str = "",
    severity: str = "",
    category: str = "",
    kind: str = "",
    department: str = "",
    level: str = "",
    q: str = "",
    page: int = 1,
) -> CaseQuery:
    """Which files an address asks for."""
    return CaseQuery(
        status=CaseStatus(status) if status in set(CaseStatus) else None,
        severity=Severity(severity) if severity in set(Severity) else None,
        category=category or None,
        kind=kind or None,
        department=department or None,
        level=Level[level.upper()] if level.upper() in Level.__members__ else None,
        text=q.replace("\x00", "").strip()[:TEXT_LIMIT],
        page=max(1, min(page, 1_000_000)),
    )


def build_files_router(office: Office) -> APIRouter:
    """`/cases` and `/cases/{number}`."""
    router = APIRouter(prefix=PATH)

    @router.get("")
    async def list_files(request: Request, query: Annotated[CaseQuery, Depends(wanted)]) -> Response:
        person = await office.gate.require(request, *MAY_WORK)
        by = await office.editor_of(person)
        found = await office.cases.page(query, sight=by.sight)
        words = office.words(request)
        return office.pages.page(
            request,
            # The search box asks for the list alone.
            "cases/list.html" if request.headers.get("hx-request") == "true" else "cases/files.html",
            query=query,
            filtered=replace(query, page=1) != CaseQuery(),
            narrowed=replace(query, page=1, text="") != CaseQuery(),
            found=found,
            address=lambda number: f"{PATH}?{_query_string(replace(query, page=number))}",
            export=f"{PATH}/export?{_query_string(replace(query, page=1))}",
            statuses=list(CaseStatus),
            severities=list(Severity),
            categories=[(c.name, words.label(c.name)) for c in office.settings.categories],
            kinds=[(k.name, words.kind(k.name)) for k in office.settings.kinds],
            words=words,
            passed_on="passed_on" in request.query_params,
            supervises=person.may(Role.SUPERVISOR),
        )

    @router.get("/{number}")
    async def show_file(request: Request, number: Number) -> Response:
        by = await office.editor(request)
        return await office.file_page(request, await office.read(number, by))

    @router.post("/{number}")
    async def change_file(  # noqa: PLR0917 - a form has no order
        request: Request,
        number: Number,
        version: Annotated[int, Form(ge=0, le=2**31 - 1)],
        category: Annotated[str, Form(max_length=40)] = "",
        severity: Annotated[Severity | None, Form()] = None,
        product: Annotated[str | None, Form(max_length=40)] = None,
        comment: Annotated[str, Form()] = "",
    ) -> Response:
        by = await office.editor(request)
        correction = Correction(category=category or None, severity=severity, product=product, comment=comment)
        try:
            await office.cases.correct(number, correction, by=by, version=version)
        except Refusal as refusal:
            typed = {"category": category, "severity": severity or "", "product": product or "", "comment": comment}
            return await office.answer(request, number, refusal, typed)
        return await office.answer(request, number)

    return router


def _query_string(query: CaseQuery) -> str:
    values = {
        "status": query.status,
        "severity": query.severity,
        "category": query.category,
        "kind": query.kind,
        "department": query.department,
        "level": query.level.name.lower() if query.level else None,
        "q": query.text,
        "page": query.page if query.page > 1 else None,
    }
    return urlencode({name: value for name, value in values.items() if value})
