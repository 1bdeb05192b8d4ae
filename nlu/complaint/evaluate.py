"""nlu.complaint: figures of the classifier on rows it has never seen. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.complaint.rows import LEVELS, ComplaintRow
from nlu.complaint.severity import weighted_kappa
from nlu.contracts import ComplaintReading, Severity

IRONIC, CALM = "ironic", "calm"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFigures:
    """Precision and recall are of "is a complaint", the rest over true complaints; None where nothing was labelled."""

    rows: int
    complaints: int
    precision: float
    recall: float
    category_macro_f1: float | None
    category_accuracy: float | None
    category_accuracy_in_two: float | None
    """The primary category, or one of those labelled beside it, was said first."""
    severity_kappa: float | None
    critical_recall: float | None
    critical_precision: float | None
    wants_micro_f1: float | None
    mood_accuracy: float | None
    ironic_recall: float | None
    """Complaints in an ironic voice that were heard as complaints."""
    polite_recall: float | None
    """The same in a calm voice, which in Chinese is mostly a very polite one."""


def figures(rows: Sequence[ComplaintRow], readings: Sequence[ComplaintReading]) -> ComplaintFigures:
    """Compare labels and readings, row for row."""
    said = np.array([r.is_complaint for r in readings])
    truth = np.array([bool(r.complaint) for r in rows])
    pairs = [(row, reading) for row, reading in zip(rows, readings, strict=True) if row.complaint]
    named = [(row, reading.categories[0].name) for row, reading in pairs if row.category and reading.categories]
    wanted, guessed = [row.category for row, _ in named], [name for _, name in named]
    wants = [(set(row.wants), {s.name for s in reading.wants}) for row, reading in pairs if row.wants is not None]
    total = sum(len(asked) + len(heard) for asked, heard in wants)
    moods = [reading.mood is not None and reading.mood.name == row.mood for row, reading in pairs if row.mood]
    kappa, recall, precision = _severity_figures(pairs)
    return ComplaintFigures(
        rows=len(rows),
        complaints=int(truth.sum()),
        precision=_share(said & truth, said),
        recall=_share(said & truth, truth),
        category_macro_f1=macro_f1(wanted, guessed) if named else None,
        category_accuracy=_mean([a == b for a, b in zip(wanted, guessed, strict=True)]),
        category_accuracy_in_two=_mean([name in (row.category, *row.also) for row, name in named]),
        severity_kappa=kappa,
        critical_recall=recall,
        critical_precision=precision,
        wants_micro_f1=2 * sum(len(asked & heard) for asked, heard in wants) / total if total else None,
        mood_accuracy=_mean(moods),
        ironic_recall=_mean([reading.is_complaint for row, reading in pairs if row.mood == IRONIC]),
        polite_recall=_mean([reading.is_complaint for row, reading in pairs if row.mood == CALM]),
    )


def confusions(rows: Sequence[ComplaintRow], readings: Sequence[ComplaintReading]) -> list[tuple[str, str, int]]:
    """(labelled, said, how often) of the primary category, the most frequent mistake first."""
    counted = Counter(
        (row.category, reading.categories[0].name)
        for row, reading in zip(rows, readings, strict=True)
        if row.category and reading.categories and reading.categories[0].name != row.category
    )
    return [(*pair, times) for pair, times in counted.most_common()]


def macro_f1(truth: Sequence[str], guess: Sequence[str]) -> float:
    """Mean F1 over the labels that occur in `truth`."""
    scores = []
    for label in sorted(set(truth)):
        both = sum(t == label == g for t, g in zip(truth, guess, strict=True))
        either = sum(t == label for t in truth) + sum(g == label for g in guess)
        scores.append(2 * both / either)
    return float(np.mean(scores)) if scores else 0.0


def _severity_figures(
    pairs: Sequence[tuple[ComplaintRow, ComplaintReading]],
) -> tuple[float | None, float | None, float | None]:
    """(weighted kappa, recall of critical, precision of critical)."""
    judged = [(row.severity, reading.severity) for row, reading in pairs if row.severity is not None]
    if not judged:
        return None, None, None
    truth, guess = (np.array([LEVELS.index(severity) for severity in told]) for told in zip(*judged, strict=True))
    top = LEVELS.index(Severity.CRITICAL)
    critical, called = truth == top, guess == top
    return weighted_kappa(truth, guess), _share(critical & called, critical), _share(critical & called, called)


def _share(part: np.ndarray, whole: np.ndarray) -> float:
    return float(part.sum() / whole.sum()) if whole.sum() else 1.0


def _mean(found: Sequence[bool]) -> float | None:
    return float(np.mean(found)) if found else None
