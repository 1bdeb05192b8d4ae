"""tests: tickets and seats for the routing, with nothing unusual in them."""

from __future__ import annotations

from datetime import datetime, timedelta

from handoff.contracts import Agent, AgentProfile, Urgency
from handoff.ordering import Waiting
from handoff.routing import Seat, Ticket
from handoff.settings import FirstAnswerSettings, RoutingSettings
from kit.contracts import Language
from tests.support.clock import START

SETTINGS = RoutingSettings(capacity=3)
PROMISE = FirstAnswerSettings()


def ticket(
    name: str,
    *,
    urgency: Urgency = Urgency.NORMAL,
    asked_at: datetime = START,
    department: str = "consultation",
    language: Language = Language.ZH,
    channel: str = "web",
    skill: str | None = None,
    key_account: bool = False,
    named: str | None = None,
    last: str | None = None,
    passed: frozenset[str] = frozenset(),
    left_behind: int = 0,
) -> Ticket:
    """A waiting customer."""
    return Ticket(
        handoff_id=name,
        waiting=Waiting(
            conversation_id=name,
            urgency=urgency,
            returned_to_queue=left_behind,
            answer_by=asked_at + timedelta(seconds=PROMISE.seconds(urgency, key_account=key_account)),
        ),
        asked_at=asked_at,
        channel=channel,
        language=language,
        department=department,
        skill=skill,
        key_account=key_account,
        named_agent_id=named,
        last_agent_id=last,
        passed=passed,
    )


def seat(
    name: str,
    *,
    departments: tuple[str, ...] = (),
    languages: tuple[Language, ...] = (),
    skills: tuple[str, ...] = (),
    capacity: int | None = None,
    channels: tuple[tuple[str, int], ...] = (),
    held: int = 0,
    idle: timedelta | None = None,
    open_to_offers: bool = True,
) -> Seat:
    """A representative on duty who holds `held` conversations of the widget."""
    return Seat(
        agent=Agent(id=name, name=name.title()),
        profile=AgentProfile(
            account_id=name,
            departments=frozenset(departments),
            languages=frozenset(languages),
            skills=frozenset(skills),
            capacity=capacity,
            channel_capacity=channels,
        ),
        open_to_offers=open_to_offers,
        held=(("web", held),) if held else (),
        last_given=None if idle is None else START - idle,
    )
