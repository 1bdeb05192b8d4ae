"""tests: one desk of real parts over stand-ins of the other rooms, and the requests that reach it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from handoff.adapters.canned_store import SqlCannedStore
from handoff.adapters.customer_store import SqlCustomerStore
from handoff.adapters.duty_store import SqlDutyStore
from handoff.adapters.escalation_store import SqlEscalationStore
from handoff.adapters.floor_store import SqlFloorStore, SqlNoticeStore
from handoff.adapters.handoff_store import SqlHandoffStore
from handoff.adapters.invitation_store import SqlInvitationStore
from handoff.adapters.offer_store import SqlOfferStore
from handoff.adapters.packet_store import SqlPacketStore
from handoff.adapters.presence import SqlPresence
from handoff.adapters.promise_store import SqlPromiseStore
from handoff.adapters.queue_sql import SqlQueueOrder
from handoff.adapters.read_store import SqlReadStore
from handoff.adapters.snooze_store import SqlSnoozeStore
from handoff.adapters.tag_store import SqlTagStore
from handoff.adapters.team_store import SqlTeamStore
from handoff.adapters.wait_store import SqlWaitStore
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
from handoff.escalation import Escalation
from handoff.floor import Floor
from handoff.invitations import Invitations
from handoff.mentions import Mentions
from handoff.news import News
from handoff.notices import Notices
from handoff.places import Places
from handoff.promises import Promises
from handoff.put_back import PutBack
from handoff.reading import Reading
from handoff.service import Desk
from handoff.service_levels import ServiceLevels
from handoff.settings import HandoffSettings
from handoff.sights import Sights
from handoff.snoozing import Snoozing
from handoff.store_ports import Presence, QueueOrder
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
    """The desk as `bot/app.py` builds it, with the stand-in below."""
    chosen = settings or HandoffSettings(start_grace_seconds=0)
    if conversations is None:
        conversations = StandInConversations(database)
        await conversations.prepare()
    store, queue, presence = SqlHandoffStore(database), SqlQueueOrder(database), SqlPresence(database)
    wire = signals or MemorySignals()
    news = News(wire)
    offers, customers, staff = SqlOfferStore(database), SqlCustomerStore(database), ScriptedStaff()
    profiles, duty_store = SqlTeamStore(database), SqlDutyStore(database)
    duty = Duty(
        transactions=database,
        store=duty_store,
        profiles=profiles,
        presence=presence,
        news=news,
        settings=chosen,
        clock=clock,
        new_id=new_id,
    )
    team = Team(
        transactions=database,
        store=store,
        profiles=profiles,
        customers=customers,
        duty=duty,
        people=staff,
        audit=staff,
        settings=chosen,
        channels=("web", "telegram", "shop-app"),
        clock=clock,
    )
    dispatcher = Dispatcher(
        transactions=database,
        store=store,
        offers=offers,
        team=team,
        duty=duty,
        news=news,
        settings=chosen,
        clock=clock,
        new_id=new_id,
    )
    places = Places(
        store=store,
        queue=queue,
        waits=SqlWaitStore(database),
        customers=customers,
        duty=duty,
        settings=chosen,
        clock=clock,
    )
    promise_store, files = SqlPromiseStore(database), StandInFiles()
    promises = Promises(
        transactions=database,
        store=store,
        promises=promise_store,
        offers=offers,
        places=places,
        conversations=conversations,
        files=files,
        news=news,
        settings=chosen,
        clock=clock,
        new_id=new_id,
    )
    desk = Desk(
        transactions=database,
        store=store,
        presence=presence,
        offers=offers,
        customers=customers,
        places=places,
        promises=promises,
        conversations=conversations,
        news=news,
        settings=chosen,
        clock=clock,
        new_id=new_id,
    )
    agents = AgentDesk(
        transactions=database,
        store=store,
        presence=presence,
        offers=offers,
        promises=promise_store,
        packets=SqlPacketStore(database),
        invitations=SqlInvitationStore(database),
        duty=duty,
        conversations=conversations,
        news=news,
        settings=chosen,
        clock=clock,
    )
    notices = Notices(transactions=database, store=SqlNoticeStore(database), news=news, clock=clock, new_id=new_id)
    supervision = Supervision(
        transactions=database,
        store=store,
        floor=SqlFloorStore(database),
        offers=offers,
        promises=promise_store,
        duty=duty,
        team=team,
        notices=notices,
        conversations=conversations,
        audit=staff,
        news=news,
        settings=chosen,
        clock=clock,
    )
    levels = ServiceLevels(conversations=conversations, settings=chosen)
    sights = Sights(profiles=profiles, settings=chosen)
    escalation = Escalation(
        transactions=database,
        store=store,
        told=SqlEscalationStore(database),
        offers=offers,
        levels=levels,
        duty=duty,
        team=team,
        notices=notices,
        sights=sights,
        put_back=PutBack(transactions=database, store=store, conversations=conversations, news=news),
        news=news,
        settings=chosen,
        new_id=new_id,
    )
    floor = Floor(
        store=store,
        floor=SqlFloorStore(database),
        profiles=profiles,
        levels=levels,
        duty=duty,
        settings=chosen,
        clock=clock,
    )
    records = CustomerRecords(
        transactions=database,
        store=store,
        customers=customers,
        records=customers,
        conversations=conversations,
        audit=staff,
        news=news,
        settings=chosen,
        clock=clock,
        new_id=new_id,
        new_code=lambda: CODE,
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
        store=store,
        offers=offers,
        duty=duty,
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
        handoffs=store,
        transfers=transfers,
        notices=notices,
        conversations=conversations,
        audit=staff,
        news=news,
        settings=chosen,
        clock=clock,
        new_id=new_id,
    )
    deliveries = StandInDeliveries()
    return House(
        database=database,
        clock=clock,
        conversations=conversations,
        store=store,
        queue=queue,
        presence=presence,
        signals=wire,
        desk=desk,
        agents=agents,
        offers=offers,
        duty=duty,
        duty_store=duty_store,
        team=team,
        dispatcher=dispatcher,
        staff=staff,
        promises=promises,
        promise_store=promise_store,
        files=files,
        notices=notices,
        supervision=supervision,
        escalation=escalation,
        floor=floor,
        levels=levels,
        sights=sights,
        records=records,
        canned=canned,
        transfers=transfers,
        invitations=invitations,
        tagging=Tagging(transactions=database, store=SqlTagStore(database), handoffs=store, news=news),
        attachments=StandInAttachments(kept=conversations.files),
        deliveries=deliveries,
        reading=Reading(transactions=database, store=SqlReadStore(database)),
        snoozing=Snoozing(
            transactions=database,
            store=SqlSnoozeStore(database),
            agents=agents,
            notices=notices,
            news=news,
            clock=clock,
        ),
        mentions=Mentions(transactions=database, agents=agents, team=team, sights=sights, notices=notices, news=news),
        delivering=Delivering(transactions=database, agents=agents, states=deliveries, news=news, clock=clock),
    )
