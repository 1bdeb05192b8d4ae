"""knowledge_base: figures over judged questions. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from knowledge_base.contracts import Level
from knowledge_base.evaluation.rows import Asked

RECALL_AT = 5
RANK_AT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One question with what the search said."""

    asked: Asked
    best: tuple[str, ...]
    """Ids of the articles found, best first, at most ten."""
    confidence: float
    level: Level
    milliseconds: float

    @property
    def right(self) -> bool:
        """Whether the first article is the gold one."""
        return bool(self.best) and self.best[0] == self.asked.gold


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is reported of one group of questions; None where nothing can be said."""

    questions: int
    with_gold: int
    top1: float | None
    recall5: float | None
    mrr10: float | None
    auroc: float | None
    """Of the confidence, questions with an answer in the base against those without."""
    precision: float | None
    """Share of right ones among the answers given."""
    coverage: float | None
    """Share of the questions that have an answer in the base which were answered."""
    answered: float
    """Share of all questions that were answered."""
    clarified: float
    """Share of all questions that were met with choices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """What one threshold would give."""

    threshold: float
    precision: float
    coverage: float
    answered: float


def figures(judged: Sequence[Judged]) -> Figures:
    """The figures of these questions."""
    gold = [each for each in judged if each.asked.gold is not None]
    answers = [each for each in judged if each.level is Level.SURE]
    ranks = [each.best.index(each.asked.gold) + 1 if each.asked.gold in each.best else 0 for each in gold]
    return Figures(
        questions=len(judged),
        with_gold=len(gold),
        top1=_mean([rank == 1 for rank in ranks]),
        recall5=_mean([0 < rank <= RECALL_AT for rank in ranks]),
        mrr10=_mean([1 / rank if 0 < rank <= RANK_AT else 0.0 for rank in ranks]),
        auroc=auroc(
            [each.confidence for each in gold], [each.confidence for each in judged if each.asked.gold is None]
        ),
        precision=_mean([each.right for each in answers]),
        coverage=_mean([each.level is Level.SURE for each in gold]),
        answered=len(answers) / max(1, len(judged)),
        clarified=sum(each.level is Level.UNSURE for each in judged) / max(1, len(judged)),
    )


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Chance that a positive stands above a negative; ties count half."""
    if not positive or not negative:
        return None
    ranks = rankdata([*positive, *negative])[: len(positive)].sum()
    return float((ranks - len(positive) * (len(positive) + 1) / 2) / (len(positive) * len(negative)))


def curve(judged: Sequence[Judged], thresholds: Sequence[float]) -> list[CurvePoint]:
    """Precision and coverage of answering above each threshold."""
    gold = max(1, sum(each.asked.gold is not None for each in judged))
    points = []
    for threshold in thresholds:
        answers = [each for each in judged if each.confidence >= threshold]
        points.append(
            CurvePoint(
                threshold=threshold,
                precision=_mean([each.right for each in answers]) or 0.0,
                coverage=sum(each.asked.gold is not None for each in answers) / gold,
                answered=len(answers) / max(1, len(judged)),
            )
        )
    return points


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 100) of the values lie."""
    return float(np.percentile(values, share)) if values else 0.0


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if len(values) else None
