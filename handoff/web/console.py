"""handoff: the console's page and what it asks over HTTP. Live traffic goes over `/ws/desk` (socket.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, WebSocket
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from handoff.agent_desk import AgentDesk
from handoff.contact_masks import CONTACTS, masked
from handoff.contracts import (
    AgentState,
    Claimed,
    Handoff,
    HandoffState,
    LostTo,
    Outcome,
    Sight,
    StateReason,
    View,
)
from handoff.customer_records import CustomerRecords
from handoff.dispatch import Dispatcher
from handoff.duty import Duty
from handoff.floor import Floor
from handoff.invitations import Invitations, standing
from handoff.mentions import Mentions
from handoff.notices import Notices
from handoff.service_levels import ServiceLevels
from handoff.settings import HandoffSettings
from handoff.sights import Sights
from handoff.snoozing import Snoozing, asleep
from handoff.supervision import Supervision
from handoff.tagging import TAG_LIMIT, Tagging
from handoff.team import Team
from handoff.web.agents import agent_of
from handoff.web.attendance import build_attendance_router
from handoff.web.customer import build_customer_router, sees_contacts
from handoff.web.floor import LOOKS, build_floor_router, minutes_of
from handoff.web.floor import NAV as FLOOR_NAV
from handoff.web.frames import state_of
from handoff.web.invitations import build_invitations_router
from handoff.web.labels import CategoryLabel, Labels
from handoff.web.live import LiveDesk
from handoff.web.mentions import build_mentions_router
from handoff.web.rows import SEVERITIES, rows_of
from handoff.web.snoozes import build_snoozes_router
from handoff.web.socket import MAY_WORK, DeskSocket
from handoff.web.supervision import build_supervision_router
from handoff.web.tags import build_tags_router
from handoff.web.team import NAV as TEAM_NAV
from handoff.web.team import build_team_router
from kit.contracts import Clock, JsonValue
from kit.web.pages import NavItem, Pages
from staff.contracts import Person, Role
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """What the routes share: who asks, and how things are shown."""

    pages: Pages
    agents: AgentDesk
    gate: Gate
    category_label: CategoryLabel
    settings: HandoffSettings
    team: Team
    duty: Duty
    dispatcher: Dispatcher
    tagging: Tagging
    snoozing: Snoozing
    invitations: Invitations
    supervision: Supervision
    levels: ServiceLevels
    sights: Sights
    clock: Clock
    file_limit_mib: int
    explain: str
    """What the addresses begin with under which replies of the bot are explained; empty where they are not."""

    async def worker(self, request: Request) -> Person:
        """Who asks, if agent or supervisor; raises otherwise."""
        return await self.gate.require(request, *MAY_WORK)

    async def page(
        self,
        request: Request,
        template: str,
        person: Person,
        view: View,
        *,
        config: JsonValue = None,
        changed: frozenset[str] | None = None,
    ) -> HTMLResponse:
        """A page or fragment with the list `view` of `person`: its order, and its rows (of `changed`, or all)."""
        agent, sight = agent_of(person), await self.sight(person)
        order = await self.agents.order(view, agent, sight=sight)
        handoffs = await self.agents.open_handoffs([one for one in order if changed is None or one in changed])
        named = [handoff.conversation_id for handoff in handoffs]
        mine, waiting, every = await self.agents.counts(agent, sight=sight)
        counts = {View.MINE: mine, View.WAITING: waiting, View.ALL: every}
        offers = await self.dispatcher.offers()
        snoozes = await self.snoozing.of(agent) if view is View.MINE else {}
        last = await self.agents.last_lines([*named, *(snoozes.keys() - set(named))])
        aside = asleep(snoozes.values(), last, now=self.clock())
        # What is put aside stands below what is not; both keep their order.
        order = tuple(sorted(named if changed is None else order, key=aside.__contains__))
        mine_first = next((offer for offer in offers if offer.agent.id == agent.id), None)
        return self.pages.page(
            request,
            template,
            view=view,
            rows=rows_of(handoffs, last),
            aside=aside,
            order=order,
            hidden=max(0, counts[view] - len(order)),
            counts=counts,
            on_duty=await self.agents.on_duty(),
            my_state=await self.duty.state(agent),
            break_reasons=[reason.value for reason in StateReason if reason is not StateReason.NO_ANSWER],
            labels=self.labels(request),
            tags=await self.tagging.of(named),
            me=person,
            config=config,
            reply_limit=self.settings.reply_limit,
            file_limit=self.file_limit_mib,
            may_supervise=person.may(Role.SUPERVISOR),
            invited={one.handoff_id: one for one in await self.invitations.of_guest(agent)},
            offered={offer.handoff_id: offer.agent for offer in offers},
            offer=mine_first,
            offer_handoff=await self.agents.load(mine_first.handoff_id) if mine_first else None,
        )

    async def shown(self, request: Request, person: Person, handoff: Handoff) -> dict[str, JsonValue]:
        """One conversation as the console shows it: head and context as HTML, who owns it as data."""
        snoozes, where = await self.snoozing.of(agent_of(person)), handoff.conversation_id
        guests = await self.invitations.of_handoff(handoff)
        mine = standing(guests, agent_of(person))
        guest = "" if mine is None else "joined" if mine.joined_at else "asked"
        held, in_full = handoff.state is HandoffState.ACTIVE, sees_contacts(person, self.settings)
        context: dict[str, object] = {
            "handoff": handoff,
            "packet": handoff.packet,
            "severity": SEVERITIES[handoff.urgency],
            "waiting": handoff.state is HandoffState.WAITING,
            "held": held,
            "mine": held and handoff.agent_id == person.id,
            "me": person,
            "guests": guests,
            "guest": guest,
            "labels": self.labels(request),
            "snooze": snoozes.get(where) if held and handoff.agent_id == person.id else None,
            "tags": (await self.tagging.of([handoff.conversation_id])).get(handoff.conversation_id, ()),
            "known_tags": await self.tagging.known(),
            "tag_limit": TAG_LIMIT,
            "category": self.settings.category_of(handoff.packet.intent),
            "customer": await self.team.customer(handoff.conversation_id),
            "members": await self.team.members() if person.may(Role.SUPERVISOR) else (),
            "may_mark": person.may(Role.SUPERVISOR),
            "may_supervise": person.may(Role.SUPERVISOR),
            "clocks": (await self.levels.clocks([handoff], self.clock())).get(handoff.id, ()),
            "fact": lambda kind, value: value if in_full or kind not in CONTACTS else masked(value),
            "quality": await self.agents.quality(handoff.id),
            "looks": LOOKS,
            "minutes": minutes_of,
        }
        return {
            "head": self.pages.render(request, "handoff/head.html", **context),
            "context": self.pages.render(request, "handoff/packet.html", **context),
            "state": {**state_of(handoff), "guest": guest},
            "customer": handoff.customer_name,
            "language": handoff.language.value,
        }

    def lost(self, request: Request, lost: LostTo) -> dict[str, JsonValue]:
        """A claim that somebody else won, with words for it."""
        language = self.pages.language(request)
        if lost.agent_name is None:
            text = self.pages.texts(f"handoff.lost.{lost.state.value}", language)
        else:
            text = self.pages.texts("handoff.lost.faster", language, name=lost.agent_name)
        return {"result": "lost", "agent": lost.agent_name, "state": lost.state.value, "text": text}

    def labels(self, request: Request) -> Labels:
        """Names in the language of the reader."""
        return Labels(
            self.pages.texts,
            self.pages.language(request),
            category_label=self.category_label,
            settings=self.settings,
        )

    async def sight(self, person: Person) -> Sight:
        """What `person` may see."""
        return await self.sights.of(person.id, person.roles)


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
    invitations: Invitations,
    supervision: Supervision,
    notices: Notices,
    levels: ServiceLevels,
    floor: Floor,
    sights: Sights,
    records: CustomerRecords,
    clock: Clock,
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
        invitations=invitations,
        supervision=supervision,
        levels=levels,
        sights=sights,
        clock=clock,
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
            websocket, agents=agents, mentions=mentions, live=live, gate=gate, sights=sights, texts=pages.texts
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
