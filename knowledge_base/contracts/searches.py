"""knowledge_base: the values of questions: what a search found, what led to it, and what stayed unanswered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kit.contracts import Language
from knowledge_base.contracts.articles import ArticleAction, Attachment, Audience


class Level(StrEnum):
    """How sure the search is that the first match answers the question."""

    SURE = "sure"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Another published article, offered as a button below an answer."""

    article_id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A published article that may answer the question, in the language that will be shown."""

    article_id: str
    key: str
    category: str
    version: int
    language: Language
    title: str
    answer: str
    short: str
    wording: str
    """The indexed wording that matched best."""
    confidence: float
    """Calibrated probability that this article is the right answer, 0 to 1."""
    similarity: float
    """Cosine of the best wording, for display beside the confidence."""
    follow_ups: tuple[FollowUp, ...] = ()
    action: ArticleAction | None = None
    department: str = ""
    """Where HAND_OVER leads to; empty: the desk finds it. It may be gone from the desk's settings by now."""
    audience: Audience = Audience.CUSTOMERS
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """What the base found for one question."""

    level: Level
    matches: tuple[Match, ...]
    """Different articles, best first; at most ten."""
    choices: tuple[Match, ...]
    """The two or three that are worth offering when `level` is UNSURE; really different articles."""
    answer_threshold: float
    clarify_threshold: float
    knowledge_base_version: int
    """Grows with every publication; names the state of the base that was searched."""
    model: str
    """Encoder fingerprint and calibration version."""
    milliseconds: float


class Helped(StrEnum):
    """The customer's word on an answer."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the base answers to a question now, and what it would answer with a draft published."""

    before: SearchResult
    after: SearchResult


@dataclass(frozen=True, slots=True, kw_only=True)
class MissLine:
    """The same unanswered question, as often as it was asked."""

    question: str
    language: Language
    why: str
    count: int
    last_at: datetime
    best_article_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissPage:
    """One page of unanswered questions, newest first."""

    lines: tuple[MissLine, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One thing that spoke for or against: its value, and how much it moved the sum."""

    name: str
    value: float
    moved: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article that was in question, with what spoke for it."""

    match: Match
    score: float
    """Only differences between candidates mean something."""
    weighed: tuple[Weighed, ...]
    """Adds up to `score`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A search with everything that led to its result."""

    result: SearchResult
    candidates: tuple[Candidate, ...]
    """Best first."""
    confidence: tuple[Weighed, ...]
    """What made the first candidate's confidence; the largest part first."""
    word_for_word: bool
    """Whether the question stands among the first candidate's wordings; the confidence then says so and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastQuestion:
    """What a customer once asked."""

    question: str
    language: Language
