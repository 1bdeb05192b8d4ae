"""knowledge_base: what spoke for and against each article of a search, in words' names and numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge_base.calibration import CONFIDENCE_FEATURES, RANK_SCALE, Calibration
from knowledge_base.contracts import Candidate, Explanation, Match, SearchResult, Weighed
from knowledge_base.features import RANK_FEATURES
from knowledge_base.searching import Findings

BIAS = "bias"
"""What the confidence starts from."""
CLOSE = 1e-2
"""A score may differ this much from the sum of its parts; more is the bonus of a question word for word in the base."""


def explain(
    findings: Findings, result: SearchResult, matches: Mapping[str, Match], calibration: Calibration
) -> Explanation:
    """The findings with what each part of each score was worth. `matches` by article id."""
    weights = [float(weight * scale) for weight, scale in zip(calibration.rank, RANK_SCALE, strict=True)]
    candidates = tuple(
        Candidate(match=matches[each.ref.id], score=each.score, weighed=_weigh(RANK_FEATURES, each.features, weights))
        for each in findings.found
    )
    values = findings.confidence_features
    confidence: tuple[Weighed, ...] = ()
    if values:
        bias = Weighed(name=BIAS, value=1.0, moved=calibration.bias)
        confidence = (*_weigh(CONFIDENCE_FEATURES, values, calibration.confidence), bias)
    first = candidates[0] if candidates else None
    return Explanation(
        result=result,
        candidates=candidates,
        confidence=tuple(sorted(confidence, key=lambda part: -abs(part.moved))),
        word_for_word=first is not None and abs(first.score - sum(part.moved for part in first.weighed)) > CLOSE,
    )


def _weigh(names: Sequence[str], values: Sequence[float], weights: Sequence[float]) -> tuple[Weighed, ...]:
    return tuple(
        Weighed(name=name, value=value, moved=value * weight)
        for name, value, weight in zip(names, values, weights, strict=True)
    )
