"""staff: the pages to sign in and out."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from kit.contracts import Language
from kit.refusals import Refusal
from kit.web.pages import Pages
from kit.web.preferences import safe_path
from staff.contracts import Person, Role
from staff.refusals import WrongCredentials
from staff.service import FIRST_NAME, Staff
from staff.web.gate import SESSION_COOKIE, CookieGate

ACCOUNT = "/account"
PASSWORD = "/account/password"  # noqa: S105 - a path

Homes = Mapping[Role, str]
"""Where a role's work is; the first role in it that a person holds decides."""


def home_of(person: Person, homes: Homes) -> str:
    """The page somebody starts from."""
    return next((path for role, path in homes.items() if role in person.roles), ACCOUNT)


def build_sign_in_router(staff: Staff, gate: CookieGate, pages: Pages, homes: Homes) -> APIRouter:
    """`/sign-in` and `/sign-out`."""
    router = APIRouter()

    def form(request: Request, *, name: str = "", next_: str = "", refusal: Refusal | None = None) -> Response:
        status = refusal.status if refusal else HTTPStatus.OK
        return pages.page(request, "staff/sign_in.html", status=status, name=name, next=next_, refusal=refusal)

    @router.get("/sign-in")
    async def show_sign_in(request: Request, next: str = "") -> Response:  # noqa: A002 - the query's name
        person = await gate.find_person(request)
        if person is not None:
            return RedirectResponse(safe_path(next) if next else home_of(person, homes), HTTPStatus.SEE_OTHER)
        return form(request, next_=next)

    @router.post("/sign-in")
    async def sign_in(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        next_: Annotated[str, Form(alias="next")] = "",
    ) -> Response:
        address = request.client.host if request.client else ""
        old = request.cookies.get(SESSION_COOKIE)
        try:
            signed_in = await staff.sign_in(name=name, password=password, address=address, old_token=old)
        except Refusal as refusal:
            if "text/html" not in request.headers.get("accept", ""):
                raise
            shown = name if isinstance(refusal, WrongCredentials) else ""
            response = form(request, name=shown, next_=next_, refusal=refusal)
            if "seconds" in refusal.slots:
                response.headers["Retry-After"] = str(refusal.slots["seconds"])
            return response
        goal = safe_path(next_) if next_ else home_of(signed_in.person, homes)
        if signed_in.must_change_password:
            await _keep_language(staff, signed_in.person, pages.language(request))
            # Who was on the way somewhere still gets there.
            goal = f"{PASSWORD}?{urlencode({'next': safe_path(next_)})}" if next_ else PASSWORD
        response = RedirectResponse(goal, HTTPStatus.SEE_OTHER)
        gate.set_cookie(request, response, signed_in.token)
        return response

    @router.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        await gate.person_on_account_page(request)
        await staff.sign_out(request.cookies[SESSION_COOKIE])
        response = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
        gate.clear_cookie(response)
        return response

    return router


async def _keep_language(staff: Staff, person: Person, language: Language) -> None:
    """Nobody chose a language for the first account: its person works in the one they signed in in."""
    if person.name == FIRST_NAME and person.language is not language:
        await staff.change_own(person.id, display_name=person.display_name, language=language)
