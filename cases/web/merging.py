"""cases: what colleagues decide about files that may be one matter, below a file."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from cases.web.pieces import PATH, Number, Office
from kit.refusals import Refusal

Other = Annotated[str, Form(max_length=24)]


def build_merging_router(office: Office) -> APIRouter:
    """Merge, keep apart, take out again."""
    router = APIRouter(prefix=PATH)

    @router.post("/{number}/merge")
    async def merge(
        request: Request, number: Number, other: Other, version: Annotated[int, Form(ge=0, le=2**31 - 1)]
    ) -> Response:
        by = await office.editor(request)
        try:
            kept = await office.merging.merge(number, other, by=by, version=version)
        except Refusal as refusal:
            return await office.answer(request, number, refusal)
        return RedirectResponse(f"{PATH}/{kept}?saved", HTTPStatus.SEE_OTHER)

    @router.post("/{number}/apart")
    async def keep_apart(request: Request, number: Number, other: Other) -> Response:
        by = await office.editor(request)
        try:
            await office.merging.keep_apart(number, other, by=by)
        except Refusal as refusal:
            return await office.answer(request, number, refusal)
        return await office.answer(request, number)

    @router.post("/{number}/part")
    async def part(request: Request, number: Number) -> Response:
        by = await office.editor(request)
        try:
            await office.merging.part(number, by=by)
        except Refusal as refusal:
            return await office.answer(request, number, refusal)
        return await office.answer(request, number)

    return router
