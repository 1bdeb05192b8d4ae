"""cases: what a supervisor should know in the morning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cases.contracts import Watched
from kit.contracts import Language
from staff.contracts.sight import Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervisor:
    """Somebody the digest is for."""

    account_id: str
    name: str = ""
    """Sign-in name."""
    language: Language
    sight: Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What is owed on one day, as far as the reader sees it. Lists are cut, the numbers are not."""

    day: date
    late: tuple[Watched, ...]
    today: tuple[Watched, ...]
    """Not late yet, and due before the day is over."""
    call_backs: tuple[Watched, ...]
    """Promises that a person made to a customer, late or due today; they are not in the other lists."""
    late_count: int
    today_count: int
    call_back_count: int
    follow_ups: int
    """Customers to be asked today."""
