"""nlu.complaint: the labelled sets under nlu/starter/complaints (format: GUIDE.md there). Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kit.contracts import Language
from nlu.contracts import Correction, Severity
from nlu.language import detect_language
from nlu.starter_content import OUTLIER, Labelled

STARTER = Path(__file__).parents[1] / "starter" / "complaints"
WANTS = ("refund", "replacement", "repair", "apology", "explanation", "compensation")
MOODS = ("calm", "upset", "angry", "desperate", "ironic")
COMPLAINT = "complaint"
"""The intent of a complaint."""
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


TOPIC_OF_INTENT = {
    "delivery_problem": "delivery",
    "delivery_time": "delivery",
    "order_status": "delivery",
    "installation_booking": "delivery",
    "ask_invoice": "price_billing",
    "payment_problem": "price_billing",
    "ask_price_promotion": "price_billing",
    "points_membership": "price_billing",
    "refund_progress": "refund_return",
    "return_request": "refund_return",
    "exchange_request": "refund_return",
    "repair_request": "repair_warranty",
    "warranty_question": "repair_warranty",
    "account_problem": "technical_fault",
    "ask_stock": "other",
    "store_hours": "other",
}
"""What a complaint in these intents' words would be about; their examples teach the category, with doubt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintRow:
    """One labelled text; None or empty where a label was not given."""

    text: str
    language: Language
    complaint: bool | None
    test: bool = False
    category: str = ""
    also: tuple[str, ...] = ()
    severity: Severity | None = None
    wants: tuple[str, ...] | None = None
    mood: str = ""
    topic: str = ""
    """A category guessed from an intent."""
    kind: str = ""
    """Of a look-alike: what it is instead."""
    taught: bool = False
    """A correction that was approved, not a row of the starter content."""


def read_rows(folder: Path = STARTER) -> tuple[ComplaintRow, ...]:
    """All rows of both languages, train and test."""
    made: list[ComplaintRow] = []
    for language in Language:
        for path in sorted((folder / language.value).glob("*.jsonl")):
            made += [_row(json.loads(line), language) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return tuple(made)


def rows_of_intents(examples: tuple[Labelled, ...]) -> tuple[ComplaintRow, ...]:
    """Intent examples as further rows: `complaint` is one, a greeting is none, a refund's progress has a topic."""
    return tuple(
        ComplaintRow(
            text=e.text,
            language=Language.ZH,
            complaint=None if e.label in _UNCLEAR and e.label != OUTLIER else e.label == COMPLAINT,
            topic=TOPIC_OF_INTENT.get(e.label, ""),
        )
        for e in examples
        if e.label not in _UNCLEAR or e.label in TOPIC_OF_INTENT
    )


def held_out_rows() -> tuple[ComplaintRow, ...]:
    """What is measured with and never learned."""
    return tuple(row for row in read_rows() if row.test)


def rows_of_corrections(corrections: Sequence[Correction]) -> tuple[ComplaintRow, ...]:
    """Approved corrections as rows. Who says that what was heard as a complaint is something else says it is none."""
    made: list[ComplaintRow] = []
    for each in corrections:
        row = ComplaintRow(text=each.text, language=each.language, complaint=None, taught=True)
        if each.intent == COMPLAINT:
            made.append(replace(row, complaint=True, category=each.category, severity=each.severity))
            continue
        (meant,) = rows_of_intents((Labelled(text=each.text, label=each.intent),)) or (row,)
        none = each.heard == COMPLAINT or meant.complaint is False
        if none or meant.topic:
            made.append(replace(row, complaint=False if none else None, topic=meant.topic))
    return tuple(made)


def read_any_rows(path: Path) -> tuple[ComplaintRow, ...]:
    """Anybody's rows: `text`, and of `complaint`, `category`, `severity`, `wants`, `mood` what was labelled.

    A row that does not say whether it is a complaint is one. Raises ValueError naming the first wrong line.
    """
    made: list[ComplaintRow] = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            raw = {"complaint": True, **json.loads(line)}
            if not str(raw["text"]).strip():
                raise KeyError("text")  # noqa: TRY301 - an empty text is a missing one
            language = Language(raw["language"]) if "language" in raw else detect_language(raw["text"], Language.EN)
            made.append(_row(raw, language))
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(
                f"{path.name}, line {number}: wanted is a JSON object with a text and labels as in GUIDE.md ({error})"
            ) from error
    return tuple(made)


def _row(raw: dict[str, object], language: Language) -> ComplaintRow:
    test = raw.get("split") == "test"
    if not raw["complaint"]:
        return ComplaintRow(
            text=str(raw["text"]), language=language, complaint=False, test=test, kind=str(raw.get("kind") or "")
        )
    wants, severity = raw.get("wants"), raw.get("severity")
    return ComplaintRow(
        text=str(raw["text"]),
        language=language,
        complaint=True,
        test=test,
        category=str(raw.get("category") or ""),
        also=_names(raw.get("also")),
        severity=Severity(str(severity)) if severity else None,
        wants=None if wants is None else _names(wants),
        mood=str(raw.get("mood") or ""),
    )


def _names(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
