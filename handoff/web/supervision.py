"""handoff: what supervisors do in an open conversation, and the notices everybody reads, over HTTP."""

from __future__ import annotations

from typing import Annotated, Protocol

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from handoff.agent_desk import AgentDesk
from handoff.contracts import Handoff, HandoffState, NoticeKind, Urgency
from handoff.notices import Notices
from handoff.sights import Sights
from handoff.supervision import Supervision
from handoff.web.agents import agent_of
from handoff.web.frames import KEY_LIMIT
from handoff.web.rows import SEVERITIES
from handoff.web.socket import MAY_WORK
from kit.contracts import JsonValue
from kit.web.pages import Pages
from staff.contracts import Person, Role
from staff.ports import Gate

MOST = 2**31 - 1
ConversationId = Annotated[str, Path(max_length=40)]
PATH = "/desk/conversations/{conversation_id}"
CLOCKED = frozenset({NoticeKind.AT_RISK, NoticeKind.LATE})


class WhisperBody(BaseModel):
    """What the agent is to know; the key makes sending twice do no harm."""

    model_config = ConfigDict(extra="forbid")
    key: str = Field(min_length=1, max_length=KEY_LIMIT)
    text: str = Field(max_length=20_000)


class EpochBody(BaseModel):
    """Under which epoch the supervisor saw the conversation."""

    model_config = ConfigDict(extra="forbid")
    epoch: int = Field(ge=0, le=MOST)


class ReassignBody(EpochBody):
    """The same, and who gets it."""

    to: str = Field(min_length=1, max_length=40)


class UrgencyBody(BaseModel):
    """How urgent it is from now on: 0 normal, 1 serious, 2 critical."""

    model_config = ConfigDict(extra="forbid")
    urgency: Urgency


class Shows(Protocol):
    """One conversation as the console shows it."""

    async def __call__(self, request: Request, person: Person, handoff: Handoff) -> dict[str, JsonValue]: ...


def build_supervision_router(
    *,
    pages: Pages,
    agents: AgentDesk,
    supervision: Supervision,
    notices: Notices,
    gate: Gate,
    sights: Sights,
    shown: Shows,
) -> APIRouter:
    """Below `/desk`; acts for supervisors, notices for everybody who works there."""
    router = APIRouter()

    @router.get(f"{PATH}/supervise")
    async def dialog(request: Request, conversation_id: ConversationId) -> Response:
        person = await gate.require(request, Role.SUPERVISOR)
        handoff = await agents.load_latest(conversation_id, sight=await sights.of(person.id, person.roles))
        return pages.page(
            request,
            "handoff/supervise.html",
            handoff=handoff,
            open=handoff.state in {HandoffState.WAITING, HandoffState.ACTIVE},
            held=handoff.state is HandoffState.ACTIVE,
            mine=handoff.agent_id == person.id,
            others=[one for one in await agents.on_duty() if one.agent.id not in {handoff.agent_id, person.id}],
            urgencies=[(int(urgency), name) for urgency, name in SEVERITIES.items()],
        )

    @router.post(f"{PATH}/whisper", response_model=None)
    async def whisper(request: Request, conversation_id: ConversationId, body: WhisperBody) -> dict[str, JsonValue]:
        person = await gate.require(request, Role.SUPERVISOR)
        sight = await sights.of(person.id, person.roles)
        by = agent_of(person)
        return {"seq": await supervision.whisper(conversation_id, by, key=body.key, text=body.text, sight=sight)}

    @router.post(f"{PATH}/take-over", response_model=None)
    async def take_over(request: Request, conversation_id: ConversationId, body: EpochBody) -> dict[str, JsonValue]:
        person = await gate.require(request, Role.SUPERVISOR)
        # Who holds a conversation is watched for signs of life; this is one.
        await agents.beat(agent_of(person))
        sight = await sights.of(person.id, person.roles)
        taken = await supervision.take_over(conversation_id, agent_of(person), epoch=body.epoch, sight=sight)
        return await shown(request, person, taken)

    @router.post(f"{PATH}/reassign", response_model=None)
    async def reassign(request: Request, conversation_id: ConversationId, body: ReassignBody) -> dict[str, JsonValue]:
        person = await gate.require(request, Role.SUPERVISOR)
        sight, by = await sights.of(person.id, person.roles), agent_of(person)
        given = await supervision.reassign(conversation_id, by, to=body.to, epoch=body.epoch, sight=sight)
        return await shown(request, person, given)

    @router.post(f"{PATH}/urgency", response_model=None)
    async def urgency(request: Request, conversation_id: ConversationId, body: UrgencyBody) -> dict[str, JsonValue]:
        person = await gate.require(request, Role.SUPERVISOR)
        sight = await sights.of(person.id, person.roles)
        changed = await supervision.set_urgency(conversation_id, agent_of(person), body.urgency, sight=sight)
        return await shown(request, person, changed)

    @router.get("/desk/notices")
    async def unread(request: Request) -> Response:
        person = await gate.require(request, *MAY_WORK)
        told = await notices.unread(person.id)
        return pages.page(request, "handoff/notices.html", notices=told, clocked=CLOCKED)

    @router.post("/desk/notices/{notice_id}/read", response_model=None)
    async def read(request: Request, notice_id: Annotated[str, Path(max_length=40)]) -> dict[str, JsonValue]:
        person = await gate.require(request, *MAY_WORK)
        await notices.read(person.id, notice_id)
        return {"read": True}

    return router
