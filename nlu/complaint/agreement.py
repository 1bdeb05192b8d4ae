"""nlu.complaint: how far two independent labellings of the same rows agree (GUIDE.md, section 8). Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.complaint.rows import LEVELS, STARTER
from nlu.complaint.severity import cohen_kappa, weighted_kappa
from nlu.contracts import Severity

SECOND = STARTER / "second_labels.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One labelling of one row; category and severity only of a complaint."""

    complaint: bool
    category: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoLabels:
    """A row's first and second label, both as they were given, before anybody compared them."""

    id: str
    first: Label
    second: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Category and severity over the rows that both call a complaint."""

    rows: int
    complaints: int
    complaint_kappa: float
    category_agreement: float
    category_kappa: float
    severity_agreement: float
    severity_weighted_kappa: float


def read_second_labels(path: Path = SECOND) -> list[TwoLabels]:
    """The stored labels of both passes."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        TwoLabels(id=raw["id"], first=_label(raw["first"]), second=_label(raw["second"]))
        for raw in map(json.loads, lines)
    ]


def agreement(labels: Sequence[TwoLabels]) -> Agreement:
    """Of two labellings; raises ValueError without a row that both call a complaint."""
    both = [each for each in labels if each.first.complaint and each.second.complaint]
    if not both:
        raise ValueError("no row is a complaint in both labellings")
    first, second = [each.first for each in both], [each.second for each in both]
    one, other = ([LEVELS.index(label.severity or Severity.NORMAL) for label in told] for told in (first, second))
    return Agreement(
        rows=len(labels),
        complaints=len(both),
        complaint_kappa=cohen_kappa(
            [str(e.first.complaint) for e in labels], [str(e.second.complaint) for e in labels]
        ),
        category_agreement=sum(a.category == b.category for a, b in zip(first, second, strict=True)) / len(both),
        category_kappa=cohen_kappa([label.category for label in first], [label.category for label in second]),
        severity_agreement=sum(a == b for a, b in zip(one, other, strict=True)) / len(both),
        severity_weighted_kappa=weighted_kappa(one, other),
    )


def _label(raw: dict[str, object]) -> Label:
    if not raw["complaint"]:
        return Label(complaint=False)
    return Label(complaint=True, category=str(raw["category"]), severity=Severity(str(raw["severity"])))
