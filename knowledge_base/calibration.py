"""knowledge_base: from features to an order, a confidence and a level. Pure.

Two small linear models, fitted together by `knowledge_base.fitting`: one orders the candidates, one says how likely the
first is right. Their starting values (`STARTING`) come from the development sets; docs/evaluation.md has the figures.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kit.contracts import Language
from knowledge_base.contracts import Level
from knowledge_base.corpus import LANGUAGES, Floats
from knowledge_base.features import RANK_FEATURES, Candidates, Query
from knowledge_base.lexicon import QueryWords
from knowledge_base.segment import Segment

RANK_SCALE = np.array([10, 10, 10, 10, 10, 10, 10, 5, 5, 3, 1, 1, 1, 10, 1], np.float32)
"""Brings each rank feature to a spread of about one; fixed, so that weights mean the same in every base."""

CONFIDENCE_FEATURES = (
    "score", "margin", "share", "cosine", "metric", "above_usual", "words", "covered", "seen",
    "numbers_missing", "denial_differs", "kind_differs", "short", "words_agree", "rivals",
    "head", "head_margin", "heads", "pooled", "english", "code_missing",
)  # fmt: skip
_CENTRE = np.array(
    [0, 2.0, 0.6, 0.4, 0.45, 3.0, 0.35, 0.6, 0.85, 0.1, 0.15, 0.1, 0.3, 0.5, 1.5, 0.6, 0.4, 0.8, 0.3, 0.5, 0],
    np.float32,
)
_SCALE = np.array(
    [4, 2.0, 0.3, 0.2, 0.2, 1.5, 0.25, 0.3, 0.2, 0.3, 0.35, 0.3, 0.45, 0.5, 1.0, 0.3, 0.3, 0.3, 0.2, 1.0, 0.3],
    np.float32,
)
CHOICES = 3
CHOICE_WITHIN = 3.0
"""Choices are offered down to about a twentieth of the first one's chance."""
RIVAL = 0.1
"""Of the first one's chance; an article above it is a rival."""
SHORT = 4
"""Characters up to which a question hardly says anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Least confidence to answer, and to offer choices."""

    answer: float
    clarify: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The operating points asked for."""

    answer_precision: float
    """Of the answers given, the share that is right."""
    clarify_precision: float
    """The least chance that choices hold the right article."""
    unknown_share: float
    """Of all questions, the share that the base cannot answer."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """The two models and the operating points of each language. No slots: it keeps its name, every search asks it."""

    rank: tuple[float, ...]
    confidence: tuple[float, ...]
    bias: float
    thresholds: Mapping[Language, Thresholds]
    wanted: Wanted | None = None
    """What the thresholds were chosen for; None for the starting values."""
    questions: int = 0
    """Labelled questions it was fitted on; 0 for the starting values."""
    loss: float = 0.0
    """Mean log loss of the confidence on questions that its fit did not see."""

    @functools.cached_property
    def version(self) -> str:
        """Names these values."""
        return hashlib.sha256(json.dumps(as_json(self), sort_keys=True).encode()).hexdigest()[:10]


def rank_scores(calibration: Calibration, features: Floats) -> Floats:
    """One score a candidate; only differences mean something."""
    weights = np.array(calibration.rank, np.float32) * RANK_SCALE
    return np.asarray(features @ weights, np.float32)


def confidence_features(
    features: Floats, scores: Floats, *, query: Query, seen: QueryWords, segment: Segment
) -> Floats:
    """What speaks for the first of the ordered candidates being right; `features` and `scores` best first."""
    at = {name: RANK_FEATURES.index(name) for name in RANK_FEATURES}
    top = features[0]
    rival = float(scores[1]) if len(scores) > 1 else float(scores[0]) - 6.0
    chances = np.exp(scores - scores[0])
    cosine = max(float(top[at["own_cosine"]]), float(top[at["other_cosine"]]))
    # The very first draft is tried against a base that holds nothing to compare it with.
    usual = segment.background @ query.point if len(segment.background) else np.full(1, cosine, np.float32)
    spread = float(usual.std()) + 0.02
    worded = int(np.argmax(features[:, at["words"]]))
    learned = features[:, at["head"]]
    values = np.array(
        [
            float(scores[0]),
            min(6.0, float(scores[0]) - rival),
            float(1.0 / chances.sum()),
            cosine,
            max(float(top[at["own_metric"]]), float(top[at["other_metric"]])),
            (cosine - float(usual.mean())) / spread,
            float(top[at["words"]]),
            float(top[at["covered"]]),
            seen.seen,
            float(top[at["numbers_missing"]]),
            float(top[at["denial_differs"]]),
            float(top[at["kind_differs"]]),
            float(query.length <= SHORT),
            float(worded == 0),
            float(np.log((chances > RIVAL).sum())),
            float(learned[0]),
            float(learned[0] - learned[1:].max()) if len(learned) > 1 else 1.0,
            float(np.sort(learned)[-CHOICES:].sum()),
            float(top[at["own_pooled"]]),
            float(LANGUAGES[query.language] is Language.EN),
            float(top[at["code_missing"]]),
        ],
        np.float32,
    )
    return (values - _CENTRE) / _SCALE


def confidence_of(calibration: Calibration, features: Floats) -> float:
    """Probability that the first candidate is right."""
    total = float(features @ np.array(calibration.confidence, np.float32)) + calibration.bias
    return float(1.0 / (1.0 + np.exp(-np.clip(total, -30, 30))))


def level_of(confidences: Sequence[float], thresholds: Thresholds) -> Level:
    """Sure, unsure or unknown, from the confidences of the articles that could be offered, best first.

    Choices are worth offering when one of them is likely right, even where none stands out.
    """
    if confidences and confidences[0] >= thresholds.answer:
        return Level.SURE
    return Level.UNSURE if sum(confidences) >= thresholds.clarify else Level.UNKNOWN


def choices_within(scores: Floats) -> int:
    """How many of the ordered candidates are worth offering: two, or three when the third is near the first."""
    near = int((scores[0] - scores[:CHOICES] <= CHOICE_WITHIN).sum())
    return min(len(scores), max(2, near))


def order(calibration: Calibration, candidates: Candidates) -> tuple[Floats, Floats, list[int]]:
    """(features, scores, positions), best first."""
    scores = rank_scores(calibration, candidates.features)
    by = np.argsort(-scores, kind="stable")
    return candidates.features[by], scores[by], by.tolist()


def as_json(calibration: Calibration) -> dict[str, object]:
    """For the snapshot and the store."""
    return {
        "rank": list(calibration.rank),
        "confidence": list(calibration.confidence),
        "bias": calibration.bias,
        "thresholds": {str(k): [v.answer, v.clarify] for k, v in sorted(calibration.thresholds.items())},
        "wanted": dataclasses.asdict(calibration.wanted) if calibration.wanted else None,
        "questions": calibration.questions,
        "loss": calibration.loss,
        "features": [list(RANK_FEATURES), list(CONFIDENCE_FEATURES)],
    }


def from_json(raw: Mapping[str, object]) -> Calibration | None:
    """What `as_json` wrote; None when it was made for other features."""
    if raw.get("features") != [list(RANK_FEATURES), list(CONFIDENCE_FEATURES)]:
        return None
    numbers: dict[str, object] = dict(raw)
    thresholds = numbers["thresholds"]
    rank, confidence, wanted = numbers["rank"], numbers["confidence"], numbers.get("wanted")
    if not isinstance(thresholds, dict) or not isinstance(rank, list) or not isinstance(confidence, list):
        return None
    return Calibration(
        rank=tuple(map(float, rank)),
        confidence=tuple(map(float, confidence)),
        bias=float(str(numbers["bias"])),
        thresholds={Language(k): Thresholds(answer=float(v[0]), clarify=float(v[1])) for k, v in thresholds.items()},
        wanted=Wanted(**{name: float(value) for name, value in wanted.items()}) if isinstance(wanted, dict) else None,
        questions=int(str(numbers["questions"])),
        loss=float(str(numbers["loss"])),
    )


_STARTING_CONFIDENCE = (
    0.36, 0.62, 0.45, -0.12, 0.42, 0.15, -0.05, -0.11, 0.0, -0.1, -0.03, -0.07, 0.28, 0.16, -0.19, 0.2, 0.2,
    0.0, 0.0, 0.0, -0.5,
)  # fmt: skip
STARTING = Calibration(
    rank=(-0.4, 0.9, 0.0, 0.2, 1.2, 0.2, 0.8, 0.0, 0.35, 0.6, 0.0, -0.05, 0.0, 0.6, -0.5),
    confidence=_STARTING_CONFIDENCE,
    bias=-0.84,
    thresholds={language: Thresholds(answer=0.8, clarify=0.3) for language in Language},
)
