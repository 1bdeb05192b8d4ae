"""knowledge_base: HTTP for open pages: what stands unsaved in them, and who else is there."""

from __future__ import annotations

from fastapi import APIRouter, Request

from knowledge_base.editing import WRITERS
from knowledge_base.unsaved import UnsavedTexts
from knowledge_base.web.unsaved_bodies import CompanyBody, KeepBody
from staff.ports import Gate


def build_unsaved_router(*, unsaved: UnsavedTexts, gate: Gate) -> APIRouter:
    """`/api/v1/knowledge/unsaved/…`."""
    router = APIRouter(prefix="/api/v1/knowledge/unsaved", include_in_schema=False)

    @router.put("/{name}")
    async def keep_unsaved(request: Request, name: str, body: KeepBody) -> CompanyBody:
        """The page is open and holds this; answers who else has the article open. `name`: article id or `new-…`."""
        person = await gate.require(request, *WRITERS)
        company = await unsaved.keep(
            person,
            name,
            base_version=body.base_version,
            content=body.content.to_draft() if body.content else None,
        )
        return CompanyBody.of(company)

    @router.delete("/{name}", status_code=204)
    async def forget_unsaved(request: Request, name: str) -> None:
        """The text was saved or given up, or the page is closed with nothing unsaved."""
        person = await gate.require(request, *WRITERS)
        await unsaved.forget(person, name)

    return router
