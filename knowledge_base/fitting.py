"""knowledge_base: fits order and confidence to the base's own questions. Pure; runs in the background.

Every wording is asked as if a customer had typed it, once with its own row left out of the base (its article is the
right answer) and once with its whole article left out (nothing is right). The covariance of the space is estimated
without the asked rows, else the fit would trust it too much. Few labels change little: the starting values hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from kit.contracts import Language
from knowledge_base.calibration import (
    CONFIDENCE_FEATURES,
    RANK_SCALE,
    STARTING,
    Calibration,
    Thresholds,
    confidence_features,
    confidence_of,
    order,
)
from knowledge_base.corpus import LANGUAGES, QUESTION, Floats
from knowledge_base.features import NOTHING, Candidates, Query, Without, find_candidates, look_up_words, read_query
from knowledge_base.lexicon import QueryWords
from knowledge_base.segment import Segment
from knowledge_base.space import Space, fit_space, metric_lengths
from nlu.contracts import Vector

PARTS = 5
"""Parts of the base that are left out of the covariance in turn, and of the check of the fit."""
MOST_QUESTIONS = 1_200
"""Wordings that are asked; more hardly change sixteen weights and only take time."""
RANK_PULL = 30.0
CONFIDENCE_PULL = 10.0
"""How strongly the starting values hold, in labelled questions; chosen on the development sets."""
FEWEST = 30
"""With fewer labelled questions the starting values are used as they are."""
LEAST_ANSWERS = 20
"""Answers that an operating point must rest on."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Labelled:
    """A question with its right article's number (None where nothing in the base is right)."""

    query: Query
    seen: QueryWords
    candidates: Candidates
    right: int | None
    language: Language
    weight: float
    background: Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A labelled question from outside the base: a development row."""

    vector: Vector
    folded: str
    language: Language
    right: str | None
    """Article id; None where the base has no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The operating points asked for."""

    answer_precision: float
    clarify_confidence: float
    unknown_share: float


def own_questions(segment: Segment, *, folded: Sequence[str], seed: int = 0) -> list[Labelled]:
    """The base's wordings as labelled questions; articles with a single wording are only asked as unknown ones."""
    corpus = segment.corpus
    random = np.random.default_rng(seed)
    questions = np.flatnonzero(corpus.roles == QUESTION)
    if len(questions) > MOST_QUESTIONS:
        questions = np.sort(random.choice(questions, MOST_QUESTIONS, replace=False))
    part = random.integers(0, PARTS, len(corpus))
    counts = np.bincount(corpus.owner[corpus.roles == QUESTION], minlength=len(corpus.articles))
    found: list[Labelled] = []
    for number in range(PARTS):
        space = fit_space(corpus, leave_out=(part == number).astype(np.float32))
        honest = replace(segment, metric_length=metric_lengths(space, segment.points))
        for row in questions[part[questions] == number].tolist():
            article = int(corpus.owner[row])
            language = LANGUAGES[corpus.languages[row]]
            query = read_query(corpus.vectors[row], folded[row], int(corpus.languages[row]), space)
            gone = frozenset([row])
            if counts[article] > 1:
                found.append(_ask(honest, query, language, article, Without(rows=gone)))
            nothing = Without(rows=gone, articles=frozenset([article]))
            found.append(_ask(honest, query, language, None, nothing))
    return found


def given_questions(segment: Segment, space: Space, rows: Sequence[Question]) -> list[Labelled]:
    """Labelled questions from outside; where none of them is unanswerable, the right article is also left out once."""
    number_of = {ref.id: number for number, ref in enumerate(segment.corpus.articles)}
    invent_unknown = not any(row.right is None for row in rows)
    found: list[Labelled] = []
    for row in rows:
        language = LANGUAGES.index(row.language)
        query = read_query(row.vector, row.folded, language, space)
        right = None if row.right is None else number_of.get(row.right)
        found.append(_ask(segment, query, row.language, right, NOTHING))
        if invent_unknown and right is not None:
            found.append(_ask(segment, query, row.language, None, Without(articles=frozenset([right]))))
    return found


def _ask(segment: Segment, query: Query, language: Language, right: int | None, without: Without) -> Labelled:
    seen = look_up_words(segment, query)
    candidates = find_candidates(segment, query, seen, without)
    return Labelled(
        query=query,
        seen=seen,
        candidates=candidates,
        right=right,
        language=language,
        weight=1.0,
        background=segment,
    )


def balance(questions: Sequence[Labelled], *, unknown_share: float) -> list[Labelled]:
    """Weigh unanswerable questions as often as they are expected."""
    unknown = sum(question.right is None for question in questions)
    known = len(questions) - unknown
    if not unknown or not known:
        return list(questions)
    weight = unknown_share / (1 - unknown_share) * known / unknown
    return [replace(q, weight=weight) if q.right is None else q for q in questions]


def fit(questions: Sequence[Labelled], wanted: Wanted, *, start: Calibration = STARTING) -> Calibration:
    """Order, confidence and operating points for these questions; `start` holds where they say little.

    The operating points and `loss` come from predictions for questions that the fit did not see.
    """
    known = sum(question.right is not None for question in questions)
    if known < FEWEST:
        return start
    part = np.random.default_rng(1).permutation(len(questions)) % PARTS
    unseen = np.zeros(len(questions))
    right = np.zeros(len(questions), np.bool_)
    for number in range(PARTS):
        model = _fit_models([q for q, p in zip(questions, part, strict=True) if p != number], start)
        for at in np.flatnonzero(part == number).tolist():
            unseen[at], right[at] = judge(model, questions[at])
    weight = np.array([question.weight for question in questions])
    clipped = np.clip(unseen, 1e-6, 1 - 1e-6)
    loss = float(-np.average(np.where(right, np.log(clipped), np.log(1 - clipped)), weights=weight))
    of_language = np.array([question.language for question in questions])
    thresholds = {}
    everyone = operating_point(unseen, right, weight, wanted)
    for language in Language:
        mine = of_language == language
        enough = int(right[mine].sum()) >= 2 * LEAST_ANSWERS
        thresholds[language] = operating_point(unseen[mine], right[mine], weight[mine], wanted) if enough else everyone
    return replace(_fit_models(questions, start), thresholds=thresholds, questions=len(questions), loss=loss)


def measured_loss(calibration: Calibration, questions: Sequence[Labelled]) -> float:
    """Mean log loss of this calibration's confidence on these questions."""
    total = weights = 0.0
    for question in questions:
        confidence, right = judge(calibration, question)
        confidence = min(max(confidence, 1e-6), 1 - 1e-6)
        total -= question.weight * float(np.log(confidence if right else 1 - confidence))
        weights += question.weight
    return total / weights if weights else 0.0


def judge(calibration: Calibration, question: Labelled) -> tuple[float, bool]:
    """(confidence of the first candidate, whether it is right)."""
    if not len(question.candidates.articles):
        return 0.0, False
    features, scores, positions = order(calibration, question.candidates)
    values = confidence_features(
        features, scores, query=question.query, seen=question.seen, segment=question.background
    )
    first = int(question.candidates.articles[positions[0]])
    return confidence_of(calibration, values), question.right == first


def operating_point(
    confidence: npt.NDArray[np.float64],
    right: npt.NDArray[np.bool_],
    weight: npt.NDArray[np.float64],
    wanted: Wanted,
) -> Thresholds:
    """The lowest confidence above which the wanted share of answers is right, resting on enough of them."""
    by = np.argsort(-confidence, kind="stable")
    answered = np.cumsum(weight[by])
    precision = np.cumsum(weight[by] * right[by]) / np.maximum(answered, 1e-9)
    good = np.flatnonzero((precision >= wanted.answer_precision) & (np.arange(len(by)) + 1 >= LEAST_ANSWERS))
    # Nothing reaches the wanted precision: trust only what is itself that sure.
    answer = float(confidence[by][good[-1]]) if len(good) else max(wanted.answer_precision, float(confidence.max()))
    return Thresholds(answer=answer, clarify=min(wanted.clarify_confidence, 0.9 * answer))


def _fit_models(questions: Sequence[Labelled], start: Calibration) -> Calibration:
    ranked = replace(start, rank=tuple(_fit_rank(questions, start)))
    rows = np.zeros((len(questions), len(CONFIDENCE_FEATURES)), np.float32)
    target = np.zeros(len(questions), np.float64)
    weight = np.array([question.weight for question in questions])
    for at, question in enumerate(questions):
        if not len(question.candidates.articles):
            weight[at] = 0
            continue
        features, scores, positions = order(ranked, question.candidates)
        rows[at] = confidence_features(
            features, scores, query=question.query, seen=question.seen, segment=question.background
        )
        target[at] = question.right == int(question.candidates.articles[positions[0]])
    begin = np.array([*start.confidence, start.bias])

    def loss(values: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        drift = values[:-1] - begin[:-1]
        logit = rows @ values[:-1] + values[-1]
        total = float(weight @ (np.logaddexp(0, logit) - target * logit)) + CONFIDENCE_PULL / 2 * float(drift @ drift)
        slope = weight * (1 / (1 + np.exp(-logit)) - target)
        return total, np.append(rows.T @ slope + CONFIDENCE_PULL * drift, slope.sum())

    found = minimize(loss, begin, jac=True, method="L-BFGS-B").x
    return replace(ranked, confidence=tuple(map(float, found[:-1])), bias=float(found[-1]))


def _fit_rank(questions: Sequence[Labelled], start: Calibration) -> list[float]:
    """Weights under which the right candidate most often comes first (conditional logit)."""
    begin: npt.NDArray[np.float64] = np.array(start.rank, np.float64)
    blocks: list[Floats] = []
    places: list[int] = []
    for question in questions:
        at = np.flatnonzero(question.candidates.articles == (-1 if question.right is None else question.right))
        if len(at) and len(question.candidates.articles) > 1:
            blocks.append(question.candidates.features * RANK_SCALE)
            places.append(int(at.item(0)))
    if not blocks:
        return list(start.rank)
    sizes = np.array([len(block) for block in blocks])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rows = np.concatenate(blocks).astype(np.float64)
    right = starts + np.array(places)

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        drift = weights - begin
        scores = rows @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, starts), sizes)
        chance = np.exp(scores)
        chance /= np.repeat(np.add.reduceat(chance, starts), sizes)
        total = float(-np.log(np.maximum(chance[right], 1e-12)).sum()) + RANK_PULL / 2 * float(drift @ drift)
        chance[right] -= 1
        return total, rows.T @ chance + RANK_PULL * drift

    return list(map(float, minimize(loss, begin, jac=True, method="L-BFGS-B").x))
