"""knowledge_base: the pages of bulk work: what publishing many would do, the box of changes, find and replace."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from kit.web.pages import Pages
from knowledge_base.bulk import FIND_LIMIT, MOST, Bulk, Found
from knowledge_base.editing import WRITERS
from knowledge_base.replacing import Replacement
from knowledge_base.web.bulk_api import BulkBody, refusal_text
from knowledge_base.web.gate_pages import MOST_CHANGED
from knowledge_base.web.owners import owner_options
from knowledge_base.web.views import entry_of_article
from staff.ports import Gate, People


def build_bulk_router(*, bulk: Bulk, people: People, gate: Gate, pages: Pages) -> APIRouter:
    """`/knowledge/bulk/gate`, `/knowledge/bulk/change` and `/knowledge/replace`."""
    router = APIRouter()

    @router.post("/knowledge/bulk/gate")
    async def show_gate(request: Request, body: BulkBody) -> HTMLResponse:
        """Which answers publishing these articles together would change, and which of them cannot be published."""
        person = await gate.require(request, *WRITERS)
        report, ready = await bulk.preview_publication(person, body.chosen)
        language = pages.language(request)
        return pages.page(
            request,
            "knowledge_base/gate.html",
            report=report,
            most_changed=MOST_CHANGED,
            ready=len(ready.done),
            left=[(each.id, refusal_text(each.refusal, pages.texts, language)) for each in ready.refused],
        )

    @router.get("/knowledge/bulk/change")
    async def show_change(request: Request) -> HTMLResponse:
        """What can be changed in many articles."""
        await gate.require(request, *WRITERS)
        owners = await owner_options(people, "")
        return pages.page(request, "knowledge_base/bulk_change.html", owners=owners)

    @router.get("/knowledge/replace")
    async def show_replace(request: Request, find: str = "", put: str = "", match_case: str = "") -> HTMLResponse:
        """Find and replace: what each article would become, nothing stored."""
        person = await gate.require(request, *WRITERS)
        wanted = Replacement(find=find, put=put, match_case=bool(match_case))
        found: tuple[Found, ...] = await bulk.find(person, wanted) if find.strip() else ()
        language = pages.language(request)
        return pages.page(
            request,
            "knowledge_base/replace.html",
            wanted=wanted,
            found=[(each, entry_of_article(each.article, language)) for each in found],
            most=MOST,
            limit=FIND_LIMIT,
        )

    return router
