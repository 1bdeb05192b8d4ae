"""cases: whether a repair is under warranty, and when technicians can come. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from cases.contracts.after_sales import Warranty
from cases.follow_ups.hours import asking_hours
from cases.settings.after_sales import AfterSalesSettings
from kit.hours import OpeningHours, moment

MONTHS = 12


def warranty_of(
    settings: AfterSalesSettings, product: str, bought_on: date | None, today: date
) -> tuple[Warranty, date | None]:
    """Whether a product is under warranty today, and its last day of it."""
    found = next((each for each in settings.products if each.name == product), None)
    if found is None or bought_on is None:
        return Warranty.UNKNOWN, None
    last = months_later(bought_on, found.warranty_months)
    return (Warranty.COVERED if today <= last else Warranty.OVER), last


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the month's last one where it has no such day."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def visit_slots(
    opening: OpeningHours, slots: Iterable[str], now: datetime, *, days: int
) -> tuple[tuple[datetime, datetime], ...]:
    """Begin and end of every slot that is still ahead, on days on which the department is open."""
    hours = asking_hours(opening, slots)
    today = now.astimezone(hours.zone).date()
    found = [
        (moment(day, slot.start, hours.zone), moment(day, slot.end, hours.zone))
        for day in (today + timedelta(days=ahead) for ahead in range(days + 1))
        for slot in hours.slots(day)
    ]
    return tuple(sorted((begins, ends) for begins, ends in found if begins > now))
