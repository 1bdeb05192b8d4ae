"""bot: what "and for the bigger one?" means after an answer. Pure.

A short message is searched twice: by itself, and behind the question before it. Behind the old question the old
article comes up again whatever was added, so it is set aside: what is left says what the addition changed. Neither
search is trusted alone. For every article both confidences go into one small logistic model, which also says how
likely the same article is meant once more; its weights are fitted on the development half of
`knowledge_base/starter/evaluation/follow_ups.jsonl` (docs/decisions/0026-follow-ups.md).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.state import Topic
from knowledge_base.contracts import Level, Match, SearchResult
from nlu.service import names_code, without_codes

WIDEST = 60
"""Longest message that may lean on the one before it, a Chinese character counting two."""
WORD_FOR_WORD = 0.99
"""Confidence of a question that stands in the base as it was asked: nothing before it can make it clearer."""
SHORTEST_WHOLE = 24
"""From so many characters on a message says enough to stand by itself, whatever it begins with."""
ELLIPTICAL = re.compile(r"^(?:那|and\b|what about|how about|so\b|or\b)|呢[?？]?$", re.IGNORECASE)
FLOOR = 1e-3
CHOICES = 3
WITHIN = 0.05
"""An article is offered down to this share of the first one's chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The logistic model. `alone` and the others weigh the log-odds of a confidence."""

    alone: float
    """The message by itself."""
    behind: float
    """The message behind the old question, the old article set aside."""
    again: float
    """The old article, in the search behind the old question."""
    is_old: float
    """Added where the article is the old one."""
    bias: float


WEIGHTS = Weights(alone=0.71, behind=1.17, again=0.97, is_old=-3.49, bias=2.98)
"""As `python -m bot evaluate-dialogues --fit` finds them."""


def leans(text: str, topic: Topic | None, *, now: datetime, minutes: int) -> bool:
    """Whether `text` may be a follow-up of `topic`: the topic is fresh and the text short."""
    if topic is None or now - topic.at > timedelta(minutes=minutes):
        return False
    width = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return width <= WIDEST


def behind(topic: Topic, text: str) -> str:
    """The message behind the question it leans on; a model or code it names takes the place of those before."""
    question = without_codes(topic.question) if names_code(text) else topic.question
    return f"{question} {text}"


def is_elliptical(text: str) -> bool:
    """Whether the message by its form only adds to what was said: "那冰箱呢", "and for a fridge?"."""
    return len(text) <= SHORTEST_WHOLE and ELLIPTICAL.search(text) is not None


def is_settled(alone: SearchResult) -> bool:
    """Whether the message is so clear by itself that nothing before it matters."""
    return bool(alone.matches) and alone.matches[0].confidence >= WORD_FOR_WORD


def combine(
    alone: SearchResult, context: SearchResult, *, old: str, elliptical: bool = False, weights: Weights = WEIGHTS
) -> SearchResult:
    """One result of the two searches; `old` is the article that was shown last (empty: none was).

    What is `elliptical` cannot stand by itself: if nothing else is known, the old article is offered. What seems clear
    by itself means something else only where both searches together are sure of it: "how long does that take" is most
    often asked about parcels, and behind a repair about repairs.
    """
    features = features_of(_confidences(alone), _confidences(context), old=old)
    chances = {article_id: _chance(weights, row) for article_id, row in features.items()}
    found: Mapping[str, Match] = {match.article_id: match for match in (*context.matches, *alone.matches)}
    matches = tuple(
        replace(found[article_id], confidence=chance)
        for article_id, chance in sorted(chances.items(), key=lambda pair: -pair[1])
    )
    offered = _offered(matches)
    level = _level(offered, alone)
    if level is not Level.SURE and _stands(alone, context, elliptical=elliptical):
        return alone
    if level is Level.UNKNOWN and elliptical and context.level is Level.SURE and context.matches[0].article_id == old:
        first = next(match for match in matches if match.article_id == old)
        offered, level = (first, *(match for match in offered if match is not first))[:2], Level.UNSURE
    return replace(
        alone,
        level=level,
        matches=matches[: max(len(alone.matches), len(context.matches))],
        choices=offered if level is Level.UNSURE else (),
        milliseconds=alone.milliseconds + context.milliseconds,
    )


def _stands(alone: SearchResult, context: SearchResult, *, elliptical: bool) -> bool:
    """Whether the message by itself is clear: by its form, or since it is nowhere near what was talked about."""
    if alone.level is not Level.SURE:
        return False
    return not elliptical or alone.matches[0].article_id not in {match.article_id for match in context.matches}


def features_of(
    by_itself: Mapping[str, float], behind_old: Mapping[str, float], *, old: str
) -> dict[str, tuple[float, ...]]:
    """What the model sees of each article, in the order of `Weights`, from the confidences of both searches."""
    # What the search behind the old question would say if it were known that the old article is not meant.
    left = max(1.0 - behind_old.get(old, 0.0), FLOOR)
    features: dict[str, tuple[float, ...]] = {}
    for article_id in dict.fromkeys((*by_itself, *behind_old)):
        again, there = article_id == old, behind_old.get(article_id, 0.0)
        features[article_id] = (
            _odds(by_itself.get(article_id, 0.0)),
            0.0 if again else _odds(min(there / left, 1.0)),
            _odds(there) if again else 0.0,
            float(again),
            1.0,
        )
    return features


def _chance(weights: Weights, features: tuple[float, ...]) -> float:
    row = (weights.alone, weights.behind, weights.again, weights.is_old, weights.bias)
    return 1.0 / (1.0 + math.exp(-sum(weight * feature for weight, feature in zip(row, features, strict=True))))


def _confidences(result: SearchResult) -> dict[str, float]:
    return {match.article_id: match.confidence for match in result.matches}


def _odds(confidence: float) -> float:
    inside = min(max(confidence, FLOOR), 1.0 - FLOOR)
    return math.log(inside / (1.0 - inside))


def _offered(matches: Sequence[Match]) -> tuple[Match, ...]:
    """The two or three worth offering: of different titles, and not far behind the first."""
    offered: list[Match] = []
    for match in matches:
        near = len(offered) < 2 or match.confidence >= offered[0].confidence * WITHIN  # noqa: PLR2004 - one is no choice
        if near and match.title not in {other.title for other in offered}:
            offered.append(match)
        if len(offered) == CHOICES:
            break
    return tuple(offered)


def _level(offered: Sequence[Match], alone: SearchResult) -> Level:
    """By the thresholds of the base: a fitted confidence means the same whoever fitted it."""
    if offered and offered[0].confidence >= alone.answer_threshold:
        return Level.SURE
    enough = sum(match.confidence for match in offered) >= alone.clarify_threshold
    return Level.UNSURE if enough else Level.UNKNOWN
