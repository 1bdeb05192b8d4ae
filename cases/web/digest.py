"""cases: `/cases/digest`: what is owed today. Supervisors."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from cases.web.pieces import PATH, Office
from staff.contracts import Role


def build_digest_router(office: Office) -> APIRouter:
    """The page. Stands before the routes of files: `digest` is no number."""
    router = APIRouter(prefix=PATH)

    @router.get("/digest")
    async def show(request: Request) -> Response:
        by = await office.editor_of(await office.gate.require(request, Role.SUPERVISOR))
        found = await office.digests.today(by.sight)
        return office.pages.page(
            request,
            "cases/digest.html",
            found=found,
            lists=(
                ("late", found.late, found.late_count),
                ("call_backs", found.call_backs, found.call_back_count),
                ("today", found.today, found.today_count),
            ),
            words=office.words(request),
        )

    return router
