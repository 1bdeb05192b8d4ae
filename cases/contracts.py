"""cases: the values that cross its door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kit.contracts import Language
from nlu.contracts import Severity


class CaseStatus(StrEnum):
    """How far a complaint file is."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A complaint file about to be opened; `key` makes opening it twice the same as once."""

    key: str
    conversation_id: str
    customer_name: str
    language: Language
    category: str
    category_confidence: float
    severity: Severity
    severity_confidence: float
    rule: str | None
    what_happened: str
    """The customer's own words."""
    order_number: str | None = None
    wanted: str | None = None
    contact: str | None = None
    words: tuple[str, ...] = ()
    """The words that led to category and severity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A stored complaint file. `number` is what the customer keeps; it opens nothing by itself."""

    id: str
    number: str
    conversation_id: str
    customer_name: str
    language: Language
    category: str
    category_confidence: float
    severity: Severity
    severity_confidence: float
    rule: str | None
    what_happened: str
    order_number: str | None
    wanted: str | None
    contact: str | None
    words: tuple[str, ...]
    status: CaseStatus
    opened_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """One line of a file's history, which is only ever added to."""

    case_id: str
    at: datetime
    by: str
    """Account id, `customer` or `bot`."""
    what: str
    """`opened`, `order_number`, `wanted`, `contact`, `category`, `severity`, `status`, `added`."""
    before: str
    after: str
