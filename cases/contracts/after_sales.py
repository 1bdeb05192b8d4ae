"""cases: the values of repairs: warranty, parts, visits, costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Warranty(StrEnum):
    """Whether a repair is free for the customer."""

    COVERED = "covered"
    OVER = "over"
    UNKNOWN = "unknown"
    """Product or day of purchase is not known."""


class NeedState(StrEnum):
    """What became of a part that a repair needs."""

    WAITING = "waiting"
    """Out of stock."""
    RESERVED = "reserved"
    USED = "used"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A part that a repair needs."""

    id: str
    case_id: str
    part: str
    pieces: int
    state: NeedState
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One line of the ledger of parts, which is only ever added to."""

    id: str
    key: str
    """The same key twice is one movement."""
    part: str
    pieces: int
    """Received: above nought; used: below."""
    case_id: str | None
    at: datetime
    by: str
    by_name: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """How many of a part there are, and how many of these are promised to repairs."""

    part: str
    on_hand: int = 0
    reserved: int = 0
    waiting: int = 0
    """Asked for by repairs that wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A technician's visit; a seat is one of those that can be under way at the same time."""

    id: str
    case_id: str
    begins_at: datetime
    ends_at: datetime
    seat: int = 0
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a repair cost, and who pays it."""

    id: str
    case_id: str
    what: str
    cents: int
    by_customer: bool
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The after-sales part of a case."""

    bought_on: date | None = None
    warranty: Warranty = Warranty.UNKNOWN
    warranty_until: date | None = None
    needs: tuple[Need, ...] = ()
    visits: tuple[Visit, ...] = ()
    costs: tuple[Cost, ...] = ()

    def cents(self, *, by_customer: bool) -> int:
        """What the customer, or the house, pays for all of it."""
        return sum(cost.cents for cost in self.costs if cost.by_customer == by_customer)
