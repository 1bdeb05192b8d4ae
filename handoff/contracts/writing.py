"""handoff: what helps a representative to write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kit.contracts import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class CannedReply:
    """A reply that was written once and is sent often."""

    id: str
    title: str
    """What representatives find it by."""
    text: str
    """With variables in braces, such as {customer} (handoff/canned.py)."""
    language: Language
    department: str
    """Whose it is; "" is everybody's."""
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledReply:
    """A canned reply for one conversation."""

    id: str
    title: str
    text: str
    gaps: tuple[str, ...]
    """Marks in the text, such as [order number], where nothing is known and the representative has to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An article that may answer what the customer asked; customers may read all of it."""

    id: str
    title: str
    text: str
    """Plain, as it can be sent."""
    confidence: float
    """Calibrated probability that it is the right answer, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownArticle:
    """An article that a representative looked up."""

    id: str
    title: str
    language: Language
    """Of this side; an article that has no other is found in the other language too."""
    answer: str
    """Markdown, to be read."""
    text: str
    """Plain, as it can be sent."""
    confidence: float
    staff_only: bool
    """Never to be sent: written for colleagues."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """What became of what representatives wrote in one conversation; lines are named by their numbers."""

    pushed: bool
    """Whether the channel is sent to; else the customer's window fetches and reports itself."""
    waiting: tuple[int, ...] = ()
    """Stored, and not sent yet."""
    failed: tuple[int, ...] = ()
    """Given up; can be sent again."""
    delivered: int = 0
    """The last line the customer's window has."""
    read: int = 0
    """The last line that stood before the customer's eyes."""


class FlagReason(StrEnum):
    """What a representative says is not right about an answer."""

    WRONG = "wrong"
    OUT_OF_DATE = "out_of_date"
    INCOMPLETE = "incomplete"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What was asked and what may answer it, the likeliest first."""

    question: str
    items: tuple[Suggestion, ...]
