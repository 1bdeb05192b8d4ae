"""knowledge_base: reads evaluation files (JSON lines), naming every fault with its line. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kit.contracts import JsonValue, Language
from knowledge_base.wordings import PlainWording, Role, passage_of

DetectLanguage = Callable[[str, Language], Language]
SHOWN_FAULTS = 20


class RowsFault(Exception):
    """The file cannot be used; the message names line and fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faq:
    """One article of an evaluated base."""

    id: str
    wordings: tuple[PlainWording, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question; `gold` is the id of its article, None where the base has no answer."""

    text: str
    gold: str | None
    group: str
    language: Language


def read_faqs(path: Path, detect: DetectLanguage) -> tuple[Faq, ...]:
    """Rows `{"id", "question", "variants", "answer", "language"}`; rows of one id are sides of one article."""
    found: dict[str, dict[tuple[Language, Role, str], PlainWording]] = {}
    faults: list[str] = []
    for number, row in _rows(path, faults):
        question = row.get("question")
        if "id" not in row or not isinstance(question, str) or not question.strip():
            faults.append(f"{number}: needs `id` and a `question` that is text")
            continue
        variants = row.get("variants") or []
        if not isinstance(variants, list) or not all(isinstance(text, str) for text in variants):
            faults.append(f"{number}: `variants` must be a list of texts")
            continue
        mine = found.setdefault(str(row["id"]), {})
        for wording in _wordings(question, [str(text) for text in variants], row, detect):
            mine.setdefault((wording.language, wording.role, wording.text), wording)
    _refuse(path, faults)
    return tuple(Faq(id=name, wordings=tuple(wordings.values())) for name, wordings in found.items())


def read_questions(path: Path, detect: DetectLanguage, known: Iterable[str]) -> tuple[Asked, ...]:
    """Rows `{"text", "gold", "group"}`; a gold that is no article of the base is a fault."""
    ids = frozenset(known)
    asked: list[Asked] = []
    faults: list[str] = []
    for number, row in _rows(path, faults):
        text, gold = row.get("text"), row.get("gold")
        if not isinstance(text, str) or "gold" not in row:
            faults.append(f"{number}: needs `text` and `gold` (an id, or null)")
        elif gold is not None and str(gold) not in ids:
            faults.append(f"{number}: gold {gold!r} is not among the ids of the base")
        else:
            asked.append(
                Asked(
                    text=text,
                    gold=None if gold is None else str(gold),
                    group=str(row.get("group") or "all"),
                    language=_language(row, text, detect),
                )
            )
    _refuse(path, faults)
    return tuple(asked)


def _wordings(
    question: str, variants: list[str], row: Mapping[str, JsonValue], detect: DetectLanguage
) -> Iterable[PlainWording]:
    base = _language(row, question, detect)
    fixed = "language" in row and row["language"] is not None
    for text in (question, *variants):
        if text.strip():
            language = base if fixed else detect(text, base)
            yield PlainWording(language=language, role=Role.QUESTION, text=text.strip())
    answer = row.get("answer")
    if isinstance(answer, str) and answer.strip():
        yield PlainWording(language=base, role=Role.ANSWER, text=passage_of(question, answer))


def _language(row: Mapping[str, JsonValue], text: str, detect: DetectLanguage) -> Language:
    named = str(row.get("language") or "")[:2].lower()
    return Language(named) if named in {"zh", "en"} else detect(text, Language.EN)


def _rows(path: Path, faults: list[str]) -> Iterable[tuple[int, dict[str, JsonValue]]]:
    # At line feeds alone: a text may well hold the other characters that Python takes for the end of a line.
    for number, line in enumerate(_text_of(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            faults.append(f"{number}: not JSON ({error})")
            continue
        if isinstance(row, dict):
            yield number, row
        else:
            faults.append(f"{number}: must be a JSON object")


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RowsFault(f"{path.name}: must be UTF-8; byte {error.start} is not") from error


def _refuse(path: Path, faults: list[str]) -> None:
    if faults:
        more = [f"… and {len(faults) - SHOWN_FAULTS} more"] if len(faults) > SHOWN_FAULTS else []
        raise RowsFault("\n".join([*(f"{path.name}:{fault}" for fault in faults[:SHOWN_FAULTS]), *more]))
