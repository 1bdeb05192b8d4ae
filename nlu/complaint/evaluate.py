"""nlu.complaint: figures of the classifier on rows it has never seen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.complaint.severity import weighted_kappa
from nlu.complaint.rows import LEVELS, ComplaintRow
from nlu.contracts import ComplaintReading, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFigures:
    """Of one language; precision and recall are of "is a complaint", the rest over true complaints."""

    rows: int
    complaints: int
    precision: float
    recall: float
    category_macro_f1: float
    category_accuracy: float
    severity_kappa: float
    critical_recall: float
    critical_precision: float
    wants_micro_f1: float
    mood_accuracy: float


def figures(rows: Sequence[ComplaintRow], readings: Sequence[ComplaintReading]) -> ComplaintFigures:
    """Compare labels and readings, row for row."""
    said = np.array([r.is_complaint for r in readings])
    truth = np.array([r.complaint for r in rows])
    pairs = [(row, reading) for row, reading in zip(rows, readings, strict=True) if row.complaint]
    wanted = [row.category for row, _ in pairs]
    guessed = [reading.categories[0].name for _, reading in pairs]
    severities = np.array([LEVELS.index(row.severity or Severity.NORMAL) for row, _ in pairs])
    guesses = np.array([LEVELS.index(reading.severity) for _, reading in pairs])
    critical, called = severities == LEVELS.index(Severity.CRITICAL), guesses == LEVELS.index(Severity.CRITICAL)
    heard = sum(len({s.name for s in reading.wants} & set(row.wants or ())) for row, reading in pairs)
    total = sum(len(reading.wants) + len(row.wants or ()) for row, reading in pairs)
    return ComplaintFigures(
        rows=len(rows),
        complaints=int(truth.sum()),
        precision=_share(said & truth, said),
        recall=_share(said & truth, truth),
        category_macro_f1=macro_f1(wanted, guessed),
        category_accuracy=float(np.mean([a == b for a, b in zip(wanted, guessed, strict=True)])),
        severity_kappa=weighted_kappa(severities, guesses),
        critical_recall=_share(critical & called, critical),
        critical_precision=_share(critical & called, called),
        wants_micro_f1=2 * heard / total if total else 1.0,
        mood_accuracy=float(
            np.mean([reading.mood is not None and reading.mood.name == row.mood for row, reading in pairs])
        ),
    )


def macro_f1(truth: Sequence[str], guess: Sequence[str]) -> float:
    """Mean F1 over the labels that occur in `truth`."""
    scores = []
    for label in sorted(set(truth)):
        both = sum(t == label == g for t, g in zip(truth, guess, strict=True))
        either = sum(t == label for t in truth) + sum(g == label for g in guess)
        scores.append(2 * both / either)
    return float(np.mean(scores)) if scores else 0.0


def _share(part: np.ndarray, whole: np.ndarray) -> float:
    return float(part.sum() / whole.sum()) if whole.sum() else 1.0
