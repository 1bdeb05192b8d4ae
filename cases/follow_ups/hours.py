"""cases: when customers may be asked: the settings' hours within those of the department. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kit.hours import OpeningHours, Slot, is_open, next_opening, parse_slot


def asking_hours(opening: OpeningHours, slots: Iterable[str]) -> OpeningHours:
    """The part of `opening` that lies in `slots`, on ordinary and on special days."""
    allowed = tuple(map(parse_slot, slots))

    def cut(day: tuple[Slot, ...]) -> tuple[Slot, ...]:
        both = [
            Slot(start=max(one.start, other.start), end=min(one.end, other.end)) for one in day for other in allowed
        ]
        return tuple(slot for slot in both if slot.start < slot.end)

    return OpeningHours(
        zone=opening.zone,
        days=tuple(map(cut, opening.days)),
        special={day: cut(slots) for day, slots in opening.special.items()},
    )


def next_allowed(hours: OpeningHours, at: datetime) -> datetime:
    """The first moment from `at` on at which a customer may be asked; `at` itself where no hour ever is."""
    return at if is_open(hours, at) else next_opening(hours, at) or at
