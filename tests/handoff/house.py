"""tests: one desk of real parts over stand-ins of the other rooms, and the requests that reach it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.app.desk_people import DeskGround, build_desk_people
from bot.app.desk_room import build_desk_room
from handoff.adapters.canned_store import SqlCannedStore
from handoff.adapters.duty_store import SqlDutyStore
from handoff.adapters.handoff_store import SqlHandoffStore
from handoff.adapters.invitation_store import SqlInvitationStore
from handoff.adapters.offer_store import SqlOfferStore
from handoff.adapters.presence import SqlPresence
from handoff.adapters.promise_store import SqlPromiseStore
from handoff.adapters.queue_sql import SqlQueueOrder
from handoff.agent_desk import AgentDesk
from handoff.canned_replies import CannedReplies
from handoff.contracts import (
    Agent,
    Claimed,
    Handoff,
    Urgency,
)
from handoff.customer_records import CustomerRecords
from handoff.delivering import Delivering
from handoff.dispatch import Dispatcher
from handoff.duty import Duty
from handoff.duty_ports import Presence
from handoff.escalation import Escalation
from handoff.floor import Floor
from handoff.invitations import Invitations
from handoff.mentions import Mentions
from handoff.news import News
from handoff.notices import Notices
from handoff.promises import Promises
from handoff.queue_ports import QueueOrder
from handoff.reading import Reading
from handoff.service import Desk
from handoff.service_levels import ServiceLevels
from handoff.settings import HandoffSettings
from handoff.sights import Sights
from handoff.snoozing import Snoozing
from handoff.supervision import Supervision
from handoff.tagging import Tagging
from handoff.team import Team
from handoff.transfers import Transfers
from kit.contracts import Signals
from kit.ids import new_id
from kit.signals import MemorySignals
from kit.sql import Database
from tests.handoff.asking import CODE, MEI, a_packet, a_request
from tests.support.articles_port import StandInArticles
from tests.support.attachments import StandInAttachments
from tests.support.clock import MovableClock
from tests.support.conversations import StandInConversations
from tests.support.delivery_states import StandInDeliveries
from tests.support.files import StandInFiles
from tests.support.staff import ScriptedStaff


@dataclass(slots=True, kw_only=True)
class House:
    """One desk and everything under it."""

    database: Database
    clock: MovableClock
    conversations: StandInConversations
    store: SqlHandoffStore
    queue: QueueOrder
    presence: Presence
    signals: Signals
    desk: Desk
    agents: AgentDesk
    offers: SqlOfferStore
    duty: Duty
    duty_store: SqlDutyStore
    team: Team
    dispatcher: Dispatcher
    staff: ScriptedStaff
    promises: Promises
    promise_store: SqlPromiseStore
    files: StandInFiles
    notices: Notices
    supervision: Supervision
    escalation: Escalation
    floor: Floor
    levels: ServiceLevels
    sights: Sights
    records: CustomerRecords
    canned: CannedReplies
    transfers: Transfers
    invitations: Invitations
    tagging: Tagging
    attachments: StandInAttachments
    deliveries: StandInDeliveries
    delivering: Delivering
    mentions: Mentions
    snoozing: Snoozing
    reading: Reading
    articles: StandInArticles = field(default_factory=StandInArticles)
    asked: list[str] = field(default_factory=list)

    async def ask(
        self, urgency: Urgency = Urgency.NORMAL, *, conversation_id: str | None = None, intent: str = "unknown"
    ) -> Handoff:
        """A new customer (or a known one) asks for a person."""
        where = conversation_id or new_id()
        if conversation_id is None:
            await self.conversations.begin(where, "转人工", at=self.clock())
        self.asked.append(where)
        request = a_request(where, urgency, replace(a_packet(), intent=intent))
        return await self.database.write(lambda tx: self.desk.open(tx, request, at=self.clock()))

    async def ask_with(self, given: tuple[tuple[str, str], ...]) -> Handoff:
        """A customer who has given these facts asks for a person."""
        where = new_id()
        await self.conversations.begin(where, "转人工", at=self.clock())
        request = a_request(where, packet=replace(a_packet(), given=given, entities=given))
        return await self.database.write(lambda tx: self.desk.open(tx, request, at=self.clock()))

    async def claimed(self, agent: Agent = MEI, urgency: Urgency = Urgency.NORMAL) -> Handoff:
        """A conversation that `agent` holds."""
        outcome = await self.agents.claim((await self.ask(urgency)).id, agent)
        assert isinstance(outcome, Claimed)
        return outcome.handoff


async def build_house(
    database: Database,
    clock: MovableClock,
    *,
    settings: HandoffSettings | None = None,
    signals: Signals | None = None,
    conversations: StandInConversations | None = None,
) -> House:
    """The desk as `bot.app` builds it, over stand-ins of the other rooms."""
    chosen = settings or HandoffSettings(start_grace_seconds=0)
    if conversations is None:
        conversations = StandInConversations(database)
        await conversations.prepare()
    wire, staff, files, deliveries = signals or MemorySignals(), ScriptedStaff(), StandInFiles(), StandInDeliveries()
    news, queue = News(wire), SqlQueueOrder(database)
    ground = DeskGround(database=database, news=news, audit=staff, settings=chosen, clock=clock, new_id=new_id)
    people = build_desk_people(
        ground, presence=SqlPresence(database), people=staff, channels=("web", "telegram", "shop-app")
    )
    live = build_desk_room(
        ground,
        people,
        queue=queue,
        conversations=conversations,
        files=files,
        deliveries=deliveries,
        code=lambda: CODE,
    )
    canned = CannedReplies(
        transactions=database,
        store=SqlCannedStore(database),
        audit=staff,
        settings=chosen,
        clock=clock,
        new_id=new_id,
    )
    transfers = Transfers(
        transactions=database,
        store=people.store,
        offers=live.offers,
        duty=people.duty,
        conversations=conversations,
        audit=staff,
        news=news,
        settings=chosen,
        clock=clock,
        new_id=new_id,
    )
    invitations = Invitations(
        transactions=database,
        store=SqlInvitationStore(database),
        handoffs=people.store,
        transfers=transfers,
        notices=live.floor.notices,
        conversations=conversations,
        audit=staff,
        news=news,
        settings=chosen,
        clock=clock,
        new_id=new_id,
    )
    return House(
        database=database,
        clock=clock,
        conversations=conversations,
        store=people.store,
        queue=queue,
        presence=people.presence,
        signals=wire,
        desk=live.desk,
        agents=live.agents,
        offers=live.offers,
        duty=people.duty,
        duty_store=people.duty_store,
        team=people.team,
        dispatcher=live.dispatcher,
        staff=staff,
        promises=live.promises,
        promise_store=live.promise_store,
        files=files,
        notices=live.floor.notices,
        supervision=live.floor.supervision,
        escalation=live.floor.escalation,
        floor=live.floor.floor,
        levels=live.floor.levels,
        sights=live.floor.sights,
        records=live.floor.records,
        canned=canned,
        transfers=transfers,
        invitations=invitations,
        tagging=live.tagging,
        attachments=StandInAttachments(kept=conversations.files),
        deliveries=deliveries,
        reading=live.reading,
        snoozing=live.snoozing,
        mentions=live.mentions,
        delivering=live.delivering,
    )
