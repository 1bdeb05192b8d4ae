"""cases: `/c/mine/<signed link>`: what a customer reported in one conversation, and the way to report something new.

The widget leads here; who holds the visitor's token gets the link.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from cases.links import CUSTOMER_PATH
from cases.web.pieces import Office
from kit.contracts import NewId

Token = Annotated[str, Path(max_length=120)]


def build_customer_home_router(office: Office, *, new_id: NewId) -> APIRouter:
    """The list; no account, no session."""
    router = APIRouter(prefix=f"{CUSTOMER_PATH}/mine")

    @router.get("/{token}")
    async def show(request: Request, token: Token) -> Response:
        conversation_id = office.links.home(token)
        return office.pages.page(
            request,
            "cases/customer_home.html",
            cases=[(own, office.links.path(own.number)) for own in await office.own.of_conversation(conversation_id)],
            new=office.links.opening_path(new_id(), conversation_id=conversation_id),
            words=office.words(request),
        )

    return router
