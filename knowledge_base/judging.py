"""knowledge_base: what a publication would do to the answers, judged question by question. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from kit.contracts import Language
from knowledge_base.contracts import Article, Level, PastQuestion, SearchResult


class Outcome(IntEnum):
    """How well the base deals with a golden question; a larger number is better."""

    WRONG = 0
    """Another article is given as the answer, or any article where none should be."""
    MISSED = 1
    """The bot says it does not know, or offers choices without the right one."""
    OFFERED = 2
    """The right article is among the choices; where none is right, choices are offered."""
    RIGHT = 3
    """The right article is the answer; where none is right, the bot says it does not know."""

    @property
    def key(self) -> str:
        """The last part of its text key."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenQuestion:
    """A question whose right answer the house has settled."""

    id: str
    question: str
    language: Language
    article_id: str | None
    """The article that answers it; None: the base has no answer and must not pretend to."""
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a customer would get: the level, and the article that stands first (none when the bot does not know)."""

    level: Level
    article_id: str | None
    title: str
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenResult:
    """A golden question before and after."""

    question: GoldenQuestion
    before: Outcome
    after: Outcome
    shown: Shown
    """What customers would get after."""

    @property
    def is_worse(self) -> bool:
        """Whether the publication would harm this answer."""
        return self.after < self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedAnswer:
    """A past question that would be answered differently."""

    question: PastQuestion
    before: Shown
    after: Shown
    is_rewritten: bool
    """Whether the same article answers, with another title or text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A wording of the draft that the base already answers with another article."""

    wording: str
    language: Language
    article_id: str
    title: str
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A sentence of the draft that does not go with one of another article on the same matter."""

    language: Language
    article_id: str
    title: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleShort:
    """A short answer that stayed while its answer changed."""

    article_id: str
    title: str
    language: Language
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReport:
    """What publishing would do."""

    golden: tuple[GoldenResult, ...]
    changed: tuple[ChangedAnswer, ...]
    past: int
    """How many past questions were tried."""
    duplicates: tuple[Duplicate, ...]
    contradictions: tuple[Contradiction, ...] = ()
    stale_shorts: tuple[StaleShort, ...] = ()

    @property
    def worse(self) -> tuple[GoldenResult, ...]:
        """Golden answers that would be harmed."""
        return tuple(result for result in self.golden if result.is_worse)

    @property
    def better(self) -> tuple[GoldenResult, ...]:
        """Golden answers that would gain."""
        return tuple(result for result in self.golden if result.after > result.before)

    @property
    def wants_attention(self) -> bool:
        """Whether there is anything a person should see before publishing."""
        return bool(self.worse or self.changed or self.duplicates or self.contradictions or self.stale_shorts)


def find_stale_shorts(articles: Sequence[Article]) -> tuple[StaleShort, ...]:
    """What chat apps would go on saying although the answer changed."""
    return tuple(
        StaleShort(article_id=each.id, title=side.title, language=side.language, short=side.short)
        for each in articles
        for side in each.texts
        if side.language in each.stale_shorts
    )


def judge(result: SearchResult, right: str | None) -> Outcome:
    """How well `result` deals with a question whose right article is `right`."""
    if right is None:
        return {Level.UNKNOWN: Outcome.RIGHT, Level.UNSURE: Outcome.OFFERED, Level.SURE: Outcome.WRONG}[result.level]
    match result.level:
        case Level.SURE:
            return Outcome.RIGHT if result.matches[0].article_id == right else Outcome.WRONG
        case Level.UNSURE:
            offered = any(match.article_id == right for match in result.choices)
            return Outcome.OFFERED if offered else Outcome.MISSED
        case Level.UNKNOWN:
            return Outcome.MISSED


def shown(result: SearchResult) -> Shown:
    """What a customer would get."""
    if result.level is Level.UNKNOWN or not result.matches:
        return Shown(level=Level.UNKNOWN, article_id=None, title="", percent=0)
    first = result.matches[0]
    # Rounded down: "100 % sure" would be more than anybody knows.
    percent = min(99, int(first.confidence * 100))
    return Shown(level=result.level, article_id=first.article_id, title=first.title, percent=percent)


def changed_answers(
    asked: Sequence[PastQuestion],
    before: Sequence[SearchResult],
    after: Sequence[SearchResult],
    *,
    draft_ids: Collection[str],
) -> tuple[ChangedAnswer, ...]:
    """The questions whose answer would be another article, another level, or a draft's new text."""
    found = []
    for question, old, new in zip(asked, before, after, strict=True):
        was, will = shown(old), shown(new)
        same = (was.level, was.article_id) == (will.level, will.article_id)
        rewritten = same and will.article_id in draft_ids and will.level is Level.SURE and _text(old) != _text(new)
        if not same or rewritten:
            found.append(ChangedAnswer(question=question, before=was, after=will, is_rewritten=rewritten))
    return tuple(found)


def _text(result: SearchResult) -> tuple[str, str]:
    return (result.matches[0].title, result.matches[0].answer) if result.matches else ("", "")
