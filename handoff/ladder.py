"""handoff: who hears of a promised time that is at risk or late. Pure."""

from __future__ import annotations

from handoff.contracts import ClockKind, ClockState, Handoff, HandoffState, Level, ServiceClock, Urgency
from handoff.service_clocks import open_minutes_late
from handoff.settings import EscalationSettings

PRESSING = frozenset({ClockState.AT_RISK, ClockState.LATE})
ANSWERS = frozenset({ClockKind.FIRST_ANSWER, ClockKind.NEXT_ANSWER, ClockKind.CALL_BACK})


def levels_of(clock: ServiceClock, urgency: Urgency, settings: EscalationSettings) -> frozenset[Level]:
    """Everybody who should have heard of `clock` by now; of a critical conversation all of them, at once."""
    if clock.state not in PRESSING:
        return frozenset()
    if urgency is Urgency.CRITICAL:
        return frozenset(Level)
    late = open_minutes_late(clock) if clock.state is ClockState.LATE else -1
    above = {Level(rung.to) for rung in settings.ladder if rung.after_minutes <= late}
    return frozenset({Level.AGENT, *above})


def is_silent(handoff: Handoff, clock: ServiceClock, settings: EscalationSettings) -> bool:
    """Whether whoever holds the conversation has owed an answer for so long that others should have it."""
    return (
        settings.silent_minutes > 0
        and handoff.state is HandoffState.ACTIVE
        and clock.kind in ANSWERS
        and open_minutes_late(clock) >= settings.silent_minutes
    )
