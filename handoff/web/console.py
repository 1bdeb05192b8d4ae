"""handoff: the console's page and what it asks over HTTP. Live traffic goes over `/ws/desk` (socket.py)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, WebSocket
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from handoff.agent_desk import AgentDesk
from handoff.contracts import Agent, Claimed, Handoff, HandoffState, Outcome
from handoff.web.frames import state_of
from handoff.web.labels import CategoryLabel, Labels
from handoff.web.live import LiveDesk
from handoff.web.rows import SEVERITIES, View, rows_of
from handoff.web.socket import MAY_WORK, DeskSocket
from kit.contracts import JsonValue
from kit.web.pages import Pages
from staff.contracts import Person
from staff.ports import Gate

PATH = "/desk"
MOST_ID = 2**31 - 1
ConversationId = Annotated[str, Path(max_length=40)]
ListVersion = dict[str, int]


class ClaimBody(BaseModel):
    """Which handover to take."""

    model_config = ConfigDict(extra="forbid")
    handoff: str = Field(min_length=1, max_length=40)


class ReturnBody(BaseModel):
    """The epoch the agent holds the conversation under."""

    model_config = ConfigDict(extra="forbid")
    epoch: int = Field(ge=0, le=MOST_ID)


class ResolveBody(ReturnBody):
    """The same, and how it went."""

    outcome: Outcome


def build_console_router(
    *,
    pages: Pages,
    agents: AgentDesk,
    live: LiveDesk,
    gate: Gate,
    category_label: CategoryLabel,
    reply_limit: int,
) -> APIRouter:
    """`/desk`, `/desk/…` and `/ws/desk`, for agents and supervisors."""
    router = APIRouter()

    async def worker(request: Request) -> Person:
        return await gate.require(request, *MAY_WORK)

    Worker = Annotated[Person, Depends(worker)]  # noqa: N806 - a type

    def labels(request: Request) -> Labels:
        return Labels(pages.texts, pages.language(request), category_label)

    async def list_of(request: Request, person: Person, view: View) -> dict[str, object]:
        agent = _agent(person)
        handoffs = await _chosen(agents, agent, view)
        mine, waiting, every = await agents.counts(agent)
        return {
            "view": view,
            "rows": rows_of(handoffs, await agents.last_lines(handoffs)),
            "more": max(0, {View.MINE: mine, View.WAITING: waiting, View.ALL: every}[view] - len(handoffs)),
            "counts": {"mine": mine, "waiting": waiting, "all": every},
            "on_duty": await agents.on_duty(),
            "labels": labels(request),
            "me": person,
        }

    @router.get(PATH, response_class=HTMLResponse)
    async def desk(request: Request, person: Worker, c: str = "", view: View | None = None) -> HTMLResponse:
        mine, waiting, _ = await agents.counts(_agent(person))
        # Whoever holds nothing yet begins with those who wait.
        chosen = view or (View.WAITING if waiting and not mine else View.MINE)
        config = {
            "me": {"id": person.id, "name": person.display_name},
            "conversation": c[:40],
            "view": chosen.value,
            "outcomes": [outcome.value for outcome in Outcome],
        }
        listed = await list_of(request, person, chosen)
        return pages.page(request, "handoff/desk.html", config=config, reply_limit=reply_limit, **listed)

    @router.get(f"{PATH}/lists", response_class=HTMLResponse)
    async def lists(request: Request, person: Worker, view: View = View.MINE) -> HTMLResponse:
        return pages.page(request, "handoff/list.html", **await list_of(request, person, view))

    @router.get(f"{PATH}/conversations/{{conversation_id}}")
    async def conversation(request: Request, person: Worker, conversation_id: ConversationId) -> dict[str, JsonValue]:
        handoff = await agents.load_latest(conversation_id)
        return _shown(request, person, handoff)

    @router.post(f"{PATH}/claim")
    async def claim(request: Request, person: Worker, body: ClaimBody) -> dict[str, JsonValue]:
        outcome = await agents.claim(body.handoff, _agent(person))
        if isinstance(outcome, Claimed):
            return {"result": "claimed", **_shown(request, person, outcome.handoff)}
        gone = outcome.agent_name is None
        key = f"handoff.lost.{outcome.state.value}" if gone else "handoff.lost.faster"
        text = pages.texts(key, pages.language(request), **({} if gone else {"name": outcome.agent_name}))
        return {"result": "lost", "agent": outcome.agent_name, "state": outcome.state.value, "text": text}

    @router.post(f"{PATH}/conversations/{{conversation_id}}/return")
    async def return_to_bot(
        request: Request, person: Worker, conversation_id: ConversationId, body: ReturnBody
    ) -> dict[str, JsonValue]:
        done = await agents.return_to_bot(conversation_id, _agent(person), epoch=body.epoch)
        return _shown(request, person, done)

    @router.post(f"{PATH}/conversations/{{conversation_id}}/resolve")
    async def resolve(
        request: Request, person: Worker, conversation_id: ConversationId, body: ResolveBody
    ) -> dict[str, JsonValue]:
        done = await agents.resolve(conversation_id, _agent(person), epoch=body.epoch, outcome=body.outcome)
        return _shown(request, person, done)

    @router.websocket("/ws/desk")
    async def socket(websocket: WebSocket) -> None:
        await DeskSocket(websocket, agents=agents, live=live, gate=gate, texts=pages.texts).run()

    def _shown(request: Request, person: Person, handoff: Handoff) -> dict[str, JsonValue]:
        context = {
            "handoff": handoff,
            "packet": handoff.packet,
            "severity": SEVERITIES[handoff.urgency],
            "waiting": handoff.state is HandoffState.WAITING,
            "mine": handoff.state is HandoffState.ACTIVE and handoff.agent_id == person.id,
            "held": handoff.state is HandoffState.ACTIVE,
            "labels": labels(request),
        }
        return {
            "head": pages.render(request, "handoff/head.html", **context),
            "context": pages.render(request, "handoff/packet.html", **context),
            "state": state_of(handoff),
            "customer": handoff.customer_name,
        }

    return router


async def _chosen(agents: AgentDesk, agent: Agent, view: View) -> tuple[Handoff, ...]:
    match view:
        case View.MINE:
            return await agents.mine(agent)
        case View.WAITING:
            return await agents.queue()
        case View.ALL:
            return await agents.all_open()


def _agent(person: Person) -> Agent:
    return Agent(id=person.id, name=person.display_name)
