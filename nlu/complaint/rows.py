"""nlu.complaint: the labelled sets under nlu/starter/complaints (format: GUIDE.md there). Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from kit.contracts import Language
from nlu.contracts import Severity
from nlu.language import detect_language
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
            complaint=None if e.label in _UNCLEAR and e.label != OUTLIER else e.label == "complaint",
            topic=TOPIC_OF_INTENT.get(e.label, ""),
        )
        for e in examples
        if e.label not in _UNCLEAR or e.label in TOPIC_OF_INTENT
    )


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
