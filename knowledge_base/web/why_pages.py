"""knowledge_base: the page that explains a past reply of the bot."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from kit.web.pages import Pages
from knowledge_base.contracts import Why
from knowledge_base.editing import READERS
from knowledge_base.replay import Replay
from knowledge_base.web.why_view import why_view
from staff.ports import Gate

WHY = "/knowledge/why/"
"""What the address of an explanation begins with; the reply's id follows."""


def build_why_router(*, replay: Replay, gate: Gate, pages: Pages) -> APIRouter:
    """`/knowledge/why/{reply}` (a decision's id, or `CONVERSATION:ENTRY`), and `…/replay` for what takes a while."""
    router = APIRouter()

    @router.get(WHY + "{reply_id}")
    async def why(request: Request, reply_id: str, *, whole: bool = False) -> HTMLResponse:
        """What was recorded, at once; the page fetches the rest, or asks for the `whole` where it runs no script."""
        await gate.require(request, *READERS)
        reply = await replay.reply(reply_id)
        if whole or not reply.question.strip():
            found, working = await replay.why(reply_id), ""
        else:
            found, working = Why(reply=reply, then=None, not_then=None, today=None), f"{request.url.path}/replay"
        return pages.page(request, "knowledge_base/why.html", view=why_view(found), working=working)

    @router.get(WHY + "{reply_id}/replay")
    async def why_replayed(request: Request, reply_id: str) -> HTMLResponse:
        """What was weighed then, and what would be said today."""
        await gate.require(request, *READERS)
        return pages.page(request, "knowledge_base/why_result.html", view=why_view(await replay.why(reply_id)))

    return router
