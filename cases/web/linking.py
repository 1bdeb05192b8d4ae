"""cases: conversations and articles linked to a case by its page, and files that came in the chat."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from cases.contracts.linked import LinkKind
from cases.web.pieces import PATH, Id, Number, Office
from kit.refusals import Refusal
from kit.web.sent_files import sent_file

Target = Annotated[str, Form(max_length=80)]


def build_linking_router(office: Office) -> APIRouter:
    """What is posted below a file, and the files themselves."""
    router = APIRouter(prefix=PATH)

    @router.post("/{number}/links")
    async def link(request: Request, number: Number, kind: Annotated[LinkKind, Form()], target: Target) -> Response:
        by = await office.editor(request)
        await office.linking.link(number, kind, target, by=by, language=office.words(request).language)
        return await office.answer(request, number)

    @router.post("/{number}/links/{link_id}")
    async def take_off(request: Request, number: Number, link_id: Id) -> Response:
        by = await office.editor(request)
        await office.linking.take_off(number, link_id, by=by)
        return await office.answer(request, number)

    @router.get("/{number}/files/{link_id}")
    async def open_file(request: Request, number: Number, link_id: Id) -> Response:
        by = await office.editor(request)
        file = await office.cases.load(number, sight=by.sight)
        try:
            linked, content = await office.linking.load_file(file.case.id, link_id)
        except Refusal as refusal:
            return await office.answer(request, number, refusal)
        await office.reading.note("evidence_read", f"case:{number}", by=by, detail=linked.label)
        return sent_file(content)

    return router
