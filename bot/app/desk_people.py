"""bot.app: who works at the live desk: duty, profiles, departments, and what every part of the desk stands on."""

from __future__ import annotations

from dataclasses import dataclass

from handoff.adapters.customer_store import SqlCustomerStore
from handoff.adapters.duty_store import SqlDutyStore
from handoff.adapters.handoff_store import SqlHandoffStore
from handoff.adapters.team_store import SqlTeamStore
from handoff.duty import Duty
from handoff.duty_ports import Presence
from handoff.news import News
from handoff.settings import HandoffSettings
from handoff.team import Team
from kit.contracts import Clock, NewId
from kit.sql import Database
from staff.ports import AuditLog, People


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskGround:
    """What every part of the live desk is built over."""

    database: Database
    news: News
    audit: AuditLog
    settings: HandoffSettings
    clock: Clock
    new_id: NewId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPeople:
    """Representatives, their time and the customers they know. Knows no conversation."""

    store: SqlHandoffStore
    customers: SqlCustomerStore
    profiles: SqlTeamStore
    duty_store: SqlDutyStore
    presence: Presence
    duty: Duty
    team: Team


def build_desk_people(
    ground: DeskGround, *, presence: Presence, people: People, channels: tuple[str, ...]
) -> DeskPeople:
    """The parts list; `channels` are those a representative's capacity may name."""
    database = ground.database
    store, customers = SqlHandoffStore(database), SqlCustomerStore(database)
    profiles, duty_store = SqlTeamStore(database), SqlDutyStore(database)
    duty = Duty(
        transactions=database,
        store=duty_store,
        profiles=profiles,
        presence=presence,
        news=ground.news,
        settings=ground.settings,
        clock=ground.clock,
        new_id=ground.new_id,
    )
    team = Team(
        transactions=database,
        store=store,
        profiles=profiles,
        customers=customers,
        duty=duty,
        people=people,
        audit=ground.audit,
        settings=ground.settings,
        channels=channels,
        clock=ground.clock,
    )
    return DeskPeople(
        store=store,
        customers=customers,
        profiles=profiles,
        duty_store=duty_store,
        presence=presence,
        duty=duty,
        team=team,
    )
