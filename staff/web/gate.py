"""staff: the gate. Turns a request's session cookie into a person; checks roles and CSRF tokens."""

from __future__ import annotations

import hmac
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from kit.refusals import NotAllowed, NotSignedIn
from staff.contracts import Person, Role
from staff.ports import WebRequest
from staff.refusals import PageExpired
from staff.service import Staff

SESSION_COOKIE = "desk_session"
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
DAY_SECONDS = 24 * 3600


class CookieGate:
    """Fits `staff.ports.Gate`. The person found stands in `request.state.person`, where the page shell looks."""

    def __init__(self, staff: Staff, *, days: float) -> None:
        self._staff = staff
        self._days = days

    async def person(self, request: WebRequest) -> Person:
        """Who makes this request. Raises `NotSignedIn`, `PasswordMustChange` or `PageExpired`."""
        return await self._admit(request, may_change_password=False)

    async def person_on_account_page(self, request: WebRequest) -> Person:
        """The same, for the pages that somebody with a first password may see too."""
        return await self._admit(request, may_change_password=True)

    async def require(self, request: WebRequest, *roles: Role) -> Person:
        """The same as `person`, and raises `NotAllowed` unless the person holds one of `roles`."""
        person = await self.person(request)
        if not person.may(*roles):
            raise NotAllowed
        return person

    async def check_csrf(self, request: WebRequest) -> None:
        """Raise `PageExpired` unless the request carries its session's token."""
        person: Person | None = getattr(request.state, "person", None)
        if person is None:
            person = await self.person(request)
        await _check_token(request, person)

    async def find_person(self, request: WebRequest) -> Person | None:
        """Who makes this request, if anybody is signed in; for pages that everybody may see."""
        token = request.cookies.get(SESSION_COOKIE, "")
        person = await self._staff.session(token, may_change_password=True) if token else None
        request.state.person = person
        return person

    async def _admit(self, request: WebRequest, *, may_change_password: bool) -> Person:
        token = request.cookies.get(SESSION_COOKIE, "")
        person = await self._staff.session(token, may_change_password=may_change_password) if token else None
        if person is None:
            raise NotSignedIn
        request.state.person = person
        if isinstance(request, Request) and request.method not in SAFE_METHODS:
            await _check_token(request, person)
        return person

    def set_cookie(self, request: HTTPConnection, response: Response, token: str) -> None:
        """Give the browser its session."""
        response.set_cookie(
            SESSION_COOKIE,
            token,
            max_age=round(self._days * DAY_SECONDS),
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )

    def clear_cookie(self, response: Response) -> None:
        """Take the session from the browser."""
        response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")


async def _check_token(request: Any, person: Person) -> None:
    token = request.headers.get(CSRF_HEADER, "")
    if not token and request.headers.get("content-type", "").startswith(FORMS):
        token = (await request.form()).get(CSRF_FIELD, "")
    if not isinstance(token, str) or not hmac.compare_digest(token.encode("utf-8", "replace"), person.csrf.encode()):
        raise PageExpired
