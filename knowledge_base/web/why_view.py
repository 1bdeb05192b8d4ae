"""knowledge_base: what the page "why this answer" shows, worked out beforehand. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kit.contracts import Language
from knowledge_base.contracts import Explanation, Level, NoReplay, PastReply, Weighed, Why
from nlu.service import mask_personal

CANDIDATES = 5
PARTS = 8
"""Parts of a score that are shown; the others hardly moved it."""
HARDLY = 0.005
"""A part that moved the sum by less is left out."""
HALF = 50.0
"""Middle of a picture that is 100 wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartBar:
    """One part of a score as a bar from the middle: to the right it spoke for, to the left against."""

    name: str
    value: float
    moved: float
    start: float
    """Left end of the bar, of 100."""
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleBar:
    """An article as a bar of its confidence."""

    article_id: str
    title: str
    version: int
    percent: int
    width: float
    score: float | None
    """None where only the record tells."""
    parts: tuple[PartBar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView:
    """One search: its articles against the two thresholds."""

    level: Level
    look: str
    answer: float
    """Where a bar must reach for an answer, of 100."""
    clarify: float
    articles: tuple[ArticleBar, ...]
    confidence: tuple[PartBar, ...]
    word_for_word: bool
    knowledge_base_version: int
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyView:
    """The whole page."""

    question: str
    """With personal data masked, as in logs."""
    language: Language
    reply: PastReply
    recorded: SearchView | None
    then: SearchView | None
    not_then: NoReplay | None
    same: bool
    today: SearchView | None
    differs: bool
    """Whether today's first article or level is another one than the recorded."""


LOOKS = {Level.SURE: "ok", Level.UNSURE: "info", Level.UNKNOWN: "warn"}


def why_view(why: Why) -> WhyView:
    """`why` for people."""
    reply = why.reply
    recorded = _recorded(reply)
    today = _explained(why.today)
    return WhyView(
        question=mask_personal(reply.question),
        language=reply.language,
        reply=reply,
        recorded=recorded,
        then=_explained(why.then),
        not_then=why.not_then,
        same=why.same,
        today=today,
        differs=recorded is not None and today is not None and _outcome(recorded) != _outcome(today),
    )


def part_bars(weighed: Iterable[Weighed], *, most: int = PARTS) -> tuple[PartBar, ...]:
    """The parts that moved a sum most, on one scale."""
    felt = sorted((part for part in weighed if abs(part.moved) >= HARDLY), key=lambda part: -abs(part.moved))[:most]
    longest = max((abs(part.moved) for part in felt), default=1.0)
    return tuple(
        PartBar(
            name=part.name,
            value=part.value,
            moved=part.moved,
            start=HALF if part.moved >= 0 else HALF - HALF * -part.moved / longest,
            width=HALF * abs(part.moved) / longest,
        )
        for part in felt
    )


def _recorded(reply: PastReply) -> SearchView | None:
    if reply.level is None:
        return None
    return SearchView(
        level=reply.level,
        look=LOOKS[reply.level],
        answer=_of_100(reply.answer_threshold),
        clarify=_of_100(reply.clarify_threshold),
        articles=tuple(
            _bar(match.article_id, match.title, match.version, match.confidence) for match in reply.matches[:CANDIDATES]
        ),
        confidence=(),
        word_for_word=False,
        knowledge_base_version=reply.knowledge_base_version,
        model=reply.model,
    )


def _explained(explanation: Explanation | None) -> SearchView | None:
    if explanation is None:
        return None
    result = explanation.result
    return SearchView(
        level=result.level,
        look=LOOKS[result.level],
        answer=_of_100(result.answer_threshold),
        clarify=_of_100(result.clarify_threshold),
        articles=tuple(
            _bar(
                each.match.article_id,
                each.match.title,
                each.match.version,
                each.match.confidence,
                score=each.score,
                weighed=each.weighed,
            )
            for each in explanation.candidates[:CANDIDATES]
        ),
        confidence=part_bars(explanation.confidence),
        word_for_word=explanation.word_for_word,
        knowledge_base_version=result.knowledge_base_version,
        model=result.model,
    )


def _bar(
    article_id: str,
    title: str,
    version: int,
    confidence: float,
    *,
    score: float | None = None,
    weighed: Sequence[Weighed] = (),
) -> ArticleBar:
    return ArticleBar(
        article_id=article_id,
        title=title,
        version=version,
        # Rounded down: "100 % sure" would be more than anybody knows.
        percent=min(99, int(confidence * 100)),
        width=_of_100(confidence),
        score=score,
        parts=part_bars(weighed),
    )


def _outcome(search: SearchView) -> tuple[Level, str]:
    return search.level, search.articles[0].article_id if search.articles else ""


def _of_100(share: float) -> float:
    return round(100 * min(1.0, max(0.0, share)), 1)
