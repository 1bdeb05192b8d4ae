"""bot.app: supervision: the wall, acts of supervisors, notices, promised times and who hears of them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bot.app.desk_people import DeskGround, DeskPeople
from handoff.adapters.escalation_store import SqlEscalationStore
from handoff.adapters.floor_store import SqlFloorStore, SqlNoticeStore
from handoff.customer_records import CustomerRecords
from handoff.escalation import Escalation
from handoff.floor import Floor
from handoff.notices import Notices
from handoff.ports import Conversations, Files
from handoff.put_back import PutBack
from handoff.service_levels import ServiceLevels
from handoff.sights import Sights
from handoff.store_ports import OfferStore, PromiseStore
from handoff.supervision import Supervision


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorRoom:
    """Everything supervisors use."""

    sights: Sights
    notices: Notices
    levels: ServiceLevels
    floor: Floor
    supervision: Supervision
    escalation: Escalation
    records: CustomerRecords


def build_floor_room(
    ground: DeskGround,
    people: DeskPeople,
    *,
    offers: OfferStore,
    promises: PromiseStore,
    conversations: Conversations,
    files: Files,
    code: Callable[[], str],
) -> FloorRoom:
    """The parts list."""
    database, news, settings, clock = ground.database, ground.news, ground.settings, ground.clock
    store, duty, team = people.store, people.duty, people.team
    floor_store = SqlFloorStore(database)
    levels = ServiceLevels(conversations=conversations, settings=settings)
    notices = Notices(
        transactions=database,
        store=SqlNoticeStore(database),
        handoffs=store,
        levels=levels,
        news=news,
        clock=clock,
        new_id=ground.new_id,
    )
    sights = Sights(profiles=people.profiles, settings=settings)
    return FloorRoom(
        sights=sights,
        notices=notices,
        levels=levels,
        floor=Floor(
            store=store,
            floor=floor_store,
            profiles=people.profiles,
            levels=levels,
            duty=duty,
            settings=settings,
            clock=clock,
        ),
        supervision=Supervision(
            transactions=database,
            store=store,
            floor=floor_store,
            offers=offers,
            promises=promises,
            duty=duty,
            team=team,
            notices=notices,
            conversations=conversations,
            audit=ground.audit,
            news=news,
            settings=settings,
            clock=clock,
        ),
        escalation=Escalation(
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
            settings=settings,
            new_id=ground.new_id,
        ),
        records=CustomerRecords(
            transactions=database,
            store=store,
            customers=people.customers,
            records=people.customers,
            conversations=conversations,
            files=files,
            audit=ground.audit,
            news=news,
            settings=settings,
            clock=clock,
            new_id=ground.new_id,
            new_code=code,
        ),
    )


def new_code() -> str:
    """Six digits nobody can guess in five tries."""
    return f"{secrets.randbelow(10**6):06}"
