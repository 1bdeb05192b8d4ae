"""handoff: the promised times of one conversation, read off what happened in it. Pure.

Nothing is started, stopped or stored: a clock is a sum over what was said and when, so it can never disagree with the
transcript beside it (docs/decisions/0043). Time runs in the opening hours of the department (kit/hours.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from handoff.contracts import ClockKind, ClockState, Handoff, HandoffReason, HandoffState, ServiceClock, Spoken
from handoff.settings import HandoffSettings
from kit.hours import OpeningHours, after_open_time, open_time_between

NOTHING = timedelta()
WORST_FIRST = (ClockState.LATE, ClockState.AT_RISK, ClockState.RUNNING, ClockState.PAUSED)


def clocks_of(
    handoff: Handoff, said: Iterable[Spoken], *, settings: HandoffSettings, hours: OpeningHours, now: datetime
) -> tuple[ServiceClock, ...]:
    """The clocks of an open handover, the most pressing first; none of an ended one.

    `said` is what customer and agents said since the customer asked, oldest first; `hours` are those of its department.
    """
    if handoff.state not in {HandoffState.WAITING, HandoffState.ACTIVE}:
        return ()
    turns = [one for one in said if one.at >= handoff.asked_at]
    share = settings.escalation.risk_share
    answered = handoff.state is HandoffState.ACTIVE and any(not one.by_customer for one in turns)
    clocks = [_resolution(handoff, turns, _promised("resolution", handoff, settings), hours, share, now)]
    if not answered:
        promised = open_time_between(hours, handoff.asked_at, handoff.placing.answer_by)
        kind = ClockKind.CALL_BACK if handoff.reason is HandoffReason.PROMISED else ClockKind.FIRST_ANSWER
        clocks.append(_running(kind, handoff.asked_at, handoff.placing.answer_by, promised, hours, share, now))
    else:
        asked = _unanswered_since(turns)
        if asked is not None:
            promised = _promised("next_answer", handoff, settings)
            due = after_open_time(hours, asked, promised)
            clocks.append(_running(ClockKind.NEXT_ANSWER, asked, due, promised, hours, share, now))
    return tuple(sorted(clocks, key=lambda one: (WORST_FIRST.index(one.state), one.left)))


def open_minutes_late(clock: ServiceClock) -> float:
    """How many minutes of open time a clock is late; negative while it is not."""
    return -clock.left.total_seconds() / 60


def _promised(name: Literal["next_answer", "resolution"], handoff: Handoff, settings: HandoffSettings) -> timedelta:
    within = settings.within(name, handoff.placing.department)
    return timedelta(seconds=within.seconds(handoff.urgency, key_account=handoff.placing.key_account))


def _unanswered_since(turns: Sequence[Spoken]) -> datetime | None:
    """When the customer first wrote after our last words; None when we spoke last."""
    since = None
    for one in turns:
        since = (since or one.at) if one.by_customer else None
    return since


def _running(  # noqa: PLR0917 - private, called in a row above
    kind: ClockKind,
    began: datetime,
    due: datetime,
    promised: timedelta,
    hours: OpeningHours,
    share: float,
    now: datetime,
) -> ServiceClock:
    left = open_time_between(hours, now, due) if now <= due else -open_time_between(hours, due, now)
    return ServiceClock(
        kind=kind,
        state=_state(left, promised, share, late=now > due),
        promised=promised,
        began_at=began,
        due_at=due,
        paused_since=None,
        left=left,
    )


def _resolution(  # noqa: PLR0917 - private, called in a row above
    handoff: Handoff,
    turns: Sequence[Spoken],
    promised: timedelta,
    hours: OpeningHours,
    share: float,
    now: datetime,
) -> ServiceClock:
    used, ours = NOTHING, handoff.asked_at
    resting: datetime | None = None
    for one in turns:
        if not one.by_customer and resting is None:
            spent = open_time_between(hours, ours, one.at)
            if used + spent > promised:  # late, and what is late runs on
                break
            used, resting = used + spent, one.at
        elif one.by_customer and resting is not None:
            ours, resting = one.at, None
    if resting is not None and handoff.state is HandoffState.ACTIVE:
        left = promised - used
        return ServiceClock(
            kind=ClockKind.RESOLUTION,
            state=ClockState.PAUSED,
            promised=promised,
            began_at=handoff.asked_at,
            due_at=None,
            paused_since=resting,
            left=left,
        )
    # Whoever waits in the queue again waits for us, whoever spoke last.
    due = after_open_time(hours, resting or ours, promised - used)
    return _running(ClockKind.RESOLUTION, handoff.asked_at, due, promised, hours, share, now)


def _state(left: timedelta, promised: timedelta, share: float, *, late: bool) -> ClockState:
    if late:
        return ClockState.LATE
    return ClockState.AT_RISK if left <= promised * (1 - share) else ClockState.RUNNING
