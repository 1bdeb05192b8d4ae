"""cases: `/case-evidence/{number}`: colleagues add files to a case and open them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Request, Response, UploadFile

from cases.web.pieces import Id, Number, Office
from kit.refusals import Refusal
from kit.web.sent_files import sent_file

EVIDENCE = "/case-evidence"
"""A path of its own, for more may be sent here than elsewhere."""


def build_evidence_router(office: Office) -> APIRouter:
    """Adding and opening."""
    router = APIRouter(prefix=EVIDENCE)

    @router.post("/{number}")
    async def add(request: Request, number: Number, file: Annotated[UploadFile, File()]) -> Response:
        by = await office.editor(request)
        try:
            await office.attaching.add(number, name=file.filename or "", content=await file.read(), by=by)
        except Refusal as refusal:
            return await office.answer(request, number, refusal)
        return await office.answer(request, number)

    @router.get("/{number}/{evidence_id}")
    async def open_file(request: Request, number: Number, evidence_id: Id) -> Response:
        by = await office.editor(request)
        file = await office.cases.load(number, sight=by.sight)
        evidence, content = await office.attaching.load(file.case.id, evidence_id)
        await office.reading.note("evidence_read", f"case:{number}", by=by, detail=evidence.name)
        return sent_file(content)

    return router
