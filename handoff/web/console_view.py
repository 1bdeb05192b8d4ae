"""handoff: how the console shows its lists and a conversation, to whom; its routes are in console.py."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from handoff.agent_desk import AgentDesk
from handoff.contact_masks import CONTACTS, masked
from handoff.contracts import Handoff, HandoffState, LostTo, Sight, StateReason, View
from handoff.dispatch import Dispatcher
from handoff.duty import Duty
from handoff.invitations import Invitations, standing
from handoff.ports import Attachments
from handoff.reading import Reading
from handoff.service_levels import ServiceLevels
from handoff.settings import HandoffSettings
from handoff.sights import Sights
from handoff.snoozing import Snoozing, asleep
from handoff.supervision import Supervision
from handoff.tagging import TAG_LIMIT, Tagging
from handoff.team import Team
from handoff.web.agents import agent_of
from handoff.web.customer import sees_contacts
from handoff.web.floor import LOOKS, minutes_of
from handoff.web.frames import state_of
from handoff.web.labels import CategoryLabel, Labels
from handoff.web.rows import SEVERITIES, rows_of
from handoff.web.socket import MAY_WORK
from kit.contracts import Clock, JsonValue
from kit.web.pages import Pages
from staff.contracts import Person, Role
from staff.ports import Gate


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
    reading: Reading
    invitations: Invitations
    supervision: Supervision
    levels: ServiceLevels
    sights: Sights
    clock: Clock
    files: Attachments
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
            rows=rows_of(handoffs, last, read=await self.reading.of(agent, named), whose=agent.id),
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
            "files": await self.files.of(handoff.conversation_id),
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
