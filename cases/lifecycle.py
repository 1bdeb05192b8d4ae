"""cases: how a file may move, and how numbers look. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from cases.contracts import CaseStatus
from cases.refusals import StatusNotAllowed

ALLOWED: dict[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.OPEN: frozenset({CaseStatus.IN_PROGRESS, CaseStatus.RESOLVED, CaseStatus.WITHDRAWN}),
    CaseStatus.IN_PROGRESS: frozenset({CaseStatus.OPEN, CaseStatus.RESOLVED, CaseStatus.WITHDRAWN}),
    CaseStatus.RESOLVED: frozenset({CaseStatus.IN_PROGRESS}),
    # A customer may think again; the file keeps its number.
    CaseStatus.WITHDRAWN: frozenset({CaseStatus.IN_PROGRESS}),
}
"""Where a file may go from each status."""


def check_move(present: CaseStatus, wanted: CaseStatus) -> None:
    """Raises `StatusNotAllowed` where `ALLOWED` has no way."""
    if wanted not in ALLOWED[present]:
        raise StatusNotAllowed(field="status", present=present.value, wanted=wanted.value)


def period_of(at: datetime, zone: ZoneInfo) -> str:
    """The month a number is counted in, as `yymm` on the clocks of `zone`."""
    return at.astimezone(zone).strftime("%y%m")


def number_of(prefix: str, period: str, count: int) -> str:
    """A file number such as `TS2611-000042`; past 999,999 files a month it grows by a digit."""
    return f"{prefix}{period}-{count:06d}"
