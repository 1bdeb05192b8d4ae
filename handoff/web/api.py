"""handoff: the live desk for programs, below `/api/v1/desk`. A program works like a colleague of its token's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from handoff.agent_desk import AgentDesk
from handoff.contracts import (
    Agent,
    AgentState,
    Claimed,
    Handoff,
    HandoffReason,
    HandoffState,
    LostTo,
    Outcome,
    Sight,
)
from handoff.duty import Duty
from handoff.mentions import Mentions
from handoff.sights import Sights
from handoff.transfers import Transfers
from handoff.web.agents import agent_of
from handoff.web.socket import MAY_WORK
from kit.contracts import Language
from staff.contracts import Person
from staff.ports import Gate

MOST = 2**31 - 1
Id = Annotated[str, Path(max_length=26)]


class HandoffBody(BaseModel):
    """A conversation that needs, has or had a person."""

    id: str
    conversation: str
    customer_name: str
    channel: str
    language: Language
    reason: HandoffReason
    urgency: Literal["normal", "serious", "critical"]
    state: HandoffState
    department: str
    want: str = Field(description="What the customer wants, in one line.")
    asked_at: datetime
    answer_by: datetime = Field(description="When a person's first word was promised.")
    agent: str | None
    epoch: int = Field(description="Whoever writes names it; it changes with the owner.")
    outcome: Outcome | None

    @classmethod
    def of(cls, handoff: Handoff) -> Self:
        """The body of `handoff`."""
        return cls.model_validate(
            {
                "id": handoff.id,
                "conversation": handoff.conversation_id,
                "customer_name": handoff.customer_name,
                "channel": handoff.channel,
                "language": handoff.language,
                "reason": handoff.reason,
                "urgency": handoff.urgency.name.lower(),
                "state": handoff.state,
                "department": handoff.placing.department,
                "want": handoff.packet.want,
                "asked_at": handoff.asked_at,
                "answer_by": handoff.placing.answer_by,
                "agent": handoff.agent_name,
                "epoch": handoff.epoch,
                "outcome": handoff.outcome,
            }
        )


class ClaimBody(BaseModel):
    """Who has it now."""

    claimed: bool = Field(description="False: somebody was faster, or it is over.")
    handoff: HandoffBody


class Body(BaseModel):
    """Every body says what it knows and refuses what it does not."""

    model_config = ConfigDict(extra="forbid")


class NoteBody(Body):
    """Words for colleagues."""

    key: str = Field(pattern=r"^[A-Za-z0-9._:-]{1,100}$", description="Yours alone; the same key twice is one note.")
    text: str


class ReplyBody(NoteBody):
    """Words for the customer."""

    epoch: int = Field(ge=0, le=MOST, description="As the claim answered.")


class ReturnBody(Body):
    """Back to the bot."""

    epoch: int = Field(ge=0, le=MOST)


class ResolveBody(ReturnBody):
    """The matter is done."""

    outcome: Outcome


class StoredBody(BaseModel):
    """Where it stands in the conversation."""

    seq: int


def build_desk_api(
    *, agents: AgentDesk, mentions: Mentions, transfers: Transfers, duty: Duty, gate: Gate, sights: Sights
) -> APIRouter:
    """Queue, claims, replies, notes, resolving; what `handoff.scopes` does not cover does not exist."""
    router = APIRouter(prefix="/api/v1/desk", tags=["desk"])
    looks = _Looks(gate=gate, sights=sights)
    _add_lists(router, agents, looks)
    _add_work(router, agents, mentions, transfers, duty, looks)
    return router


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looks:
    """Who calls, and what they may see."""

    gate: Gate
    sights: Sights

    async def person(self, request: Request) -> Person:
        return await self.gate.require(request, *MAY_WORK)

    async def sight(self, request: Request) -> Sight:
        return await self.of(await self.person(request))

    async def of(self, person: Person) -> Sight:
        return await self.sights.of(person.id, person.roles, person.departments)


def _add_lists(router: APIRouter, agents: AgentDesk, looks: _Looks) -> None:
    @router.get("/queue")
    async def list_queue(request: Request) -> list[HandoffBody]:
        """Who waits for a person, the next one first."""
        return [HandoffBody.of(each) for each in await agents.queue(sight=await looks.sight(request))]

    @router.get("/open")
    async def list_open(request: Request) -> list[HandoffBody]:
        """Everyone who waits, then everything held by anybody."""
        return [HandoffBody.of(each) for each in await agents.all_open(sight=await looks.sight(request))]

    @router.get("/conversations/{conversation_id}")
    async def load_handoff(request: Request, conversation_id: Id) -> HandoffBody:
        """The open handover of a conversation, else the last ended one."""
        return HandoffBody.of(await agents.load_latest(conversation_id, sight=await looks.sight(request)))


def _add_work(  # noqa: PLR0917 - what the routes call
    router: APIRouter, agents: AgentDesk, mentions: Mentions, transfers: Transfers, duty: Duty, looks: _Looks
) -> None:
    async def agent(request: Request) -> tuple[Agent, Sight]:
        """Who acts; every act is a sign of life, without which conversations go back to the queue."""
        person = await looks.person(request)
        found = agent_of(person)
        if (await duty.state(found)).state is AgentState.ONLINE:
            # Programs take what they want themselves; an offer to one would only make a customer wait.
            await duty.choose(found, AgentState.BUSY)
        await agents.beat(found)
        return found, await looks.of(person)

    async def agent_of_theirs(request: Request, conversation_id: str) -> Agent:
        """The same, of a conversation they may see. Raises `NotHandedOver`."""
        by, sight = await agent(request)
        await agents.load_latest(conversation_id, sight=sight)
        return by

    @router.post("/alive", status_code=204)
    async def stay_alive(request: Request) -> None:
        """A sign of life. Whoever holds conversations and shows none for a minute loses them to the queue."""
        await agent(request)

    @router.post("/handoffs/{handoff_id}/claim")
    async def claim(request: Request, handoff_id: Id) -> ClaimBody:
        """Take a waiting conversation; one of many who try at once gets it."""
        by, sight = await agent(request)
        taken: Claimed | LostTo = await agents.claim(handoff_id, by, sight=sight)
        found = taken.handoff if isinstance(taken, Claimed) else await agents.load(handoff_id)
        return ClaimBody(claimed=isinstance(taken, Claimed), handoff=HandoffBody.of(found))

    @router.post("/conversations/{conversation_id}/replies")
    async def reply(request: Request, conversation_id: Id, body: ReplyBody) -> StoredBody:
        """Answer the customer. 409 `conversation_moved` when it is no longer yours."""
        by = await agent_of_theirs(request, conversation_id)
        seq = await agents.reply(conversation_id, by, key=body.key, text=body.text, epoch=body.epoch)
        return StoredBody(seq=seq)

    @router.post("/conversations/{conversation_id}/notes")
    async def note(request: Request, conversation_id: Id, body: NoteBody) -> StoredBody:
        """Leave a note that only colleagues see."""
        by = await agent_of_theirs(request, conversation_id)
        return StoredBody(seq=await mentions.note(conversation_id, by, key=body.key, text=body.text))

    @router.post("/conversations/{conversation_id}/resolve")
    async def resolve(request: Request, conversation_id: Id, body: ResolveBody) -> HandoffBody:
        """The matter is done; the bot answers again. 409 `conversation_moved` when it is no longer yours."""
        by = await agent_of_theirs(request, conversation_id)
        done = await agents.resolve(conversation_id, by, epoch=body.epoch, outcome=body.outcome)
        return HandoffBody.of(done)

    @router.post("/conversations/{conversation_id}/return")
    async def return_to_bot(request: Request, conversation_id: Id, body: ReturnBody) -> HandoffBody:
        """Give the conversation back to the bot."""
        by = await agent_of_theirs(request, conversation_id)
        return HandoffBody.of(await transfers.to_bot(conversation_id, by, epoch=body.epoch))
