"""handoff: what the supervisors' wall shows, from values. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handoff.contracts import (
    Agent,
    AgentProfile,
    AgentState,
    ClockState,
    Flow,
    Handoff,
    HandoffState,
    ServiceClock,
    StateReason,
    Urgency,
)

RISKS_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """A representative who is there."""

    agent: Agent
    state: AgentState
    reason: StateReason | None
    capacity: int
    departments: frozenset[str]
    """Which they take; empty: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """The queue of one department."""

    department: str
    waiting: int
    critical: int
    oldest: datetime | None
    """When the customer who has waited longest began to."""
    held: int
    at_risk: int
    late: int
    online: int
    """Representatives who could be offered one of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """What one representative is doing."""

    present: Present
    held: int
    at_risk: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A conversation whose promised time is near or over, with its most pressing clock."""

    handoff: Handoff
    clock: ServiceClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """The whole desk at one moment."""

    at: datetime
    queues: tuple[QueueRow, ...]
    agents: tuple[AgentRow, ...]
    risks: tuple[Risk, ...]
    """The most pressing ones, at most `RISKS_SHOWN`."""
    flow: Flow
    waiting: int
    oldest: datetime | None
    at_risk: int
    late: int
    online: int


def build_wall(
    handoffs: Sequence[Handoff],
    clocks: Mapping[str, Sequence[ServiceClock]],
    present: Iterable[Present],
    *,
    flow: Flow,
    departments: Sequence[str],
    at: datetime,
) -> Wall:
    """The wall of the open `handoffs`; `departments` in the order they are shown, others that occur come after."""
    worst = {one.id: clocks[one.id][0] for one in handoffs if clocks.get(one.id)}
    there = sorted(present, key=lambda one: (ORDER.index(one.state), one.agent.name))
    names = [*departments, *sorted({one.placing.department for one in handoffs} - set(departments))]
    queues = tuple(_queue(name, handoffs, worst, there) for name in names)
    risky = [Risk(handoff=one, clock=worst[one.id]) for one in handoffs if _is(worst, one, *PRESSING)]
    waiting = [one for one in handoffs if one.state is HandoffState.WAITING]
    return Wall(
        at=at,
        queues=queues,
        agents=tuple(_agent(one, handoffs, worst) for one in there),
        risks=tuple(sorted(risky, key=_pressing)[:RISKS_SHOWN]),
        flow=flow,
        waiting=len(waiting),
        oldest=min((one.asked_at for one in waiting), default=None),
        at_risk=sum(_is(worst, one, ClockState.AT_RISK) for one in handoffs),
        late=sum(_is(worst, one, ClockState.LATE) for one in handoffs),
        online=sum(one.state is AgentState.ONLINE for one in there),
    )


ORDER = (AgentState.ONLINE, AgentState.WRAPPING_UP, AgentState.BUSY, AgentState.BREAK, AgentState.OFFLINE)
PRESSING = (ClockState.LATE, ClockState.AT_RISK)


def _pressing(risk: Risk) -> tuple[bool, int, float]:
    calm = risk.handoff.urgency is not Urgency.CRITICAL
    return calm, PRESSING.index(risk.clock.state), risk.clock.left.total_seconds()


def _is(worst: Mapping[str, ServiceClock], handoff: Handoff, *states: ClockState) -> bool:
    return handoff.id in worst and worst[handoff.id].state in states


def _queue(
    name: str, handoffs: Iterable[Handoff], worst: Mapping[str, ServiceClock], there: Iterable[Present]
) -> QueueRow:
    mine = [one for one in handoffs if one.placing.department == name]
    waiting = [one for one in mine if one.state is HandoffState.WAITING]
    return QueueRow(
        department=name,
        waiting=len(waiting),
        critical=sum(one.urgency is Urgency.CRITICAL for one in waiting),
        oldest=min((one.asked_at for one in waiting), default=None),
        held=len(mine) - len(waiting),
        at_risk=sum(_is(worst, one, ClockState.AT_RISK) for one in mine),
        late=sum(_is(worst, one, ClockState.LATE) for one in mine),
        online=sum(
            one.state is AgentState.ONLINE and (not one.departments or name in one.departments) for one in there
        ),
    )


def _agent(present: Present, handoffs: Iterable[Handoff], worst: Mapping[str, ServiceClock]) -> AgentRow:
    mine = [one for one in handoffs if one.agent_id == present.agent.id]
    return AgentRow(
        present=present,
        held=len(mine),
        at_risk=sum(_is(worst, one, ClockState.AT_RISK) for one in mine),
        late=sum(_is(worst, one, ClockState.LATE) for one in mine),
    )


def capacity_of(profile: AgentProfile | None, otherwise: int) -> int:
    """How many conversations a representative is offered at most."""
    return otherwise if profile is None or profile.capacity is None else profile.capacity
