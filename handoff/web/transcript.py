"""handoff: the earlier lines of an open conversation over HTTP; its newest ones come over the socket (live.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from handoff.agent_desk import AgentDesk
from handoff.sights import Sights
from handoff.web.frames import entries_json
from handoff.web.socket import MAY_WORK
from kit.contracts import JsonValue
from staff.ports import Gate

PART = 100
"""Lines in one answer."""


def build_transcript_router(
    *, agents: AgentDesk, gate: Gate, sights: Sights, to_html: Callable[[str], str]
) -> APIRouter:
    """`GET /desk/conversations/<id>/lines?before=<seq>`, for everybody who works at the desk and sees it."""
    router = APIRouter()

    @router.get("/desk/conversations/{conversation_id}/lines", response_model=None)
    async def lines(
        request: Request,
        conversation_id: Annotated[str, Path(max_length=40)],
        before: Annotated[int, Query(ge=1, le=2**31 - 1)],
    ) -> dict[str, JsonValue]:
        person = await gate.require(request, *MAY_WORK)
        await agents.load_latest(conversation_id, sight=await sights.of(person.id, person.roles))
        after = max(0, before - 1 - PART)
        found = await agents.lines(conversation_id, after=after, limit=before - 1 - after) if before > 1 else ()
        return {"after": after, "entries": entries_json(found, render=to_html)}

    return router
