"""nlu.complaint: how severe, from two cumulative probabilities, and agreement of ordinal labels. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.complaint.rows import LEVELS
from nlu.contracts import Severity

CRITICAL_RECALL = 0.97
"""Share of critical training complaints, judged by models that had not seen them, that models and rules must find."""
LEARNED_RECALL = 0.92
"""The same for the models alone: the rules were written with the training rows in view and flatter themselves there."""
FEW = 10
"""Below so many critical rows a share says nothing; the cut is one half."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """From which probability a complaint is at least serious, and critical."""

    serious: float = 0.5
    critical: float = 0.5


def severity_of(serious: float, critical: float, cuts: Cuts) -> Severity:
    """The severity of two cumulative probabilities."""
    if critical >= cuts.critical:
        return Severity.CRITICAL
    return Severity.SERIOUS if serious >= cuts.serious else Severity.NORMAL


def choose_cuts(truth: np.ndarray, serious: np.ndarray, critical: np.ndarray, ruled: np.ndarray) -> Cuts:
    """The cuts with the best weighted kappa among those that find enough of the critical ones.

    `truth` and `ruled` (what the rules say) count LEVELS; the probabilities must come from models that had not seen
    their rows.
    """
    top = len(LEVELS) - 1
    wanted = truth == top
    demanding = int(wanted.sum()) >= FEW
    best: tuple[bool, float] | None = None
    chosen = Cuts()
    for upper in np.arange(0.04, 0.61, 0.02):
        for lower in np.arange(0.3, 0.71, 0.02):
            learned = np.where(critical >= upper, top, np.where(serious >= lower, 1, 0))
            guess = np.maximum(learned, ruled)
            enough = not demanding or bool(
                (guess[wanted] == top).mean() >= CRITICAL_RECALL and (learned[wanted] == top).mean() >= LEARNED_RECALL
            )
            found = enough, weighted_kappa(truth, guess)
            if best is None or found > best:
                best, chosen = found, Cuts(float(lower), float(upper))
    return chosen


def weighted_kappa(
    truth: Sequence[int] | np.ndarray, guess: Sequence[int] | np.ndarray, levels: int = len(LEVELS)
) -> float:
    """Agreement of two ordinal labellings beyond chance, quadratic weights; 1 is perfect."""
    places = np.arange(levels)
    return _kappa(np.asarray(truth), np.asarray(guess), ((places[:, None] - places[None, :]) ** 2).astype(float))


def cohen_kappa(truth: Sequence[str], guess: Sequence[str]) -> float:
    """Agreement of two labellings beyond chance; 1 is perfect."""
    names = sorted({*truth, *guess})
    places = [np.array([names.index(label) for label in labels]) for labels in (truth, guess)]
    return _kappa(places[0], places[1], 1 - np.eye(len(names)))


def _kappa(truth: np.ndarray, guess: np.ndarray, cost: np.ndarray) -> float:
    table = np.zeros(cost.shape)
    np.add.at(table, (truth.astype(int), guess.astype(int)), 1)
    chance = np.outer(table.sum(axis=1), table.sum(axis=0)) / max(table.sum(), 1)
    expected = float((cost * chance).sum())
    return 1 - float((cost * table).sum()) / expected if expected else 1.0
