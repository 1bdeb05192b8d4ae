"""cases: `/c/<signed link>`: a customer's own case: how far it is, words and evidence to add, settled or not."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from cases.contracts import Editor
from cases.customer import ANSWERABLE, customer_under
from cases.links import CUSTOMER_PATH
from cases.refusals import OwnFileAway
from cases.web.pieces import Id, Office
from kit.refusals import Refusal
from kit.web.sent_files import sent_file

Token = Annotated[str, Path(max_length=120)]


def build_customer_router(office: Office) -> APIRouter:
    """The page of one case for whoever holds its link; no account, no session."""
    router = APIRouter(prefix=CUSTOMER_PATH)

    @router.get("/{token}")
    async def show(request: Request, token: Token) -> Response:
        return await _page(office, request, token)

    @router.post("/{token}/words")
    async def add_words(request: Request, token: Token, words: Annotated[str, Form()] = "") -> Response:
        number, by = await _speaker(office, token)
        try:
            await office.handling.add_words(number, words, by=by, pace=office.attaching.check_pace)
        except Refusal as refusal:
            return await _page(office, request, token, refusal, words)
        return _back(token)

    @router.post("/{token}/evidence")
    async def add_evidence(request: Request, token: Token, file: Annotated[UploadFile, File()]) -> Response:
        number, by = await _speaker(office, token)
        try:
            content = await file.read()
            await office.attaching.add(number, name=file.filename or "", content=content, by=by)
        except Refusal as refusal:
            return await _page(office, request, token, refusal)
        return _back(token)

    @router.post("/{token}/word")
    async def say(token: Token, settled: Annotated[bool, Form()]) -> Response:
        number, _ = await _speaker(office, token)
        await office.handling.customer_says(number, settled=settled)
        return _back(token)

    @router.get("/{token}/evidence/{evidence_id}")
    async def open_evidence(token: Token, evidence_id: Id) -> Response:
        return sent_file(await office.own.load_evidence(office.links.number(token), evidence_id))

    @router.get("/{token}/files/{link_id}")
    async def open_file(request: Request, token: Token, link_id: Id) -> Response:
        try:
            return sent_file(await office.own.load_file(office.links.number(token), link_id))
        except OwnFileAway as refusal:
            return await _page(office, request, token, refusal)

    return router


async def _speaker(office: Office, token: str) -> tuple[str, Editor]:
    """The file that goes on with what the link is about, and its holder."""
    own = await office.own.load(office.links.number(token))
    return own.case.number, customer_under(own.number, own.case)


def _back(token: str) -> Response:
    return RedirectResponse(f"{CUSTOMER_PATH}/{token}?saved", HTTPStatus.SEE_OTHER)


async def _page(
    office: Office, request: Request, token: str, refusal: Refusal | None = None, words: str = ""
) -> Response:
    own = await office.own.load(office.links.number(token))
    return office.pages.page(
        request,
        "cases/customer.html",
        status=refusal.status if refusal else HTTPStatus.OK,
        refusal=refusal,
        typed=words,
        saved="saved" in request.query_params,
        own=own,
        case=own.case,
        token=token,
        now=office.clock(),
        answerable=own.case.stage in ANSWERABLE,
        size_limit=office.settings.evidence.size_limit_mib,
    )
