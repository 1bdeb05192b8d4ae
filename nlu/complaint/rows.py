"""nlu.complaint: the labelled sets under nlu/starter/complaints (format: GUIDE.md there). Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from kit.contracts import Language
from nlu.contracts import Severity
from nlu.starter_content import OUTLIER, Labelled

STARTER = Path(__file__).parents[1] / "starter" / "complaints"
WANTS = ("refund", "replacement", "repair", "apology", "explanation", "compensation")
MOODS = ("calm", "upset", "angry", "desperate", "ironic")
LEVELS = (Severity.NORMAL, Severity.SERIOUS, Severity.CRITICAL)
_UNCLEAR = frozenset(
    {
        "delivery_problem",
        "payment_problem",
        "account_problem",
        "usage_help",
        "repair_request",
        "return_request",
        "exchange_request",
        "refund_progress",
        "talk_to_person",
        "complaint_status",
        "cancel_order",
    }
)
"""Intents whose examples may or may not be complaints; they teach neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintRow:
    """One labelled text. Of a text that is no complaint only `text`, `language` and `test` mean something."""

    text: str
    language: Language
    complaint: bool
    test: bool
    category: str = ""
    also: tuple[str, ...] = ()
    severity: Severity = Severity.NORMAL
    wants: tuple[str, ...] = ()
    mood: str = ""
    detailed: bool = True
    """False where only `complaint` was labelled."""


def read_rows(folder: Path = STARTER) -> tuple[ComplaintRow, ...]:
    """All rows of both languages, train and test."""
    made: list[ComplaintRow] = []
    for language in Language:
        for path in sorted((folder / language.value).glob("*.jsonl")):
            made += [_row(json.loads(line), language) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return tuple(made)


def rows_of_intents(examples: tuple[Labelled, ...]) -> tuple[ComplaintRow, ...]:
    """Intent examples as further training rows: `complaint` is one, a greeting is none."""
    return tuple(
        ComplaintRow(text=e.text, language=Language.ZH, complaint=e.label == "complaint", test=False, detailed=False)
        for e in examples
        if e.label not in _UNCLEAR or e.label == OUTLIER
    )


def _row(raw: dict[str, object], language: Language) -> ComplaintRow:
    test = raw["split"] == "test"
    if not raw["complaint"]:
        return ComplaintRow(text=str(raw["text"]), language=language, complaint=False, test=test)
    return ComplaintRow(
        text=str(raw["text"]),
        language=language,
        complaint=True,
        test=test,
        category=str(raw["category"]),
        also=tuple(map(str, _listed(raw["also"]))),
        severity=Severity(str(raw["severity"])),
        wants=tuple(map(str, _listed(raw["wants"]))),
        mood=str(raw["mood"]),
    )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
