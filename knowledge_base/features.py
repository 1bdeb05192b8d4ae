"""knowledge_base: what speaks for each candidate article, as numbers. Pure; one query takes well under a millisecond.

Feature scales are fixed and not learned, so that weights learned on other bases can serve as the starting point here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge_base.corpus import ANSWER, Floats, Ints, rows_of
from knowledge_base.head import head_scores, left_out_scores, likeness_of
from knowledge_base.lexicon import QueryWords, best_rows, look_up, overlaps
from knowledge_base.segment import Segment
from knowledge_base.space import Space
from knowledge_base.words import denies, question_kinds, words_of
from nlu.contracts import Vector

NEAR_ROWS = 64
"""Nearest rows that name candidate articles."""
WORD_ROWS = 24
"""Best lexical rows that name candidate articles."""
CANDIDATES = 24
"""Articles that are looked at closely."""
SHARPNESS = 8.0
"""How much the best wordings of an article outweigh its others in the pooled similarity."""
LANGUAGE_GAP = 0.06
"""Centred cosines across languages are about this much lower; it stands in where a language is missing."""

RANK_FEATURES = (
    "own_cosine", "other_cosine", "own_metric", "other_metric", "own_pooled", "other_pooled",
    "answer", "words", "answer_words", "covered", "numbers_missing", "denial_differs", "kind_differs",
    "head", "code_missing",
)  # fmt: skip
"""own: wordings in the query's language; other: those in another one; head: `knowledge_base.head`.
code_missing: the query names a model or an error code of which the article says nothing."""
HEAD = RANK_FEATURES.index("head")
HEAD_EXPECTED = np.array([0, 0, -0.08, 0, 1.18, 0, 0, 0.17, 0, 0, 0, 0, 0, -0.05], np.float32)
"""The learned score by the other features, and a constant: least squares over the starter base's wordings."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Query:
    """A question as the search sees it."""

    vector: Vector
    """As encoded."""
    point: Floats
    metric_point: Floats
    metric_length: float
    language: int
    words: frozenset[str]
    denies: bool
    asks: int
    length: int
    """Characters of the folded text."""


def read_query(vector: Vector, folded: str, language: int, space: Space) -> Query:
    """Place a question in the base's space."""
    point = vector - space.means[language, 0]
    point = np.asarray(point / max(float(np.linalg.norm(point)), 1e-6), np.float32)
    metric_point = np.vecdot(space.metric, point)
    return Query(
        vector=vector,
        point=point,
        metric_point=metric_point,
        metric_length=float(np.sqrt(max(float(point @ metric_point), 1e-9))),
        language=language,
        words=words_of(folded),
        denies=denies(folded),
        asks=question_kinds(folded),
        length=len(folded),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Without:
    """What a search must overlook: rows and articles of a segment."""

    rows: frozenset[int] = frozenset()
    articles: frozenset[int] = frozenset()
    asked: int | None = None
    """The left-out row that is itself the question."""


NOTHING = Without()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """The articles of one segment that may answer, with their features."""

    articles: Ints
    features: Floats
    """Shape (articles, len(RANK_FEATURES))."""
    best_row: Ints
    """The row of each article that is nearest to the query."""
    similarity: Floats
    """Cosine of that row as the encoder sees it."""


def find_candidates(segment: Segment, query: Query, seen: QueryWords, without: Without = NOTHING) -> Candidates:
    """The articles near the query by meaning or by words, and what speaks for each."""
    chosen = _articles_near(segment, query, seen, without)
    rows, begins = rows_of(segment.corpus, chosen)
    near = _products(segment, chosen, query)
    groups = np.repeat(np.arange(len(chosen), dtype=np.int32), np.diff(np.append(begins, len(rows))))
    if without.rows:
        keep = ~np.isin(rows, np.fromiter(without.rows, np.int32))
        rows, near, groups = rows[keep], near[keep], groups[keep]
        present = np.unique(groups)
        chosen, groups = chosen[present], np.searchsorted(present, groups).astype(np.int32)
        begins = np.searchsorted(groups, np.arange(len(chosen))).astype(np.int32)
    if not len(chosen):
        empty = np.zeros(0, np.int32)
        none = np.zeros((0, len(RANK_FEATURES)), np.float32)
        return Candidates(articles=empty, features=none, best_row=empty, similarity=np.zeros(0, np.float32))
    # A missing group divides by nought and is filled in.
    with np.errstate(all="ignore"):
        found = _describe(segment, query, seen, chosen, rows, near, groups, begins)
        _learned(segment, query, found, without)
    return found


def _products(segment: Segment, articles: Ints, query: Query) -> Floats:
    """Products of all rows of these articles with the query's two points, shape (rows, 2).

    An article's rows lie side by side: reading them where they lie costs half of gathering them first.
    """
    starts, ends = segment.corpus.starts[articles].tolist(), segment.corpus.starts[articles + 1].tolist()
    parts = [segment.points[start:end] for start, end in zip(starts, ends, strict=True)]
    if not parts:
        return np.zeros((0, 2), np.float32)
    both = [np.concatenate([np.vecdot(part, point) for part in parts]) for point in (query.point, query.metric_point)]
    return np.stack(both, axis=1)


def look_up_words(segment: Segment, query: Query, without: Without = NOTHING) -> QueryWords:
    """The query's words in the segment's lexicon, as it would be without what is left out."""
    starts = segment.corpus.starts
    rows = (row for article in without.articles for row in range(int(starts[article]), int(starts[article + 1])))
    return look_up(segment.lexicon, query.words, gone=without.rows.union(rows))


def _articles_near(segment: Segment, query: Query, seen: QueryWords, without: Without) -> Ints:
    """At most CANDIDATES article numbers, the nearest first, those found by words in the last places."""
    extra = 2 * len(without.rows)
    near = segment.neighbours.nearest(query.point, NEAR_ROWS + extra)
    worded = best_rows(segment.lexicon, seen, WORD_ROWS + extra)
    owner = segment.corpus.owner
    by_meaning = _first(owner[r] for r in near.tolist() if r not in without.rows)
    by_words = _first(owner[r] for r in worded.tolist() if r not in without.rows)
    room = max(CANDIDATES - 6, CANDIDATES - len(by_words))
    order = _first([*by_meaning[:room], *by_words, *by_meaning[room:]])
    return np.array([a for a in order if a not in without.articles][:CANDIDATES], np.int32)


def _first(numbers: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(int(number) for number in numbers))


def _describe(  # noqa: PLR0917 - arrays that belong together row by row
    segment: Segment, query: Query, seen: QueryWords, chosen: Ints, rows: Ints, near: Floats, groups: Ints, begins: Ints
) -> Candidates:
    corpus = segment.corpus
    cosine = near[:, 0]
    metric = near[:, 1] / (segment.metric_length[rows] * query.metric_length)
    answers = corpus.roles[rows] == ANSWER
    own = corpus.languages[rows] == query.language
    asked_own, asked_other = own & ~answers, ~own & ~answers
    shared, stands = overlaps(segment.lexicon, seen, rows, groups, len(chosen))

    def top(values: Floats, where: npt.NDArray[np.bool_]) -> Floats:
        return np.asarray(np.maximum.reduceat(np.where(where, values, -np.inf), begins), np.float32)

    def pooled(where: npt.NDArray[np.bool_]) -> Floats:
        count = np.add.reduceat(where.astype(np.float32), begins)
        total = np.add.reduceat(np.where(where, np.exp(SHARPNESS * metric), 0), begins)
        return np.asarray(np.where(count > 0, np.log(total / count) / SHARPNESS, -np.inf), np.float32)

    own_cosine, other_cosine = _fill(top(cosine, asked_own), top(cosine, asked_other), LANGUAGE_GAP)
    own_metric, other_metric = _fill(top(metric, asked_own), top(metric, asked_other), LANGUAGE_GAP)
    own_pooled, other_pooled = _fill(pooled(asked_own), pooled(asked_other), LANGUAGE_GAP)
    answer = np.maximum(top(cosine, answers & own), top(cosine, answers & ~own) - LANGUAGE_GAP)
    covered = (stands @ seen.weight) / seen.total if seen.total else np.ones(len(chosen), np.float32)
    numbers = int(seen.is_number.sum()) + seen.strange_numbers
    missing = (numbers - stands[:, seen.is_number].sum(1)) / numbers if numbers else np.zeros(len(chosen))
    lacks = (stands[:, seen.is_code] == 0).any(1) | bool(seen.strange_codes)
    best_row = rows[_argmax(np.where(answers, cosine - 1.0, cosine), groups, begins)]
    kinds = segment.asks[best_row]
    features = np.stack(
        [
            own_cosine, other_cosine, own_metric, other_metric, own_pooled, other_pooled,
            _known(answer), top(shared, ~answers), _known(top(shared, answers)), covered, missing,
            segment.denies[best_row] != query.denies,
            (kinds != 0) & (query.asks != 0) & ((kinds & query.asks) == 0),
            np.zeros(len(chosen)),
            lacks,
        ],
        axis=1,
    )  # fmt: skip
    return Candidates(
        articles=chosen,
        features=np.nan_to_num(features.astype(np.float32), neginf=0.0),
        best_row=best_row,
        similarity=corpus.vectors[best_row] @ query.vector,
    )


def _learned(segment: Segment, query: Query, found: Candidates, without: Without) -> None:
    """Fill in the learned score; what was published after it was learned gets what its other features let expect."""
    scores = found.features[:, :HEAD] @ HEAD_EXPECTED[:-1] + HEAD_EXPECTED[-1]
    head = segment.head
    if head is not None:
        learned = None
        if without.asked is not None:
            owner = int(segment.corpus.owner[without.asked])
            learned = left_out_scores(head, without.asked, owner, found.articles)
        if learned is None:
            seen = look_up(head.lexicon, query.words)
            learned = head_scores(head, likeness_of(head, query.point, seen), found.articles)
        scores = np.where(np.isnan(learned), scores, learned)
    found.features[:, HEAD] = scores


def _fill(own: Floats, other: Floats, gap: float) -> tuple[Floats, Floats]:
    """Where one of the two is missing, the other stands in for it."""
    return np.where(np.isneginf(own), other - gap, own), np.where(np.isneginf(other), own - gap, other)


def _known(values: Floats) -> Floats:
    """Missing values are as low as the lowest known one: having no answer text speaks neither for nor against much."""
    missing = np.isneginf(values)
    if not missing.any():
        return values
    lowest = values[~missing].min() if not missing.all() else np.float32(0)
    return np.where(missing, lowest, values)


def _argmax(values: Floats, groups: Ints, begins: Ints) -> Ints:
    """The position of the greatest value of each group."""
    order = np.lexsort((-values, groups))
    return order[begins].astype(np.int32)
