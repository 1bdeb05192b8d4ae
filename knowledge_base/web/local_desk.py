"""knowledge_base: its interface over a desk's store, for commands in the same process; no socket, no sign-in."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from kit.refusals import NotAllowed
from kit.rooms import template_folders
from kit.texts import Texts
from kit.web.api_document import build_document_router
from kit.web.application import build_application
from kit.web.pages import Pages
from kit.web.settings import WebSettings
from knowledge_base.contracts import PastReply
from knowledge_base.editors_desk import EditorsDesk
from knowledge_base.web.routers import BODY_LIMITS, Gates, build_knowledge_router
from staff.contracts import Person, Role
from staff.ports import People, WebRequest

HERE = "http://localhost"


@dataclass(frozen=True, slots=True)
class OnePerson:
    """Fits `staff.ports.Gate`: whoever gave the command."""

    who: Person

    async def person(self, request: WebRequest) -> Person:
        """The one person."""
        request.state.person = self.who
        return self.who

    async def require(self, request: WebRequest, *roles: Role) -> Person:
        """The one person. Raises `NotAllowed`."""
        if not self.who.may(*roles):
            raise NotAllowed
        return await self.person(request)

    async def check_csrf(self, request: WebRequest) -> None:
        """No other site's page is there."""


class NoReplies:
    """Past replies are the running desk's to know: `--desk` asks it."""

    async def find(self, reply_id: str) -> PastReply | None:
        """None."""
        return None


def client_of(desk: EditorsDesk, *, people: People, by: Person, texts: Texts) -> httpx.AsyncClient:
    """A client of the interface over `desk`, in the name of `by`."""
    pages, gate = Pages(texts, template_folders(), nav=(), language=by.language), OnePerson(by)
    routers = [
        build_knowledge_router(
            desk=desk, people=people, gates=Gates(pages=gate, api=gate, publishing=gate), pages=pages
        ),
        build_document_router(pages),
    ]
    app = build_application(pages, routers, WebSettings(), static=(), body_limits=BODY_LIMITS)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url=HERE,
        timeout=None,  # noqa: S113 - nothing waits on a network
        headers={"Accept": "application/json", "Accept-Language": str(by.language), "Origin": HERE},
    )
