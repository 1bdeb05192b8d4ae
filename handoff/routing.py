"""handoff: who is offered which waiting conversation, and why. Pure; knows no store and no clock.

Conversations are taken in the order of the queue (`ordering`), so that somebody who waits longer is never left out for
the sake of a better fit. Each goes to the best of the representatives who may take it and have room; whoever is still
left had nobody. Wishes (language, skill, department) give way when nobody on duty can meet them, and with time:
a customer is better served by the second best than by nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from handoff.contracts import Agent, AgentProfile, Urgency, Why
from handoff.ordering import Waiting, order_key
from handoff.settings import RoutingSettings
from kit.contracts import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One waiting conversation, with all that decides who gets it."""

    handoff_id: str
    waiting: Waiting
    """Its place."""
    asked_at: datetime
    channel: str
    language: Language
    department: str
    skill: str | None = None
    key_account: bool = False
    named_agent_id: str | None = None
    last_agent_id: str | None = None
    """Who talked to this customer the last time."""
    passed: frozenset[str] = frozenset()
    """Account ids of those who were offered it and did not take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One representative on duty and what they hold."""

    agent: Agent
    profile: AgentProfile
    open_to_offers: bool
    """On duty and not on a break; the others still count as on duty."""
    held: tuple[tuple[str, int], ...] = ()
    """(channel, conversations held or offered)."""
    last_given: datetime | None = None
    """When this representative last got a conversation; None: not yet today."""

    @property
    def load(self) -> int:
        """Conversations held or offered."""
        return sum(number for _, number in self.held)

    def capacity(self, settings: RoutingSettings) -> int:
        """How many conversations this representative takes at the same time."""
        return settings.capacity if self.profile.capacity is None else self.profile.capacity

    def has_room(self, ticket: Ticket, settings: RoutingSettings) -> bool:
        """Whether `ticket` may be offered here now. A capacity of 0 means never, however critical."""
        most = self.capacity(settings)
        if not self.open_to_offers or most == 0:
            return False
        extra = settings.critical_extra if ticket.waiting.urgency is Urgency.CRITICAL else 0
        in_channel = dict(self.profile.channel_capacity).get(ticket.channel)
        of_channel = dict(self.held).get(ticket.channel, 0)
        return self.load < most + extra and (in_channel is None or of_channel < in_channel)

    def given(self, ticket: Ticket, at: datetime) -> Seat:
        """The same with `ticket` in hand."""
        held = dict(self.held)
        held[ticket.channel] = held.get(ticket.channel, 0) + 1
        return replace(self, held=tuple(held.items()), last_given=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One conversation for one representative, and the reasons a person can read."""

    ticket: Ticket
    agent: Agent
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """What was decided: who is offered what, and why the others still wait."""

    assignments: tuple[Assignment, ...] = ()
    left: tuple[tuple[Ticket, Why], ...] = field(default=())


def route(tickets: Iterable[Ticket], seats: Sequence[Seat], *, settings: RoutingSettings, now: datetime) -> Routing:
    """Decide for every waiting conversation that is not offered to anybody."""
    by_id = {seat.agent.id: seat for seat in seats}
    assignments: list[Assignment] = []
    left: list[tuple[Ticket, Why]] = []
    for ticket in sorted(tickets, key=lambda one: order_key(one.waiting)):
        if not any(seat.has_room(ticket, settings) for seat in by_id.values()):
            left.append((ticket, Why(code="all_busy" if _on_duty(seats, settings) else "nobody_on_duty")))
            continue
        pool, why = may_take(ticket, tuple(by_id.values()), settings=settings, now=now)
        free = [seat for seat in pool if seat.has_room(ticket, settings)]
        if not free:
            left.append((ticket, Why(code="all_busy")))
            continue
        best = min(free, key=lambda seat: _preference(seat, ticket, settings))
        by_id[best.agent.id] = best.given(ticket, now)
        reasons = (*_of_ticket(ticket, now), *why, *_of_choice(best, free, ticket))
        assignments.append(Assignment(ticket=ticket, agent=best.agent, why=reasons))
    return Routing(assignments=tuple(assignments), left=tuple(left))


def has_room(seats: Iterable[Seat], settings: RoutingSettings) -> bool:
    """Whether anybody could be offered something ordinary now."""
    return any(seat.load < seat.capacity(settings) for seat in _on_duty(seats, settings))


def may_take(
    ticket: Ticket, seats: Sequence[Seat], *, settings: RoutingSettings, now: datetime
) -> tuple[tuple[Seat, ...], tuple[Why, ...]]:
    """Who of those open to offers suits `ticket`, and what was asked of them or given up.

    A wish that nobody could meet is dropped at once; the others are dropped when the customer has waited too long.
    """
    waited = now - ticket.asked_at
    widen = waited >= timedelta(seconds=settings.widen_after_seconds)
    overflow = waited >= timedelta(seconds=settings.overflow_after_seconds)
    pool = _on_duty(seats, settings)
    why: list[Why] = []
    wishes: tuple[tuple[str, str, bool, Callable[[AgentProfile], bool]], ...] = (
        ("department", ticket.department, overflow, lambda who: _takes(who.departments, ticket.department)),
        ("language", ticket.language.value, widen, lambda who: _takes(who.languages, ticket.language)),
        ("skill", ticket.skill or "", widen, lambda who: not ticket.skill or _takes(who.skills, ticket.skill)),
    )
    for name, about, given_up, meets in wishes:
        fitting = tuple(seat for seat in pool if meets(seat.profile))
        if fitting and len(fitting) == len(pool):
            continue  # everybody meets it: it decides nothing
        # The second best only when the best have no room: who waited long is still better off with the right one.
        # Who passed does not count: somebody else must then be allowed to help.
        enough = not given_up or any(
            seat.has_room(ticket, settings) and seat.agent.id not in ticket.passed for seat in fitting
        )
        if fitting and enough:
            pool = fitting
            why.append(Why(code=name, about=about))
        else:
            why.append(Why(code=f"no_{name}", about=about))
    fresh = tuple(seat for seat in pool if seat.agent.id not in ticket.passed)
    if fresh and len(fresh) < len(pool):
        why.append(Why(code="passed_on", about=str(len(pool) - len(fresh))))
    # When everybody has passed, it goes round again.
    return fresh or pool, tuple(why)


def _on_duty(seats: Iterable[Seat], settings: RoutingSettings) -> tuple[Seat, ...]:
    return tuple(seat for seat in seats if seat.open_to_offers and seat.capacity(settings) > 0)


def _takes(chosen: frozenset[str] | frozenset[Language], wanted: str) -> bool:
    return not chosen or wanted in chosen


def _preference(seat: Seat, ticket: Ticket, settings: RoutingSettings) -> tuple[bool, bool, bool, float, float, str]:
    """Sorts ascending: the named owner, who knows the customer, whose skill it is, the least loaded, the most idle."""
    return (
        seat.agent.id != ticket.named_agent_id,
        seat.agent.id != ticket.last_agent_id,
        ticket.skill is not None and ticket.skill not in seat.profile.skills,
        seat.load / seat.capacity(settings),
        seat.last_given.timestamp() if seat.last_given is not None else 0.0,
        seat.agent.id,
    )


def _of_ticket(ticket: Ticket, now: datetime) -> tuple[Why, ...]:
    """Why this conversation now."""
    why = []
    if ticket.waiting.urgency is Urgency.CRITICAL:
        why.append(Why(code="critical"))
    if ticket.waiting.returned_to_queue:
        why.append(Why(code="left_behind"))
    if now >= ticket.waiting.answer_by:
        why.append(Why(code="promise_broken"))
    if ticket.key_account:
        why.append(Why(code="key_account"))
    return tuple(why)


def _of_choice(best: Seat, free: Sequence[Seat], ticket: Ticket) -> tuple[Why, ...]:
    """Why this representative: the first difference that mattered."""
    if best.agent.id == ticket.named_agent_id:
        return (Why(code="named_agent"),)
    if best.agent.id == ticket.last_agent_id:
        return (Why(code="last_agent"),)
    others = [seat for seat in free if seat.agent.id != best.agent.id]
    if not others:
        return (Why(code="only_one_free"),)
    if any(seat.load > best.load for seat in others):
        return (Why(code="least_loaded", about=str(best.load)),)
    return (Why(code="longest_idle"),)
