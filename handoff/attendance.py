"""handoff: the attendance sheet: who was there when, how long in which state, against the planned shift. Pure.

A working day runs from midnight to midnight of the clocks of somebody's department; a night shift belongs to the day on
which it began, so the hours after midnight count there and not twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handoff.contracts import AgentProfile, AgentState, Span
from handoff.settings import Shift
from kit.hours import DAY, Slot, moment, parse_slot

GRACE = timedelta(minutes=1)
"""Later or earlier than this counts as late or early."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The clocks of a department, and the dates on which other shifts are worked than on their weekday."""

    zone: ZoneInfo
    worked_as: Mapping[date, int | None] = field(default_factory=dict)
    """The weekday (Monday is 0) whose shifts are worked on a date; None: nobody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One person's working day."""

    account_id: str
    day: date
    shift: str
    """Name of the planned shift; empty on a day off."""
    clock_in: datetime | None
    clock_out: datetime | None
    """None also while somebody is still there."""
    worked: timedelta
    """In every state but off duty."""
    in_state: Mapping[AgentState, timedelta]
    planned: timedelta
    late: timedelta
    early: timedelta
    """Left before the end of the shift."""

    @property
    def absent(self) -> bool:
        """Planned, over, and never seen."""
        return bool(self.planned) and self.clock_in is None and self.late > timedelta()


def attendance(
    profile: AgentProfile,
    spans: Iterable[Span],
    *,
    days: Sequence[date],
    shifts: Mapping[str, Shift],
    calendar: Calendar,
    now: datetime,
) -> tuple[Attendance, ...]:
    """The sheet of one person, a line a day that was planned or worked."""
    mine = [span for span in spans if span.account_id == profile.account_id]
    sheet = []
    for day in days:
        shift = _shift(profile, day, shifts, calendar)
        line = _day(profile, mine, day=day, shift=shift, window=_window(profile, day, shifts, calendar), now=now)
        planned = _planned(line, shift, zone=calendar.zone, now=now)
        if planned.planned or planned.worked:
            sheet.append(planned)
    return tuple(sheet)


def _day(
    profile: AgentProfile,
    spans: Sequence[Span],
    *,
    day: date,
    shift: Shift | None,
    window: tuple[datetime, datetime],
    now: datetime,
) -> Attendance:
    begin, end = window
    in_state: dict[AgentState, timedelta] = {}
    first: datetime | None = None
    last: datetime | None = None
    still_there = False
    for span in spans:
        start, stop = max(span.began_at, begin), min(span.ended_at or now, end)
        if start >= stop:
            continue
        in_state[span.state] = in_state.get(span.state, timedelta()) + (stop - start)
        first = start if first is None else min(first, start)
        last = stop if last is None else max(last, stop)
        still_there = still_there or (span.ended_at is None and now < end)
    return Attendance(
        account_id=profile.account_id,
        day=day,
        shift=shift.name if shift else "",
        clock_in=first,
        clock_out=None if still_there else last,
        worked=sum(in_state.values(), timedelta()),
        in_state=in_state,
        planned=timedelta(),
        late=timedelta(),
        early=timedelta(),
    )


def _planned(line: Attendance, shift: Shift | None, *, zone: ZoneInfo, now: datetime) -> Attendance:
    """`line` compared with its shift, as far as the shift has begun."""
    if shift is None:
        return line
    slots = [parse_slot(slot) for slot in shift.slots]
    begin = min(moment(line.day, slot.start, zone) for slot in slots)
    end = max(moment(line.day, slot.end, zone) for slot in slots)
    length = sum((timedelta(minutes=slot.end - slot.start) for slot in slots), timedelta())
    late = (line.clock_in or min(now, end)) - begin
    early = end - line.clock_out if line.clock_out is not None and now >= end else timedelta()
    return Attendance(
        account_id=line.account_id,
        day=line.day,
        shift=line.shift,
        clock_in=line.clock_in,
        clock_out=line.clock_out,
        worked=line.worked,
        in_state=line.in_state,
        planned=length,
        late=late if late > GRACE else timedelta(),
        early=early if early > GRACE else timedelta(),
    )


def department_of(profile: AgentProfile, shifts: Mapping[str, Shift]) -> str | None:
    """Whose clocks and special days hold for somebody: the department of their shifts; None: those of the desk."""
    mine = (shifts[name] for name in profile.shifts if name in shifts)
    return next((shift.department for shift in mine if shift.department is not None), None)


def _window(
    profile: AgentProfile, day: date, shifts: Mapping[str, Shift], calendar: Calendar
) -> tuple[datetime, datetime]:
    """From when to when things count to `day`; the windows of following days meet without a gap."""
    return _begin(profile, day, shifts, calendar), _begin(profile, day + timedelta(days=1), shifts, calendar)


def _begin(profile: AgentProfile, day: date, shifts: Mapping[str, Shift], calendar: Calendar) -> datetime:
    yesterday = day - timedelta(days=1)
    before = _shift(profile, yesterday, shifts, calendar)
    slots: list[Slot] = [parse_slot(slot) for slot in before.slots] if before else []
    return moment(yesterday, max([DAY, *(slot.end for slot in slots)]), calendar.zone)


def _shift(profile: AgentProfile, day: date, shifts: Mapping[str, Shift], calendar: Calendar) -> Shift | None:
    weekday = calendar.worked_as.get(day, day.weekday())
    return None if weekday is None else shifts.get(profile.shifts[weekday])
