"""bot.app: the live desk: queue, offers, promises, the agents' acts and what supervisors use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.app.desk_people import DeskGround, DeskPeople
from bot.app.floor_room import FloorRoom, build_floor_room, new_code
from handoff.adapters.invitation_store import SqlInvitationStore
from handoff.adapters.offer_store import SqlOfferStore
from handoff.adapters.packet_store import SqlPacketStore
from handoff.adapters.promise_store import SqlPromiseStore
from handoff.adapters.read_store import SqlReadStore
from handoff.adapters.snooze_store import SqlSnoozeStore
from handoff.adapters.tag_store import SqlTagStore
from handoff.adapters.wait_store import SqlWaitStore
from handoff.agent_desk import AgentDesk
from handoff.delivering import Delivering
from handoff.dispatch import Dispatcher
from handoff.mentions import Mentions
from handoff.places import Places
from handoff.ports import Conversations, DeliveryStates, Files
from handoff.promises import Promises
from handoff.queue_ports import QueueOrder
from handoff.reading import Reading
from handoff.service import Desk
from handoff.snoozing import Snoozing
from handoff.tagging import Tagging


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRoom:
    """The services of the desk."""

    offers: SqlOfferStore
    promise_store: SqlPromiseStore
    promises: Promises
    desk: Desk
    agents: AgentDesk
    dispatcher: Dispatcher
    floor: FloorRoom
    delivering: Delivering
    mentions: Mentions
    snoozing: Snoozing
    reading: Reading
    tagging: Tagging


def build_desk_room(
    ground: DeskGround,
    people: DeskPeople,
    *,
    queue: QueueOrder,
    conversations: Conversations,
    files: Files,
    deliveries: DeliveryStates,
    code: Callable[[], str] = new_code,
) -> DeskRoom:
    """The parts list. `code` makes what proves an address to be a customer's."""
    database, news, settings, clock = ground.database, ground.news, ground.settings, ground.clock
    store, duty = people.store, people.duty
    offers, promise_store = SqlOfferStore(database), SqlPromiseStore(database)
    places = Places(
        store=store,
        queue=queue,
        waits=SqlWaitStore(database),
        customers=people.customers,
        duty=duty,
        settings=settings,
        clock=clock,
    )
    promises = Promises(
        transactions=database,
        store=store,
        promises=promise_store,
        offers=offers,
        places=places,
        conversations=conversations,
        files=files,
        news=news,
        settings=settings,
        clock=clock,
        new_id=ground.new_id,
    )
    agents = AgentDesk(
        transactions=database,
        store=store,
        presence=people.presence,
        offers=offers,
        promises=promise_store,
        packets=SqlPacketStore(database),
        invitations=SqlInvitationStore(database),
        duty=duty,
        conversations=conversations,
        news=news,
        settings=settings,
        clock=clock,
    )
    floor = build_floor_room(
        ground, people, offers=offers, promises=promise_store, conversations=conversations, files=files, code=code
    )
    return DeskRoom(
        offers=offers,
        promise_store=promise_store,
        promises=promises,
        desk=Desk(
            transactions=database,
            store=store,
            presence=people.presence,
            offers=offers,
            customers=people.customers,
            places=places,
            promises=promises,
            conversations=conversations,
            news=news,
            settings=settings,
            clock=clock,
            new_id=ground.new_id,
        ),
        agents=agents,
        dispatcher=Dispatcher(
            transactions=database,
            store=store,
            offers=offers,
            team=people.team,
            duty=duty,
            news=news,
            settings=settings,
            clock=clock,
            new_id=ground.new_id,
        ),
        floor=floor,
        delivering=Delivering(transactions=database, agents=agents, states=deliveries, news=news, clock=clock),
        mentions=Mentions(
            transactions=database,
            agents=agents,
            team=people.team,
            sights=floor.sights,
            notices=floor.notices,
            news=news,
        ),
        snoozing=Snoozing(
            transactions=database,
            store=SqlSnoozeStore(database),
            agents=agents,
            notices=floor.notices,
            news=news,
            clock=clock,
        ),
        reading=Reading(transactions=database, store=SqlReadStore(database)),
        tagging=Tagging(transactions=database, store=SqlTagStore(database), handoffs=store, news=news),
    )
