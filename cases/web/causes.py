"""cases: `/cases/causes`: what comes up per product and what is done about it; and causes named on a file."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from cases.contracts.reports import CauseKind, CauseQuery, CauseState
from cases.web.pieces import PATH, Id, Number, Office
from kit.refusals import NotFound, Refusal

CAUSES = f"{PATH}/causes"
Short = Annotated[str, Form(max_length=80)]
Text = Annotated[str, Form()]


def build_causes_router(office: Office) -> APIRouter:
    """The list, one cause, and what is posted below a file. Stands before the routes of files."""
    router = APIRouter(prefix=PATH)

    async def show(request: Request, cause_id: str, refusal: Refusal | None = None) -> Response:
        by = await office.editor(request)
        counted, history = await office.causes.load(cause_id, sight=by.sight)
        return office.pages.page(
            request,
            "cases/cause.html",
            status=refusal.status if refusal else HTTPStatus.OK,
            counted=counted,
            cause=counted.cause,
            history=tuple(reversed(history)),
            states=list(CauseState),
            refusal=refusal,
            words=office.words(request),
        )

    @router.get("/causes")
    async def list_causes(
        request: Request, product: str = "", kind: str = "", state: str = "", department: str = ""
    ) -> Response:
        by = await office.editor(request)
        query = CauseQuery(
            product=product or None,
            kind=CauseKind(kind) if kind in set(CauseKind) else None,
            state=CauseState(state) if state in set(CauseState) else None,
            department=department or None,
        )
        return office.pages.page(
            request,
            "cases/causes.html",
            found=await office.causes.counts(query, sight=by.sight),
            products=await office.causes.products(),
            query=query,
            states=list(CauseState),
            kinds=list(CauseKind),
            words=office.words(request),
        )

    @router.get("/causes/{cause_id}")
    async def show_cause(request: Request, cause_id: Id) -> Response:
        return await show(request, cause_id)

    @router.post("/causes/{cause_id}")
    async def decide(
        request: Request,
        cause_id: Id,
        state: Annotated[CauseState, Form()],
        department: Short = "",
        done: Text = "",
    ) -> Response:
        by = await office.editor(request)
        try:
            await office.causes.decide(cause_id, state=state, department=department, done=done, by=by)
        except NotFound:
            raise
        except Refusal as refusal:
            return await show(request, cause_id, refusal)
        return RedirectResponse(f"{CAUSES}/{cause_id}", HTTPStatus.SEE_OTHER)

    @router.post("/{number}/causes")
    async def name(
        request: Request, number: Number, kind: Annotated[CauseKind, Form()], cause: Text = "", product: Text = ""
    ) -> Response:
        by = await office.editor(request)
        try:
            await office.causes.name(number, kind=kind, product=product, what=cause, by=by)
        except Refusal as refusal:
            return await office.answer(request, number, refusal, {"cause": cause, "product": product})
        return await office.answer(request, number)

    @router.post("/{number}/causes/{cause_id}")
    async def take_back(request: Request, number: Number, cause_id: Id) -> Response:
        by = await office.editor(request)
        try:
            await office.causes.take_back(number, cause_id, by=by)
        except Refusal as refusal:
            return await office.answer(request, number, refusal)
        return await office.answer(request, number)

    return router
