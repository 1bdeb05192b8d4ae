"""knowledge_base: one search over a base that is held in memory. Pure; the service keeps the base up to date."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from kit.contracts import Language
from knowledge_base.calibration import (
    CHOICE_WITHIN,
    CHOICES,
    Calibration,
    confidence_features,
    confidence_of,
    rank_scores,
)
from knowledge_base.corpus import LANGUAGE_NUMBER, QUESTION, ArticleRef
from knowledge_base.features import Candidates, Query, Without, find_candidates, look_up_words, read_query
from knowledge_base.lexicon import QueryWords
from knowledge_base.segment import Segment
from knowledge_base.space import Space
from knowledge_base.words import bare
from nlu.contracts import Vector

RESULTS = 10
WORD_FOR_WORD = 0.99
"""Confidence of an article that has the question among its wordings: an editor put it there."""
ARTICLES_REMEMBERED = 4_096
"""Whose questions are kept without spaces and punctuation."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Base:
    """Everything a search needs. A new one is made for every change and put in place whole."""

    version: int
    encoder: str
    big: Segment
    small: Segment | None
    """What was published since `big` was built."""
    gone: frozenset[int]
    """Article numbers of `big` that were retired or have a newer version in `small`."""
    space: Space
    calibration: Calibration

    @property
    def articles(self) -> int:
        """How many articles can be found."""
        return len(self.big.corpus.articles) - len(self.gone) + (len(self.small.corpus.articles) if self.small else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One article that may answer."""

    ref: ArticleRef
    wording: str
    confidence: float
    similarity: float
    score: float
    features: tuple[float, ...] = ()
    """In the order of `knowledge_base.features.RANK_FEATURES`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Different articles, best first."""

    found: tuple[Found, ...]
    model: str
    confidence_features: tuple[float, ...] = ()
    """Of the first, in the order of `knowledge_base.calibration.CONFIDENCE_FEATURES`."""


def search_base(base: Base, *, vector: Vector, folded: str, language: Language, count: int = RESULTS) -> Findings:
    """The articles that may answer the question, with calibrated confidence."""
    query = read_query(vector, folded, LANGUAGE_NUMBER[language], base.space)
    parts = [_look(base.big, query, Without(articles=base.gone))]
    if base.small is not None and len(base.small):
        parts.append(_look(base.small, query, Without()))
    features = np.concatenate([part.candidates.features for part in parts])
    model = f"{base.encoder}/{base.calibration.version}"
    if not len(features):
        return Findings(found=(), model=model)
    scores = rank_scores(base.calibration, features)
    same = _same_words(parts, folded)
    if same is not None:
        # The fit never sees a question that stands in the base word for word: each is left out of it in its turn.
        scores[same] = scores.max() + CHOICE_WITHIN
    by = np.argsort(-scores, kind="stable")
    seen = max((part.seen for part in parts), key=lambda words: words.seen)
    values = confidence_features(features[by], scores[by], query=query, seen=seen, segment=base.big)
    confidence = confidence_of(base.calibration, values)
    if same is not None:
        confidence = max(confidence, WORD_FOR_WORD)
    chances = np.exp(scores[by] - scores[by[0]])
    places = [(part, at) for part in parts for at in range(len(part.candidates.articles))]
    found = []
    for rank, place in enumerate(by[:count].tolist()):
        part, at = places[place]
        candidates, corpus = part.candidates, part.segment.corpus
        found.append(
            Found(
                ref=corpus.articles[int(candidates.articles[at])],
                wording=corpus.wordings[int(candidates.best_row[at])],
                confidence=confidence * float(chances[rank]),
                similarity=float(candidates.similarity[at]),
                score=float(scores[place]),
                features=tuple(features[place].tolist()),
            )
        )
    return Findings(found=tuple(found), model=model, confidence_features=tuple(values.tolist()))


def more_confident(first: Findings, other: Findings) -> Findings:
    """The findings whose best article is surer; the first when both are alike."""
    sure = [findings.found[0].confidence if findings.found else 0.0 for findings in (first, other)]
    return other if sure[1] > sure[0] else first


def _same_words(parts: list[_Part], folded: str) -> int | None:
    """Which candidate, counted over all parts, has the question as one of its wordings."""
    asked = bare(folded)
    at = 0
    for part in parts:
        corpus = part.segment.corpus
        for article in part.candidates.articles.tolist():
            rows = slice(int(corpus.starts[article]), int(corpus.starts[article + 1]))
            if asked in _bare_questions(corpus.wordings[rows], corpus.roles[rows].tobytes()):
                return at
            at += 1
    return None


@functools.lru_cache(maxsize=ARTICLES_REMEMBERED)
def _bare_questions(wordings: tuple[str, ...], roles: bytes) -> frozenset[str]:
    """What is left of an article's questions; `roles` holds one byte a wording."""
    return frozenset(bare(text) for text, role in zip(wordings, roles, strict=True) if role == QUESTION)


def choose_choices(found: tuple[Found, ...], titles: Mapping[str, str]) -> tuple[Found, ...]:
    """The two or three articles worth offering: near the first, and of different titles (by article id)."""
    chosen: list[Found] = []
    for each in found:
        near = not chosen or chosen[0].score - each.score <= CHOICE_WITHIN or len(chosen) < 2  # noqa: PLR2004
        if near and titles[each.ref.id] not in {titles[other.ref.id] for other in chosen}:
            chosen.append(each)
        if len(chosen) == CHOICES:
            break
    return tuple(chosen)


def with_drafts(base: Base, small: Segment | None, *, article_ids: Collection[str]) -> Base:
    """The base as it would be with drafts published; `small` holds them and what was there of other articles."""
    replaced = {number for number, ref in enumerate(base.big.corpus.articles) if ref.id in article_ids}
    return replace(base, small=small, gone=base.gone | replaced)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Part:
    segment: Segment
    candidates: Candidates
    seen: QueryWords


def _look(segment: Segment, query: Query, without: Without) -> _Part:
    seen = look_up_words(segment, query)
    return _Part(segment=segment, candidates=find_candidates(segment, query, seen, without), seen=seen)
