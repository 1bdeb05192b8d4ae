"""tests: a small web application of real parts, and clients that are signed in to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

import argon2
import httpx
from fastapi import APIRouter
from starlette.types import ASGIApp

from kit.contracts import Clock, Language
from kit.rooms import static_folders, template_folders
from kit.sql import Database
from kit.texts import Texts
from kit.web.application import build_application
from kit.web.pages import NavItem, Pages
from kit.web.settings import WebSettings
from staff.adapters.argon import ArgonHasher
from staff.adapters.build import build_staff, build_tokens
from staff.contracts import Role
from staff.service import Staff
from staff.settings import StaffSettings
from staff.tokens import Tokens
from staff.web.accounts import NAV
from staff.web.gate import CookieGate
from staff.web.routes import build_router

ADDRESS = "http://desk.test"
PASSWORD = "correct horse battery"


def cheap_hasher() -> ArgonHasher:
    """Argon2 as quick as it goes: tests hash often and guard nothing."""
    return ArgonHasher(argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The application and the parts tests talk to."""

    app: ASGIApp
    staff: Staff
    tokens: Tokens
    gate: CookieGate
    pages: Pages

    def client(self, *, language: Language = Language.EN, html: bool = True) -> httpx.AsyncClient:
        """A browser (or, without `html`, a program) that nobody is signed in with; close it, or use `async with`."""
        headers = {"Accept-Language": language.value, "Accept": "text/html" if html else "application/json"}
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=ADDRESS, headers=headers)

    async def add(self, name: str, *roles: Role, password: str = PASSWORD, language: Language = Language.EN) -> str:
        """A new account; its id."""
        made = await self.staff.create_account(
            name=name, display_name=name.title(), roles=roles, language=language, password=password
        )
        return made.account.id


def build_house(
    database: Database,
    texts: Texts,
    *,
    clock: Clock,
    routers: Iterable[APIRouter] = (),
    nav: Iterable[NavItem] = (),
    settings: StaffSettings | None = None,
) -> House:
    """The staff room's routes, and `routers`, over a real store."""
    chosen = settings or StaffSettings()
    pages = Pages(texts, template_folders(), nav=(*nav, *NAV))
    staff = build_staff(database, chosen, clock=clock, hasher=cheap_hasher())
    gate = CookieGate(staff, days=chosen.session_days)
    tokens = build_tokens(database, chosen, clock=clock)
    own = build_router(staff, tokens, gate, pages, chosen)
    app = build_application(pages, [own, *routers], WebSettings(), static=static_folders())
    return House(app=app, staff=staff, tokens=tokens, gate=gate, pages=pages)


async def sign_in(client: httpx.AsyncClient, name: str, password: str = PASSWORD) -> httpx.Response:
    """Sign in as a browser does; later requests of `client` carry session and CSRF token."""
    response = await client.post("/sign-in", data={"name": name, "password": password})
    if response.status_code == HTTPStatus.SEE_OTHER:
        page = await client.get("/account/password")
        client.headers["X-CSRF-Token"] = csrf_of(page.text)
    return response


def csrf_of(page: str) -> str:
    """The CSRF token a page carries."""
    found = re.search(r'<meta name="csrf" content="([^"]*)">', page)
    assert found, "the page carries no CSRF token"
    return found[1]
