"""cases: what a report is made from, as it stood at the end of its period, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cases.contracts import Level
from cases.contracts.clocks import ClockEnd, ClockKind
from cases.contracts.reports import CauseLine
from nlu.contracts import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a file opened in a time is counted by, as it stood at the end of the period."""

    id: str
    kind: str
    category: str
    severity: Severity
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed(Counted):
    """A file of the period itself."""

    number: str
    level: Level
    opened_at: datetime
    known_by: tuple[str, ...]
    """What tells whose file it is: conversation, order number, contact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """Files went from one step to another."""

    kind: str
    by_house: bool
    """Time did it, nobody else."""
    before: str
    after: str
    count: int
    """How often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a report of one period needs."""

    filed: tuple[Filed, ...]
    """Opened in the period."""
    earlier: tuple[Counted, ...]
    """Opened in the period before."""
    known_before: frozenset[str]
    """What files of the ninety days before the period are known by (`Filed.known_by`), for repeats."""
    steps: tuple[Stepped, ...]
    """In the period, of all files, to an end or back from one."""
    open_now: int
    """Files opened before the end that have not ended by now."""
    steps_since: tuple[Stepped, ...]
    """After the end, of files opened before it: what has to be undone from `open_now`."""
    clocks: Mapping[tuple[ClockKind, ClockEnd], int]
    """Promises that ended in the period."""
    became_late: Mapping[ClockKind, int]
    late_of: Mapping[str, int] = field(default_factory=dict)
    """How many promises of a file became late in the period."""
    objected_of: Mapping[str, int] = field(default_factory=dict)
    came_back_of: Mapping[str, int] = field(default_factory=dict)
    """How often a file was taken up again after its end, in the period."""
    products_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Products that were named on files of this period and the one before."""
    causes: tuple[CauseLine, ...] = ()


class FactStore(Protocol):
    """Reads facts out of SQL."""

    async def words(self, case_ids: Sequence[str]) -> Mapping[str, str]:
        """How some files began."""
        ...

    async def facts(self, since: datetime, until: datetime, *, before: datetime, ends: frozenset[str]) -> Facts:
        """Of `since` up to `until`; the period before began at `before`; `ends` are names of last steps."""
        ...
