"""staff: the pages about one's own account: name, language, password, sessions."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from kit.contracts import Language
from kit.refusals import Refusal
from kit.web.languages import LANGUAGE_COOKIE, YEAR_SECONDS
from kit.web.pages import Pages
from kit.web.preferences import safe_path
from staff.service import Staff
from staff.web.gate import CookieGate
from staff.web.sign_in import ACCOUNT, PASSWORD, Homes, home_of


def build_own_account_router(
    staff: Staff, gate: CookieGate, pages: Pages, homes: Homes, *, password_length: int
) -> APIRouter:
    """`/account` and what is below it."""
    router = APIRouter()

    def account_page(request: Request, refusal: Refusal | None = None, *, saved: bool = False) -> Response:
        status = refusal.status if refusal else HTTPStatus.OK
        return pages.page(
            request, "staff/own_account.html", status=status, refusal=refusal, saved=saved, languages=list(Language)
        )

    @router.get(ACCOUNT)
    async def show_account(request: Request, saved: str = "") -> Response:
        await gate.person(request)
        return account_page(request, saved=bool(saved))

    @router.post(ACCOUNT)
    async def change_account(
        request: Request,
        display_name: Annotated[str, Form()] = "",
        language: Annotated[Language, Form()] = Language.ZH,
    ) -> Response:
        person = await gate.person(request)
        try:
            await staff.change_own(person.id, display_name=display_name, language=language)
        except Refusal as refusal:
            return account_page(request, refusal)
        response = RedirectResponse(f"{ACCOUNT}?saved=1", HTTPStatus.SEE_OTHER)
        secure = request.url.scheme == "https"
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=YEAR_SECONDS, httponly=True, samesite="lax", secure=secure
        )
        return response

    def password_page(request: Request, refusal: Refusal | None = None, *, next_: str) -> Response:
        status = refusal.status if refusal else HTTPStatus.OK
        return pages.page(
            request, "staff/password.html", status=status, refusal=refusal, length=password_length, next=next_
        )

    @router.get(PASSWORD)
    async def show_password(request: Request, next: str = "") -> Response:  # noqa: A002 - the query's name
        await gate.person_on_account_page(request)
        return password_page(request, next_=next)

    @router.post(PASSWORD)
    async def change_password(
        request: Request,
        present: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        next_: Annotated[str, Form(alias="next")] = "",
    ) -> Response:
        person = await gate.person_on_account_page(request)
        try:
            signed_in = await staff.change_password(person.id, present=present, new=password)
        except Refusal as refusal:
            return password_page(request, refusal, next_=next_)
        goal = safe_path(next_) if next_ else home_of(signed_in.person, homes)
        response = RedirectResponse(goal, HTTPStatus.SEE_OTHER)
        gate.set_cookie(request, response, signed_in.token)
        return response

    @router.post(f"{ACCOUNT}/sign-out-everywhere")
    async def sign_out_everywhere(request: Request) -> Response:
        person = await gate.person_on_account_page(request)
        await staff.sign_out_everywhere(person.id)
        response = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
        gate.clear_cookie(response)
        return response

    return router
