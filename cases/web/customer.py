"""cases: `/c/<signed link>`: a customer's own case: how far it is, words and evidence to add, settled or not."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from cases.customer import ANSWERABLE, CUSTOMER
from cases.links import CUSTOMER_PATH
from cases.web.pieces import Id, Office
from kit.refusals import NotFound, Refusal
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
        number = await _number(office, token)
        try:
            await office.handling.add_words(number, words, by=CUSTOMER, pace=office.attaching.check_pace)
        except Refusal as refusal:
            return await _page(office, request, token, refusal, words)
        return _back(token)

    @router.post("/{token}/evidence")
    async def add_evidence(request: Request, token: Token, file: Annotated[UploadFile, File()]) -> Response:
        number = await _number(office, token)
        try:
            content = await file.read()
            await office.attaching.add(number, name=file.filename or "", content=content, by=CUSTOMER)
        except Refusal as refusal:
            return await _page(office, request, token, refusal)
        return _back(token)

    @router.post("/{token}/word")
    async def say(token: Token, settled: Annotated[bool, Form()]) -> Response:
        await office.handling.customer_says(await _number(office, token), settled=settled)
        return _back(token)

    @router.get("/{token}/evidence/{evidence_id}")
    async def open_evidence(token: Token, evidence_id: Id) -> Response:
        file = await office.cases.of_customer(office.links.number(token))
        evidence, content = await office.attaching.load(file.case.id, evidence_id)
        if evidence.by != CUSTOMER.id:
            raise NotFound
        return sent_file(content)

    return router


async def _number(office: Office, token: str) -> str:
    """The file that goes on with what the link is about."""
    return (await office.cases.of_customer(office.links.number(token))).case.number


def _back(token: str) -> Response:
    return RedirectResponse(f"{CUSTOMER_PATH}/{token}?saved", HTTPStatus.SEE_OTHER)


async def _page(
    office: Office, request: Request, token: str, refusal: Refusal | None = None, words: str = ""
) -> Response:
    file = await office.cases.of_customer(office.links.number(token))
    # Only what the customer said or was told; nothing colleagues wrote for each other.
    return office.pages.page(
        request,
        "cases/customer.html",
        status=refusal.status if refusal else HTTPStatus.OK,
        refusal=refusal,
        typed=words,
        saved="saved" in request.query_params,
        case=file.case,
        token=token,
        words=office.words(request),
        answerable=file.case.stage in ANSWERABLE,
        added=[line for line in file.history if line.what == "added" and line.by == CUSTOMER.id],
        evidence=[each for each in await office.attaching.of(file.case.id) if each.by == CUSTOMER.id],
        files=await office.linking.files(file.case.id),
        size_limit=office.settings.evidence.size_limit_mib,
    )
