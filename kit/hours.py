"""kit: opening hours and the time that runs within them. Pure: moments go in, moments come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = 24 * 60
WEEK = 7
FURTHEST = 400
"""Days ahead that are searched for open time; a desk that is closed for longer keeps no promise in hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """From minute `start` of its day up to, not including, minute `end`; past `DAY` it reaches into the next day."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """The slots of each weekday (Monday first) on the clocks of one time zone."""

    zone: ZoneInfo
    days: tuple[tuple[Slot, ...], ...]
    special: Mapping[date, tuple[Slot, ...]] = field(default_factory=dict)
    """Dates that differ from their weekday: holidays (no slot), make-up workdays, short days."""

    def slots(self, day: date) -> tuple[Slot, ...]:
        """The slots that begin on `day`."""
        return self.special.get(day, self.days[day.weekday()])

    def round_the_clock(self) -> bool:
        """Whether no minute of the week is closed."""
        open_minutes = set[int]()
        for weekday, slots in enumerate(self.days):
            for slot in slots:
                first = weekday * DAY + slot.start
                open_minutes.update(minute % (WEEK * DAY) for minute in range(first, first + slot.end - slot.start))
        return len(open_minutes) == WEEK * DAY


def parse_slot(text: str) -> Slot:
    """`08:30-22:00`, `22:00-06:00` (over midnight) or `00:00-24:00`, as the settings allow it."""
    start, end = (int(time[:2]) * 60 + int(time[3:]) for time in text.split("-"))
    return Slot(start=start, end=end if end > start else end + DAY)


def is_open(hours: OpeningHours, at: datetime) -> bool:
    """Whether the desk is open at `at`."""
    here = at.astimezone(hours.zone).replace(tzinfo=None)
    # A slot of yesterday may reach into today.
    for day in (here.date() - timedelta(days=1), here.date()):
        midnight = datetime.combine(day, time())
        for slot in hours.slots(day):
            if midnight + timedelta(minutes=slot.start) <= here < midnight + timedelta(minutes=slot.end):
                return True
    return False


def next_opening(hours: OpeningHours, at: datetime) -> datetime | None:
    """When the desk opens next (aware UTC) if it is closed at `at`; None while it is open or if it never opens."""
    if is_open(hours, at):
        return None
    today = at.astimezone(hours.zone).date()
    # Holidays may follow each other; a week after the last of them is an ordinary one again.
    last = max((day for day in hours.special if day >= today), default=today)
    for ahead in range((last - today).days + WEEK + 1):
        day = today + timedelta(days=ahead)
        starts = sorted(moment(day, slot.start, hours.zone) for slot in hours.slots(day))
        for start in starts:
            if start > at:
                return start
    return None


def moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Minute `minute` of `day` on the clocks of `zone`, as aware UTC; minutes past `DAY` are of the next day."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def open_spans(hours: OpeningHours, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The open time from `since` on (aware UTC), in order and without overlaps, as far as `FURTHEST` days ahead."""
    today, cursor = since.astimezone(hours.zone).date(), since
    # A slot of yesterday may reach into today.
    for ahead in range(-1, FURTHEST):
        day = today + timedelta(days=ahead)
        for slot in sorted(hours.slots(day), key=lambda each: each.start):
            start, end = moment(day, slot.start, hours.zone), moment(day, slot.end, hours.zone)
            if end > cursor:
                yield max(start, cursor), end
                cursor = end


def after_open_time(hours: OpeningHours, since: datetime, wanted: timedelta) -> datetime:
    """When `wanted` of open time has passed since `since`; plain time counts where the desk is not open that long."""
    left = wanted
    for start, end in open_spans(hours, since):
        if start + left <= end:
            return start + left
        left -= end - start
    return since + wanted


def open_time_between(hours: OpeningHours, since: datetime, until: datetime) -> timedelta:
    """How much open time lies between two moments; none where `until` is the earlier one."""
    total = timedelta()
    for start, end in open_spans(hours, since):
        if start >= until:
            break
        total += min(end, until) - start
    return total
