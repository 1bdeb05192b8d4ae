"""handoff: whom a note can name, as the console asks while one writes it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from handoff.canned import sounds_like
from handoff.mentions import Mentions
from handoff.sights import Sights
from handoff.web.agents import agent_of
from handoff.web.socket import MAY_WORK
from kit.contracts import JsonValue
from staff.ports import Gate

SHOWN = 8


def build_mentions_router(*, mentions: Mentions, gate: Gate, sights: Sights) -> APIRouter:
    """One route below `/desk`."""
    router = APIRouter()

    @router.get("/desk/conversations/{conversation_id}/colleagues", response_model=None)
    async def colleagues(
        request: Request,
        conversation_id: Annotated[str, Path(max_length=40)],
        q: Annotated[str, Query(max_length=60)] = "",
    ) -> dict[str, JsonValue]:
        person = await gate.require(request, *MAY_WORK)
        sight = await sights.of(person.id, person.roles)
        found = await mentions.colleagues(conversation_id, agent_of(person), sight=sight)
        wanted = q.strip().lower()
        names = [one.name for one in found if wanted in one.name.lower() or sounds_like(one.name.lower(), wanted)]
        shown = list(dict.fromkeys(names))[:SHOWN]
        return {"names": [*shown]}

    return router
