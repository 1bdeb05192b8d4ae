"""knowledge_base: fits order and confidence to the base's own questions. Pure; runs in the background.

Every wording is asked as if a customer had typed it, once with its own row left out of the base (its article is the
right answer) and once with its whole article left out (nothing is right). One that names a model or an error code is
asked once more about a code of which the base says nothing: the encoder hardly tells codes apart, and no base asks
about those it does not know, so nothing else would teach that they count. The covariance of the space is estimated
without the asked rows, else the fit would trust it too much. Few labels change little: the starting values hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kit.contracts import Language
from knowledge_base.calibration import (
    CONFIDENCE_FEATURES,
    RANK_SCALE,
    STARTING,
    Calibration,
    Thresholds,
    Wanted,
    choices_within,
    confidence_features,
    confidence_of,
    order,
)
from knowledge_base.corpus import LANGUAGES, QUESTION, Floats
from knowledge_base.features import (
    NOTHING,
    Candidates,
    Query,
    Without,
    find_candidates,
    look_up_words,
    read_query,
)
from knowledge_base.lexicon import QueryWords
from knowledge_base.segment import Segment
from knowledge_base.space import Space, fit_space, metric_lengths
from knowledge_base.words import is_code
from nlu.contracts import Vector

Doubles = npt.NDArray[np.float64]

PARTS = 5
"""Parts of the base that are left out of the covariance in turn, and of the check of the fit."""
MOST_QUESTIONS = 4_000
"""Wordings that are asked, some 3 ms each: the weights need fewer, but operating points chosen on 1,500 were chance."""
RANK_PULL = 15.0
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
    segment: Segment
    other_code: bool = False
    """Asked about another model or code than the wording's: nothing is right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A labelled question from outside the base: a development row."""

    vector: Vector
    folded: str
    language: Language
    right: str | None
    """Article id; None where the base has no answer."""


def own_questions(segment: Segment, *, folded: Sequence[str], invent: bool = True, seed: int = 0) -> list[Labelled]:
    """The base's wordings as labelled questions, the only wording of an article aside.

    `invent` asks each again with its article left out, for bases that know no really unanswerable questions.
    """
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
            other = about_other_code(query)
            if other is not None:
                asked = _ask(honest, other, language, None, Without(rows=gone, asked=row))
                found.append(replace(asked, other_code=True))
            if counts[article] > 1:
                found.append(_ask(honest, query, language, article, Without(rows=gone, asked=row)))
            if invent:
                nothing = Without(rows=gone, articles=frozenset([article]), asked=row)
                found.append(_ask(honest, query, language, None, nothing))
    return found


def about_other_code(query: Query) -> Query | None:
    """The question with every model and code in it changed to one that stands nowhere; None where it names none."""
    codes = {word for word in query.words if is_code(word)}
    # No word of a text ends in a question mark.
    return replace(query, words=query.words - codes | {f"{code}?" for code in codes}) if codes else None


def given_questions(segment: Segment, space: Space, rows: Sequence[Question]) -> list[Labelled]:
    """Labelled questions from outside; where none of them is unanswerable, the right article is also left out once."""
    found = asked_as_they_are(segment, space, rows)
    if any(row.right is None for row in rows):
        return found
    invented = [
        _ask(segment, each.query, each.language, None, Without(articles=frozenset([each.right])))
        for each in found
        if each.right is not None
    ]
    return found + invented


def asked_as_they_are(segment: Segment, space: Space, rows: Sequence[Question]) -> list[Labelled]:
    """Labelled questions from outside, each asked once."""
    number_of = {ref.id: number for number, ref in enumerate(segment.corpus.articles)}
    found: list[Labelled] = []
    for row in rows:
        query = read_query(row.vector, row.folded, LANGUAGES.index(row.language), space)
        right = None if row.right is None else number_of.get(row.right)
        found.append(_ask(segment, query, row.language, right, NOTHING))
    return found


def _ask(segment: Segment, query: Query, language: Language, right: int | None, without: Without) -> Labelled:
    seen = look_up_words(segment, query, without)
    candidates = find_candidates(segment, query, seen, without)
    return Labelled(
        query=query,
        seen=seen,
        candidates=candidates,
        right=right,
        language=language,
        weight=1.0,
        segment=segment,
    )


def needs_invented(unknown: int) -> bool:
    """Whether unanswerable questions must be invented because hardly any real ones are known.

    Invented ones (the right article left out) are harder than real ones and make the confidence timid: on the starter
    base they halved the coverage at the wanted precision.
    """
    return unknown < FEWEST


def balance(questions: Sequence[Labelled], *, unknown_share: float) -> list[Labelled]:
    """Weigh unanswerable questions as often as they are expected; those about another code count once."""
    known = sum(question.right is not None for question in questions)
    unknown = sum(question.right is None and not question.other_code for question in questions)
    if not known or not unknown:
        return list(questions)
    weight = unknown_share / (1 - unknown_share) * known / unknown
    return [replace(q, weight=weight) if q.right is None and not q.other_code else q for q in questions]


def fit(questions: Sequence[Labelled], wanted: Wanted, *, start: Calibration = STARTING) -> Calibration:
    """Order, confidence and operating points for these questions; `start` holds where they say little.

    The operating points and `loss` come from predictions for questions that the fit did not see.
    """
    known = sum(question.right is not None for question in questions)
    if known < FEWEST:
        return start
    judged = cross_judged(questions, start=start)
    models = _fit_models(questions, start)
    return replace(
        models,
        thresholds=_thresholds(questions, judged, wanted),
        wanted=wanted,
        questions=len(questions),
        loss=log_loss(judged),
    )


def at_wanted_points(calibration: Calibration, questions: Sequence[Labelled], wanted: Wanted) -> Calibration:
    """The same models at the operating points that give these questions what is wanted."""
    judged = [judge(calibration, question) for question in questions]
    return replace(calibration, thresholds=_thresholds(questions, judged, wanted), wanted=wanted)


def _thresholds(
    questions: Sequence[Labelled], judged: Sequence[Judgement], wanted: Wanted
) -> dict[Language, Thresholds]:
    everyone = operating_points(judged, wanted)
    thresholds = {}
    for language in Language:
        mine = [each for each, question in zip(judged, questions, strict=True) if question.language == language]
        enough = sum(each.right for each in mine) >= 2 * LEAST_ANSWERS
        thresholds[language] = operating_points(mine, wanted) if enough else everyone
    return thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a calibration says of one labelled question."""

    confidence: float
    right: bool
    """Whether the first candidate is the right article."""
    offered: float
    """Confidence that one of the choices that could be offered is right."""
    offered_right: bool
    weight: float


def cross_judged(questions: Sequence[Labelled], *, start: Calibration = STARTING) -> list[Judgement]:
    """Each question judged by a fit that did not see it."""
    part = np.random.default_rng(1).permutation(len(questions)) % PARTS
    found: dict[int, Judgement] = {}
    for number in range(PARTS):
        model = _fit_models([q for q, p in zip(questions, part, strict=True) if p != number], start)
        for at in np.flatnonzero(part == number).tolist():
            found[at] = judge(model, questions[at])
    return [found[at] for at in range(len(questions))]


def log_loss(judged: Sequence[Judgement]) -> float:
    """Mean log loss of the confidence, in nats; 0 is perfect."""
    if not judged:
        return 0.0
    confidence = np.clip([each.confidence for each in judged], 1e-6, 1 - 1e-6)
    right = np.array([each.right for each in judged])
    losses = -np.where(right, np.log(confidence), np.log(1 - confidence))
    return float(np.average(losses, weights=[each.weight for each in judged]))


def measured_loss(calibration: Calibration, questions: Sequence[Labelled]) -> float:
    """The log loss of this calibration on these questions."""
    return log_loss([judge(calibration, question) for question in questions])


def judge(calibration: Calibration, question: Labelled) -> Judgement:
    """What `calibration` says of one question."""
    candidates = question.candidates
    if not len(candidates.articles):
        return Judgement(confidence=0.0, right=False, offered=0.0, offered_right=False, weight=question.weight)
    features, scores, positions = order(calibration, candidates)
    values = confidence_features(features, scores, query=question.query, seen=question.seen, segment=question.segment)
    confidence = confidence_of(calibration, values)
    count = choices_within(scores)
    offered = [int(candidates.articles[position]) for position in positions[:count]]
    return Judgement(
        confidence=confidence,
        right=question.right == offered[0],
        offered=confidence * float(np.exp(scores[:count] - scores[0]).sum()),
        offered_right=question.right in offered,
        weight=question.weight,
    )


def operating_points(judged: Sequence[Judgement], wanted: Wanted) -> Thresholds:
    """Where to answer and where to offer choices, so that the wanted shares are right."""
    answer = lowest_threshold([(each.confidence, each.right, each.weight) for each in judged], wanted.answer_precision)
    if answer is None:
        # Nothing reaches the wanted precision: answer only what is itself that sure.
        answer = max(wanted.answer_precision, *(each.confidence for each in judged))
    return Thresholds(answer=answer, clarify=min(answer, _level_point(judged, wanted.clarify_precision)))


def _level_point(judged: Sequence[Judgement], chance: float) -> float:
    """The offered confidence at which choices hold the right article with this chance (one logistic curve)."""
    offered = np.clip([each.offered for each in judged], 1e-4, 1 - 1e-4)
    logit = np.log(offered / (1 - offered))
    right = np.array([each.offered_right for each in judged], np.float64)
    weight = np.array([each.weight for each in judged])

    def loss(values: Doubles) -> tuple[float, Doubles]:
        total = logit * values[0] + values[1]
        slope = weight * (1 / (1 + np.exp(-total)) - right)
        pull = values[0] - 1
        value = float(weight @ (np.logaddexp(0, total) - right * total)) + pull * pull / 2
        return value, np.array([slope @ logit + pull, slope.sum()])

    steep, shift = _least(loss, np.array([1.0, 0.0]))
    at = (np.log(chance / (1 - chance)) - shift) / max(float(steep), 0.1)
    return float(1 / (1 + np.exp(-np.clip(at, -9, 9))))


def lowest_threshold(scored: Sequence[tuple[float, bool, float]], precision: float) -> float | None:
    """The lowest score above which the share that is right (by weight), less one standard error, is as wanted; or None.

    The fewer answers it rests on, the more it keeps in hand.
    """
    if not scored:
        return None
    score, right, weight = (np.array(column) for column in zip(*scored, strict=True))
    by = np.argsort(-score, kind="stable")
    answers = np.arange(len(by)) + 1
    reached = np.cumsum(weight[by] * right[by]) / np.maximum(np.cumsum(weight[by]), 1e-9)
    error = np.sqrt(np.maximum(reached * (1 - reached), 0) / answers)
    good = np.flatnonzero((reached - error >= precision) & (answers >= LEAST_ANSWERS))
    return float(score[by][good[-1]]) if len(good) else None


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
            features, scores, query=question.query, seen=question.seen, segment=question.segment
        )
        target[at] = question.right == int(question.candidates.articles[positions[0]])
    begin = np.array([*start.confidence, start.bias])

    def loss(values: Doubles) -> tuple[float, Doubles]:
        drift = values[:-1] - begin[:-1]
        logit = rows @ values[:-1] + values[-1]
        total = float(weight @ (np.logaddexp(0, logit) - target * logit)) + CONFIDENCE_PULL / 2 * float(drift @ drift)
        slope = weight * (1 / (1 + np.exp(-logit)) - target)
        return total, np.append(rows.T @ slope + CONFIDENCE_PULL * drift, slope.sum())

    found = _least(loss, begin)
    return replace(ranked, confidence=tuple(map(float, found[:-1])), bias=float(found[-1]))


def _fit_rank(questions: Sequence[Labelled], start: Calibration) -> list[float]:
    """Weights under which the right candidate most often comes first (conditional logit)."""
    begin: Doubles = np.array(start.rank, np.float64)
    blocks: list[Floats] = []
    places: list[int] = []
    weights_of: list[float] = []
    for question in questions:
        at = np.flatnonzero(question.candidates.articles == (-1 if question.right is None else question.right))
        if len(at) and len(question.candidates.articles) > 1:
            blocks.append(question.candidates.features * RANK_SCALE)
            places.append(int(at.item(0)))
            weights_of.append(question.weight)
    if not blocks:
        return list(start.rank)
    sizes = np.array([len(block) for block in blocks])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rows = np.concatenate(blocks).astype(np.float64)
    right = starts + np.array(places)
    weight = np.array(weights_of)
    row_weight = np.repeat(weight, sizes)

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        drift = weights - begin
        scores = rows @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, starts), sizes)
        chance = np.exp(scores)
        chance /= np.repeat(np.add.reduceat(chance, starts), sizes)
        total = float(-weight @ np.log(np.maximum(chance[right], 1e-12))) + RANK_PULL / 2 * float(drift @ drift)
        chance[right] -= 1
        return total, rows.T @ (row_weight * chance) + RANK_PULL * drift

    return list(map(float, _least(loss, begin)))


def _least(loss: Callable[[Doubles], tuple[float, Doubles]], begin: Doubles) -> Doubles:
    """Where `loss` (value and slope) is least, from `begin` on."""
    from scipy.optimize import minimize  # noqa: PLC0415 - a second to import, and only who fits needs it

    found: Doubles = minimize(loss, begin, jac=True, method="L-BFGS-B").x
    return found
