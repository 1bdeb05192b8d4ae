"""staff: the administrators' page of API tokens."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from kit.contracts import Language
from kit.refusals import Malformed, Refusal
from kit.web.pages import Pages
from staff.contracts import Role, Scope
from staff.ports import Gate
from staff.tokens import NAME_LIMIT, NewToken, Tokens

TOKENS = "/staff/tokens"
Departments = Mapping[str, Mapping[Language, str]]
"""The desk's departments with their labels; this room knows nothing of them but what they are called."""
DAYS = (30, 90, 365)
"""How long a token may be made for; 0 on the form: until it is revoked."""


def build_tokens_router(tokens: Tokens, gate: Gate, pages: Pages, departments: Departments) -> APIRouter:
    """`/staff/tokens`; administrators only."""
    router = APIRouter(prefix=TOKENS, include_in_schema=False)

    async def page(
        request: Request, refusal: Refusal | None = None, made: NewToken | None = None, name: str = ""
    ) -> Response:
        """All tokens; with `made` the new secret, which is shown this once and never again."""
        return pages.page(
            request,
            "staff/tokens.html",
            status=refusal.status if refusal else HTTPStatus.OK,
            tokens=[(token, tokens.is_live(token)) for token in await tokens.all()],
            scopes=list(Scope),
            days=DAYS,
            departments={key: labels[pages.language(request)] for key, labels in departments.items()},
            limit=NAME_LIMIT,
            refusal=refusal,
            made=made,
            name=name,
        )

    @router.get("")
    async def show_tokens(request: Request) -> Response:
        await gate.require(request, Role.ADMIN)
        return await page(request)

    @router.post("")
    async def make_token(
        request: Request,
        name: Annotated[str, Form()] = "",
        scopes: Annotated[list[Scope] | None, Form()] = None,
        departments_wanted: Annotated[list[str] | None, Form(alias="departments")] = None,
        days: Annotated[int, Form(ge=0, le=3650)] = 90,
    ) -> Response:
        admin = await gate.require(request, Role.ADMIN)
        limits = departments_wanted or []
        if not departments.keys() >= set(limits):
            raise Malformed(field="departments", details={"departments": ", ".join(departments)})
        try:
            made = await tokens.make(name=name, scopes=scopes or (), days=days or None, by=admin, departments=limits)
        except Refusal as refusal:
            return await page(request, refusal, name=name)
        return await page(request, made=made)

    @router.post("/{token_id}/revoke")
    async def revoke_token(request: Request, token_id: str) -> Response:
        await tokens.revoke(token_id, by=await gate.require(request, Role.ADMIN))
        return RedirectResponse(TOKENS, HTTPStatus.SEE_OTHER)

    return router
