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
    """`opened`, `order_number`, `wanted`, `contact`, `category`, `severity`, `status`, `added`, `comment`."""
    before: str
    after: str
    by_name: str = ""
    """Display name of a person at that time; empty for customer and bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A file as people work on it: with what the classifier read at first, and its whole history."""

    case: Case
    version: int
    """Number of history lines; a person who changes something names the version they saw."""
    read_category: str
    read_severity: Severity
    history: tuple[CaseChange, ...]
    """Oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """Which files a list shows; None means any."""

    status: CaseStatus | None = None
    severity: Severity | None = None
    category: str | None = None
    text: str = ""
    """Part of a number, an order number or the customer's name."""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One page of a list, newest files first."""

    cases: tuple[Case, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Who changes a file by hand."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person changes; None leaves a value as it is."""

    category: str | None = None
    severity: Severity | None = None
    status: CaseStatus | None = None
    comment: str = ""
