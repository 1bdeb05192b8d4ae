"""handoff: asking a colleague into a conversation, their answer, and taking it back, as the console asks for it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from handoff.agent_desk import AgentDesk
from handoff.invitations import Invitations
from handoff.sights import Sights
from handoff.transfers import REASON_LIMIT
from handoff.web.agents import agent_of
from handoff.web.socket import MAY_WORK
from handoff.web.supervision import Shows
from kit.contracts import JsonValue
from kit.web.pages import Pages
from staff.ports import Gate

PATH = "/desk/conversations/{conversation_id}"
MOST = 2**31 - 1
ConversationId = Annotated[str, Path(max_length=40)]


class InviteBody(BaseModel):
    """Whom (an account id), why, and the epoch one holds the conversation under."""

    model_config = ConfigDict(extra="forbid")
    to: str = Field("", max_length=80)
    reason: str = Field("", max_length=4000)
    epoch: int = Field(ge=0, le=MOST)


class TakeBackBody(BaseModel):
    """Whose invitation ends (an account id), and the epoch one holds the conversation under."""

    model_config = ConfigDict(extra="forbid")
    guest: str = Field(max_length=80)
    epoch: int = Field(ge=0, le=MOST)


class AnswerBody(BaseModel):
    """What somebody who was asked does."""

    model_config = ConfigDict(extra="forbid")
    answer: Literal["join", "decline", "leave"]


def build_invitations_router(
    *, pages: Pages, invitations: Invitations, agents: AgentDesk, gate: Gate, sights: Sights, shown: Shows
) -> APIRouter:
    """Who can be asked; asking, taking it back and answering, each told the conversation as it is shown now."""
    router = APIRouter()

    @router.get(f"{PATH}/invite")
    async def choices(request: Request, conversation_id: ConversationId) -> Response:
        person = await gate.require(request, *MAY_WORK)
        handoff = await agents.load_latest(conversation_id, sight=await sights.of(person.id, person.roles))
        colleagues = await invitations.colleagues(agent_of(person), handoff)
        guests = await invitations.of_handoff(handoff)
        return pages.page(
            request, "handoff/invite.html", colleagues=colleagues, guests=guests, reason_limit=REASON_LIMIT
        )

    @router.post(f"{PATH}/invite", response_model=None)
    async def invite(request: Request, conversation_id: ConversationId, body: InviteBody) -> dict[str, JsonValue]:
        person = await gate.require(request, *MAY_WORK)
        await invitations.invite(
            conversation_id, agent_of(person), epoch=body.epoch, colleague_id=body.to, reason=body.reason
        )
        return await shown(request, person, await agents.load_latest(conversation_id))

    @router.post(f"{PATH}/invite/take-back", response_model=None)
    async def take_back(request: Request, conversation_id: ConversationId, body: TakeBackBody) -> dict[str, JsonValue]:
        person = await gate.require(request, *MAY_WORK)
        await invitations.take_back(conversation_id, agent_of(person), epoch=body.epoch, guest_id=body.guest)
        return await shown(request, person, await agents.load_latest(conversation_id))

    @router.post(f"{PATH}/invitation", response_model=None)
    async def answer(request: Request, conversation_id: ConversationId, body: AnswerBody) -> dict[str, JsonValue]:
        person = await gate.require(request, *MAY_WORK)
        acts = {"join": invitations.join, "decline": invitations.decline, "leave": invitations.leave}
        handoff = await agents.load_latest(conversation_id, sight=await sights.of(person.id, person.roles))
        await acts[body.answer](conversation_id, agent_of(person))
        return await shown(request, person, handoff)

    return router
