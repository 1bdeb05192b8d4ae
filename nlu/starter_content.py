"""nlu: reads the room's starter content: intent examples, words for a person, held-out questions. Pure."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from kit.contracts import Language

HERE = Path(__file__).parent
INTENT_FILES = HERE / "rasa" / "data" / "nlu"
HELD_OUT = HERE / "starter" / "intents_held_out.jsonl"
SEVERAL = HERE / "starter" / "several_intents.jsonl"
FAULTS = HERE / "starter" / "faults.yml"
WORDS = HERE / "starter" / "person_words.yml"
OUTLIER = "out_of_scope"
"""The intent whose examples show what the desk is not for."""

_FAULT = re.compile(r"\[([^\]]+)\]")
_MARK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One example text and the intent it shows."""

    text: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """One message that wants several things; for measuring only."""

    text: str
    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One example text and what in it says what is wrong; spans count its characters."""

    text: str
    language: Language
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormWords:
    """Short whole messages that mean something without any model."""

    person: frozenset[str]
    stop: frozenset[str]
    skip: frozenset[str]


def read_rows(path: Path) -> list[Labelled]:
    """Rows `{"text", "label"}` (or `"intent"`, as the published sets name it) of a JSON-lines file.

    Raises ValueError naming the first line that is something else.
    """
    rows: list[Labelled] = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            label = row["label"] if "label" in row else row["intent"]
            text = row["text"]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path.name}, line {number}: a JSON object with text and label is wanted") from error
        if not isinstance(text, str) or not isinstance(label, str) or not text.strip() or not label.strip():
            raise ValueError(f"{path.name}, line {number}: text and label must be strings with something in them")
        rows.append(Labelled(text=text, label=label))
    return rows


@functools.cache
def intent_examples() -> tuple[Labelled, ...]:
    """The starter's training examples, entity marks removed."""
    made: list[Labelled] = []
    for path in sorted(INTENT_FILES.glob("*.yml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in item["examples"].splitlines():
                if line.startswith("- "):
                    made.append(Labelled(text=_MARK.sub(r"\1", line[2:].strip()), label=item["intent"]))  # noqa: PERF401
    return tuple(made)


def fault_examples(*, held_out: bool = False) -> list[Marked]:
    """Texts with their faults marked: those to learn from, or those kept for measuring."""
    raw = yaml.safe_load(FAULTS.read_text(encoding="utf-8"))["held_out" if held_out else "examples"]
    return [_marked(row, language) for language in Language for row in raw[language.value]]


def _marked(row: str, language: Language) -> Marked:
    text, spans, at = "", [], 0
    for mark in _FAULT.finditer(row):
        text += row[at : mark.start()]
        spans.append((len(text), len(text) + len(mark[1])))
        text += mark[1]
        at = mark.end()
    return Marked(text=text + row[at:], language=language, spans=tuple(spans))


def several_intents() -> list[Several]:
    """The held-out messages that want two things."""
    rows = map(json.loads, SEVERAL.read_text(encoding="utf-8").splitlines())
    return [Several(text=row["text"], intents=tuple(row["intents"])) for row in rows]


@functools.cache
def form_words() -> FormWords:
    """Words of both languages together: customers mix them."""
    raw = yaml.safe_load(WORDS.read_text(encoding="utf-8"))

    def both(key: str) -> frozenset[str]:
        return frozenset(str(word).lower() for language in Language for word in raw[key][language.value])

    return FormWords(person=both("person_words"), stop=both("stop_words"), skip=both("skip_words"))
