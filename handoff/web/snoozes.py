"""handoff: putting a conversation aside until later, as the console asks for it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from handoff.agent_desk import AgentDesk
from handoff.snoozing import Snoozing
from handoff.web.agents import agent_of
from handoff.web.socket import MAY_WORK
from handoff.web.supervision import Shows
from kit.contracts import JsonValue
from staff.ports import Gate

PATH = "/desk/conversations/{conversation_id}"
ConversationId = Annotated[str, Path(max_length=40)]


class SnoozeBody(BaseModel):
    """Until when, and what is to be done then."""

    model_config = ConfigDict(extra="forbid")
    until: AwareDatetime
    words: str = Field("", max_length=2000)


def build_snoozes_router(*, snoozing: Snoozing, agents: AgentDesk, gate: Gate, shown: Shows) -> APIRouter:
    """Two routes below `/desk`, answered with the conversation as it is shown now."""
    router = APIRouter()

    @router.post(f"{PATH}/snooze", response_model=None)
    async def snooze(request: Request, conversation_id: ConversationId, body: SnoozeBody) -> dict[str, JsonValue]:
        person = await gate.require(request, *MAY_WORK)
        await snoozing.snooze(conversation_id, agent_of(person), until=body.until, words=body.words)
        return await shown(request, person, await agents.load_latest(conversation_id))

    @router.post(f"{PATH}/wake", response_model=None)
    async def wake(request: Request, conversation_id: ConversationId) -> dict[str, JsonValue]:
        person = await gate.require(request, *MAY_WORK)
        await snoozing.wake(conversation_id, agent_of(person))
        return await shown(request, person, await agents.load_latest(conversation_id))

    return router
