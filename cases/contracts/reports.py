"""cases: the values of complaint reports and root causes that cross the room's door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cases.contracts.clocks import ClockKind
from cases.contracts.surveys import Measure
from nlu.contracts import Severity


class Span(StrEnum):
    """How long a report looks back."""

    WEEK = "week"
    """Monday to Sunday."""
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One week or month on the clocks of the desk."""

    span: Span
    first: date
    """Its first day."""

    @classmethod
    def holding(cls, span: Span, day: date) -> Period:
        """The period a day lies in."""
        first = day.replace(day=1) if span is Span.MONTH else day - timedelta(days=day.weekday())
        return cls(span=span, first=first)

    @property
    def after(self) -> date:
        """The first day that does not belong to it any more."""
        if self.span is Span.WEEK:
            return self.first + timedelta(days=7)
        return (self.first.replace(day=28) + timedelta(days=4)).replace(day=1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after - timedelta(days=1)

    def before(self) -> Period:
        """The one before."""
        return Period.holding(self.span, self.first - timedelta(days=1))

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it begins, and the first moment after it."""
        begin, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (self.first, self.after))
        return begin, end


class CauseKind(StrEnum):
    """What was learned from a file."""

    CAUSE = "cause"
    """Why the complaint came."""
    SUGGESTION = "suggestion"
    """What a customer or colleague would do better."""


class CauseState(StrEnum):
    """What is being done about it."""

    OPEN = "open"
    PLANNED = "planned"
    DONE = "done"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A root cause or suggestion of one product."""

    id: str
    kind: CauseKind
    product: str
    what: str
    department: str
    """Who has to do something about it; empty while nobody was named."""
    state: CauseState
    done: str
    """What was done, or why not."""
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseQuery:
    """Which causes and suggestions a list shows; None means any."""

    product: str | None = None
    kind: CauseKind | None = None
    state: CauseState | None = None
    department: str | None = None
    """Who has to do something about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseChange:
    """One line of a cause's history: everything as it was from then on."""

    at: datetime
    by: str
    by_name: str
    state: CauseState
    department: str
    done: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseCount:
    """A cause with the files it was found in."""

    cause: Cause
    count: int
    examples: tuple[str, ...]
    """Numbers of the newest ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """How many files, and how many in the period before."""

    name: str
    count: int
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was promised of one kind, and kept."""

    kind: ClockKind
    kept: int
    late: int
    """Done after its time."""
    became_late: int
    """Ran out without being done in the period, whenever it was done in the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """One of the worst files of the period."""

    number: str
    category: str
    severity: Severity
    words: str
    """How the complaint began."""
    late: int
    objected: int
    came_back: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseLine:
    """A root cause in the period."""

    kind: CauseKind
    product: str
    what: str
    state: CauseState
    done: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfied:
    """One figure of one questionnaire."""

    survey: str
    measure: Measure
    offered: int
    answered: int
    value: float
    low: float | None
    high: float | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A complaint report. Names stand as they are stored; whoever shows it puts labels in their place."""

    span: Span
    first: date
    last: date
    opened: Volume
    by_day: tuple[int, ...]
    by_kind: tuple[Volume, ...]
    by_category: tuple[Volume, ...]
    by_severity: tuple[Volume, ...]
    by_department: tuple[Volume, ...]
    by_product: tuple[Volume, ...]
    """Of the files for which a product was named."""
    confirmed: int
    """Closed because the customer said it is settled."""
    silence: int
    """Closed because the customer said nothing in time."""
    withdrawn: int
    came_back: int
    """Taken up again after their end."""
    open_at_end: int
    repeat: int
    """Files of customers who had complained in the ninety days before."""
    promises: tuple[Kept, ...]
    worst: tuple[Worst, ...]
    causes: tuple[CauseLine, ...]
    satisfaction: tuple[Satisfied, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReport:
    """A report as it was made: its bytes and their checksum."""

    period: Period
    made_at: datetime
    data: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReport:
    """A report to look at. One of a period that is not over has no checksum: it is made anew each time."""

    period: Period
    report: Report
    made_at: datetime
    sha256: str = ""
