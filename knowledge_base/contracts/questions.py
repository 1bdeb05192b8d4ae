"""knowledge_base: the values of what customers asked, how it went, and which questions went unanswered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kit.contracts import Language


class AskedOutcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    CLARIFIED = "clarified"
    """Articles were offered to choose from."""
    CHOSEN = "chosen"
    """One of those was chosen; goes with a CLARIFIED before it and is no question of its own."""
    UNKNOWN = "unknown"


class NoHelp(StrEnum):
    """Why an answer did not help, in the customer's word."""

    WRONG = "wrong"
    UNCLEAR = "unclear"
    OTHER = "other"
    """It answers another question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question that the bot dealt with."""

    id: str
    """Of the decision, so that what is said later of its answer finds it."""
    customer: str
    """Only tells customers apart."""
    channel: str
    language: Language
    at: datetime
    question: str
    outcome: AskedOutcome
    article_id: str | None
    """Shown, or the best match."""
    article_version: int | None
    rival_id: str | None = None
    """An article that came second by little, or that was offered first and not chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A question that got no good answer, kept for editors."""

    question: str
    language: Language
    why: str
    """`unknown`, `unsure`, `not_helpful`, `handed_over`, `rescued`: an agent answered it, or `left`: choices were
    shown, and none was taken."""
    at: datetime
    best_article_id: str | None = None
    customer: str = ""
    channel: str = ""
    reply: str = ""
    """What an agent wrote."""


class ClusterState(StrEnum):
    """What editors made of a cluster of unanswered questions."""

    OPEN = "open"
    DISMISSED = "dismissed"
    DONE = "done"
    """An article answers it, or will once it is published."""
    MERGED = "merged"
    """Into another one, which gets its questions."""


class Again(StrEnum):
    """Why a done cluster speaks up again."""

    RETIRED = "retired"
    """Its article is not published any more."""
    NOT_FOUND = "not_found"
    """Its article is published and not found for such a question."""
    NOT_HELPFUL = "not_helpful"
    """Its article is found and did not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFilter:
    """What a list or figure is narrowed to."""

    since: date
    language: Language | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterLine:
    """A cluster as the inbox lists it."""

    id: str
    title: str
    language: Language
    state: ClusterState
    article_id: str | None
    again: Again | None
    customers: int
    questions: int
    last_at: datetime
    weeks: tuple[int, ...] = ()
    """Questions a week, the present one last."""
    whys: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterPage:
    """One page of clusters, the costliest first."""

    lines: tuple[ClusterLine, ...]
    total: int
    channels: tuple[str, ...]
    """Channels that a filter can name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterCard:
    """A cluster with the words customers used and what agents replied."""

    line: ClusterLine
    wordings: tuple[tuple[str, int], ...]
    """(question, customers), the most frequent first."""
    replies: tuple[str, ...]
    """The newest first."""
    best_article_id: str | None
    """The article that most often came closest."""
