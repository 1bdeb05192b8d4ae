"""handoff: a customer's words in the language of the agent who asks. Only where a translator is configured."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from handoff.agent_desk import AgentDesk
from handoff.ports import Translates
from handoff.sights import Sights
from handoff.web.socket import MAY_WORK
from kit.contracts import JsonValue
from kit.refusals import NotFound
from kit.web.pages import Pages
from staff.ports import Gate


class LineBody(BaseModel):
    """Which line."""

    model_config = ConfigDict(extra="forbid")
    seq: int = Field(ge=1, le=2**31 - 1)


def build_translations_router(
    *, pages: Pages, translator: Translates, agents: AgentDesk, gate: Gate, sights: Sights
) -> APIRouter:
    """`POST /desk/conversations/<id>/translate`."""
    router = APIRouter()

    @router.post("/desk/conversations/{conversation_id}/translate", response_model=None)
    async def translate(
        request: Request, conversation_id: Annotated[str, Path(max_length=40)], body: LineBody
    ) -> dict[str, JsonValue]:
        person = await gate.require(request, *MAY_WORK)
        await agents.load_latest(conversation_id, sight=await sights.of(person.id, person.roles))
        lines = await agents.lines(conversation_id, after=body.seq - 1, limit=1)
        # What leaves the house are the customer's own words, never notes.
        if not lines or lines[0].kind != "customer":
            raise NotFound
        return {"text": await translator.translate(lines[0].text, pages.language(request))}

    return router
