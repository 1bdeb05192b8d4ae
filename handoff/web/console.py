"""handoff: the console's page and what it asks over HTTP. Live traffic goes over `/ws/desk` (socket.py)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, WebSocket
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from handoff.agent_desk import AgentDesk
from handoff.contracts import AgentState, Claimed, Outcome, StateReason, View
from handoff.customer_records import CustomerRecords
from handoff.dispatch import Dispatcher
from handoff.duty import Duty
from handoff.floor import Floor
from handoff.invitations import Invitations
from handoff.mentions import Mentions
from handoff.notices import Notices
from handoff.ports import Attachments
from handoff.reading import Reading
from handoff.service_levels import ServiceLevels
from handoff.settings import HandoffSettings
from handoff.sights import Sights
from handoff.snoozing import Snoozing
from handoff.supervision import Supervision
from handoff.tagging import Tagging
from handoff.team import Team
from handoff.web.agents import agent_of
from handoff.web.attendance import build_attendance_router
from handoff.web.console_view import Console
from handoff.web.customer import build_customer_router
from handoff.web.floor import NAV as FLOOR_NAV
from handoff.web.floor import build_floor_router
from handoff.web.invitations import build_invitations_router
from handoff.web.labels import CategoryLabel
from handoff.web.live import LiveDesk
from handoff.web.mentions import build_mentions_router
from handoff.web.snoozes import build_snoozes_router
from handoff.web.socket import MAY_WORK, DeskSocket
from handoff.web.supervision import build_supervision_router
from handoff.web.tags import build_tags_router
from handoff.web.team import NAV as TEAM_NAV
from handoff.web.team import build_team_router
from kit.contracts import Clock, JsonValue
from kit.web.pages import NavItem, Pages
from staff.contracts import Role
from staff.ports import Gate

PATH = "/desk"
NAV = (
    NavItem(href=PATH, text="handoff.nav", icon="chat", roles=frozenset({*MAY_WORK, Role.ADMIN})),
    *FLOOR_NAV,
    *TEAM_NAV,
)
"""This room's entries of the main navigation."""
MOST = 2**31 - 1
ConversationId = Annotated[str, Path(max_length=40)]
Named = Annotated[str | None, Query(max_length=4000)]
"""Conversations with a space between; None: all."""


class ClaimBody(BaseModel):
    """Which handover to take."""

    model_config = ConfigDict(extra="forbid")
    handoff: str = Field(min_length=1, max_length=40)


class ResolveBody(BaseModel):
    """The epoch the agent holds the conversation under, how it went, and what it was about."""

    model_config = ConfigDict(extra="forbid")
    epoch: int = Field(ge=0, le=MOST)
    outcome: Outcome
    category: str = Field(min_length=1, max_length=40)


class StateBody(BaseModel):
    """What one is doing from now on."""

    model_config = ConfigDict(extra="forbid")
    state: AgentState
    reason: StateReason | None = None


class RatingBody(BaseModel):
    """Whether the context was of use."""

    model_config = ConfigDict(extra="forbid")
    useful: bool


class KeyAccountBody(BaseModel):
    """Whether the customer is a key account, and whose."""

    model_config = ConfigDict(extra="forbid")
    key_account: bool
    named_agent: str = Field("", max_length=40)


def build_console_router(
    *,
    pages: Pages,
    agents: AgentDesk,
    mentions: Mentions,
    live: LiveDesk,
    gate: Gate,
    category_label: CategoryLabel,
    settings: HandoffSettings,
    team: Team,
    duty: Duty,
    dispatcher: Dispatcher,
    tagging: Tagging,
    snoozing: Snoozing,
    reading: Reading,
    invitations: Invitations,
    supervision: Supervision,
    notices: Notices,
    levels: ServiceLevels,
    floor: Floor,
    sights: Sights,
    records: CustomerRecords,
    clock: Clock,
    files: Attachments,
    file_limit_mib: int,
    explain: str = "",
) -> APIRouter:
    """`/desk`, `/desk/…` and `/ws/desk`, for agents and supervisors; `/team` and `/floor`, for supervisors."""
    console = Console(
        pages=pages,
        agents=agents,
        gate=gate,
        category_label=category_label,
        settings=settings,
        team=team,
        duty=duty,
        dispatcher=dispatcher,
        tagging=tagging,
        snoozing=snoozing,
        reading=reading,
        invitations=invitations,
        supervision=supervision,
        levels=levels,
        sights=sights,
        clock=clock,
        files=files,
        file_limit_mib=file_limit_mib,
        explain=explain,
    )
    router = APIRouter()
    _add_pages(router, console)
    _add_actions(router, console)
    router.include_router(
        build_attendance_router(pages=pages, duty=duty, team=team, gate=gate, settings=settings, clock=clock)
    )
    router.include_router(build_tags_router(tagging=tagging, gate=gate))
    router.include_router(build_snoozes_router(snoozing=snoozing, agents=agents, gate=gate, shown=console.shown))
    router.include_router(
        build_invitations_router(
            pages=pages, invitations=invitations, agents=agents, gate=gate, sights=sights, shown=console.shown
        )
    )
    router.include_router(build_mentions_router(mentions=mentions, gate=gate, sights=sights))
    router.include_router(
        build_supervision_router(
            pages=pages,
            agents=agents,
            supervision=supervision,
            notices=notices,
            gate=gate,
            sights=sights,
            shown=console.shown,
        )
    )
    router.include_router(
        build_floor_router(
            pages=pages,
            floor=floor,
            supervision=supervision,
            live=live,
            gate=gate,
            sights=sights,
            category_label=category_label,
            settings=settings,
        )
    )
    router.include_router(
        build_customer_router(
            pages=pages, records=records, gate=gate, sights=sights, category_label=category_label, settings=settings
        )
    )
    router.include_router(build_team_router(pages=pages, team=team, gate=gate, settings=settings))

    @router.websocket("/ws/desk")
    async def socket(websocket: WebSocket) -> None:
        await DeskSocket(
            websocket,
            agents=agents,
            mentions=mentions,
            reading=reading,
            live=live,
            gate=gate,
            sights=sights,
            texts=pages.texts,
        ).run()

    return router


def _add_pages(router: APIRouter, console: Console) -> None:
    @router.get(PATH, response_class=HTMLResponse)
    async def desk(request: Request, c: str = "", view: View | None = None) -> HTMLResponse:
        person = await console.worker(request)
        mine, waiting, _ = await console.agents.counts(agent_of(person), sight=await console.sight(person))
        # Whoever holds nothing yet begins with those who wait.
        chosen = view or (View.WAITING if waiting and not mine else View.MINE)
        config: dict[str, JsonValue] = {
            "me": {"id": person.id, "name": person.display_name},
            "conversation": c[:40],
            "view": chosen.value,
            "undo_seconds": console.settings.undo_seconds,
            "explain": console.explain,
            "translates": bool(console.settings.translator.url),
            "outcomes": [outcome.value for outcome in Outcome],
            "categories": [
                [one.name, one.label(console.pages.language(request))] for one in console.settings.categories
            ],
        }
        return await console.page(request, "handoff/desk.html", person, chosen, config=config)

    @router.get(f"{PATH}/lists", response_class=HTMLResponse)
    async def lists(request: Request, view: View = View.MINE, changed: Named = None) -> HTMLResponse:
        named = frozenset(changed.split()) if changed is not None else None
        return await console.page(request, "handoff/list.html", await console.worker(request), view, changed=named)

    @router.get(f"{PATH}/conversations/{{conversation_id}}", response_model=None)
    async def conversation(request: Request, conversation_id: ConversationId) -> dict[str, JsonValue]:
        person = await console.worker(request)
        handoff = await console.agents.load_latest(conversation_id, sight=await console.sight(person))
        if person.may(Role.SUPERVISOR):
            await console.supervision.look(handoff, agent_of(person))
        return await console.shown(request, person, handoff)


def _add_actions(router: APIRouter, console: Console) -> None:
    @router.post(f"{PATH}/claim", response_model=None)
    async def claim(request: Request, body: ClaimBody) -> dict[str, JsonValue]:
        person = await console.worker(request)
        outcome = await console.agents.claim(body.handoff, agent_of(person), sight=await console.sight(person))
        if isinstance(outcome, Claimed):
            return {"result": "claimed", **await console.shown(request, person, outcome.handoff)}
        return console.lost(request, outcome)

    @router.post(f"{PATH}/state", response_model=None)
    async def state(request: Request, body: StateBody) -> dict[str, JsonValue]:
        person = await console.worker(request)
        await console.duty.choose(agent_of(person), body.state, body.reason)
        return {"state": body.state.value}

    @router.post(f"{PATH}/decline", response_model=None)
    async def decline(request: Request, body: ClaimBody) -> dict[str, JsonValue]:
        person = await console.worker(request)
        return {"declined": await console.dispatcher.decline(body.handoff, agent_of(person))}

    @router.post(f"{PATH}/conversations/{{conversation_id}}/rate", response_model=None)
    async def rate(request: Request, conversation_id: ConversationId, body: RatingBody) -> dict[str, JsonValue]:
        person = await console.worker(request)
        sight = await console.sight(person)
        await console.agents.rate(conversation_id, agent_of(person), useful=body.useful, sight=sight)
        return await console.shown(request, person, await console.agents.load_latest(conversation_id, sight=sight))

    @router.post(f"{PATH}/conversations/{{conversation_id}}/key-account", response_model=None)
    async def key_account(
        request: Request, conversation_id: ConversationId, body: KeyAccountBody
    ) -> dict[str, JsonValue]:
        person = await console.gate.require(request, Role.SUPERVISOR)
        handoff = await console.agents.load_latest(conversation_id, sight=await console.sight(person))
        await console.team.mark_key_account(
            conversation_id, key_account=body.key_account, named_agent_id=body.named_agent or None, by=person.id
        )
        return await console.shown(request, person, handoff)

    @router.post(f"{PATH}/conversations/{{conversation_id}}/resolve", response_model=None)
    async def resolve(request: Request, conversation_id: ConversationId, body: ResolveBody) -> dict[str, JsonValue]:
        person = await console.worker(request)
        done = await console.agents.resolve(
            conversation_id, agent_of(person), epoch=body.epoch, outcome=body.outcome, category=body.category
        )
        return await console.shown(request, person, done)
