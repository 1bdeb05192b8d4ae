"""nlu.complaint: what versions of the classifier are compared by. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from kit.contracts import Language
from nlu.complaint.evaluate import ComplaintFigures, figures
from nlu.complaint.rows import ComplaintRow
from nlu.contracts import ComplaintReading


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintScores:
    """How one classifier did on one held-out set; shares from 0 to 1, None where the set has no such rows."""

    shown: ClassVar[tuple[str, ...]] = (
        "rows",
        "critical",
        "recall_zh",
        "recall_en",
        "precision_zh",
        "precision_en",
        "category_zh",
        "category_en",
        "severity_zh",
        "severity_en",
    )
    whole: ClassVar[tuple[str, ...]] = ("critical",)
    parts: ClassVar[tuple[str, ...]] = shown[2:]

    held_out: str
    """Hash of the set and of the settings it was read with."""
    rows: int
    critical: float | None
    """Of the critical complaints in both languages, the share that was found."""
    recall_zh: float
    recall_en: float
    precision_zh: float
    precision_en: float
    category_zh: float | None
    """Macro-F1."""
    category_en: float | None
    severity_zh: float | None
    """Weighted kappa."""
    severity_en: float | None

    @classmethod
    def of(cls, held_out: str, read: Sequence[tuple[ComplaintRow, ComplaintReading]]) -> Self:
        """The scores of these rows and what was read in them."""
        zh, en = (_figures([pair for pair in read if pair[0].language is language]) for language in Language)
        both = _figures(read)
        return cls(
            held_out=held_out,
            rows=len(read),
            critical=both.critical_recall,
            recall_zh=zh.recall,
            recall_en=en.recall,
            precision_zh=zh.precision,
            precision_en=en.precision,
            category_zh=zh.category_macro_f1,
            category_en=en.category_macro_f1,
            severity_zh=zh.severity_kappa,
            severity_en=en.severity_kappa,
        )


def _figures(read: Sequence[tuple[ComplaintRow, ComplaintReading]]) -> ComplaintFigures:
    return figures([row for row, _ in read], [reading for _, reading in read])
