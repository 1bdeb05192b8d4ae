"""handoff: suggested answers, as the console asks for them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request

from handoff.agent_desk import AgentDesk
from handoff.sights import Sights
from handoff.suggesting import Suggesting
from handoff.web.socket import MAY_WORK
from kit.contracts import JsonValue
from staff.ports import Gate


def build_suggestions_router(*, suggesting: Suggesting, agents: AgentDesk, gate: Gate, sights: Sights) -> APIRouter:
    """One route below `/desk`."""
    router = APIRouter()

    @router.get("/desk/conversations/{conversation_id}/suggestions", response_model=None)
    async def suggestions(
        request: Request, conversation_id: Annotated[str, Path(max_length=40)]
    ) -> dict[str, JsonValue]:
        person = await gate.require(request, *MAY_WORK)
        sight = await sights.of(person.id, person.roles)
        found = await suggesting.suggest(await agents.load_latest(conversation_id, sight=sight))
        return {
            "question": found.question,
            "items": [
                {"id": one.id, "title": one.title, "text": one.text, "confidence": round(one.confidence, 2)}
                for one in found.items
            ],
        }

    return router
