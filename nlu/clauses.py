"""nlu: the clauses of a message, and which of them want something different. Pure.

"东西坏了，还要多久退款" wants two things. A text is cut at punctuation and at words that open something new; each
clause is understood by itself, and only where clauses surely disagree the message has several intents.

`bot.questions` cuts the same message another way and must: an intent is in every clause, the told ones too, and has a
place in the text; a search needs whole questions, each with what was told before it, and no places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kit.courtesy import says_something
from nlu.contracts import IntentSpan, Scored

LEAST, MOST = 2, 5
"""Clauses of a text that is worth cutting; more are a story, which has one point."""
SURE = 0.9
"""Confidence from which a clause speaks for itself; chosen on every second row of starter/several_intents.jsonl, where
.6 found one row more and cut five times as many messages that want one thing."""

_BORDER = re.compile(
    r"[，。！？；!?;\n]+|,(?![0-9])|\.(?=\s|$)|…+"
    r"|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])"  # many type a space where a comma belongs
    # What opens another matter stays with it.
    r"|(?=(?:另外|还有|顺便|对了|以及|再问|同时|还想|然后|而且)(?![的人]))"
    r"|\s(?=(?:and|but) (?:also|can|could|do|does|did|how|what|when|where|why|who|which|is|are|will|would|i|my)\b)"
    r"|\s(?=(?:also|plus|by the way|btw|another thing)\b)",
    re.IGNORECASE,
)
_EDGE = " \t\n，。！？；、：,.!?;:…~～"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A part of a text; `start` and `end` count its characters."""

    text: str
    start: int
    end: int


def split_clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of `text` in order; nothing where it is one clause or a long story."""
    made: list[Clause] = []
    at, waiting = 0, -1
    for border in [*_BORDER.finditer(text), None]:
        end, following = (len(text), len(text)) if border is None else (border.start(), border.end())
        start = at if waiting < 0 else waiting
        clause = _trimmed(text, start, end)
        at, waiting = following, -1
        if clause is None:
            continue
        if says_something(clause.text):
            made.append(clause)
        elif made:
            made[-1] = _joined(text, made[-1], clause)
        else:
            waiting = clause.start  # too short to begin with: it goes with what follows
    return tuple(made) if LEAST <= len(made) <= MOST else ()


def choose_intents(
    text: str, whole: Sequence[Scored], parts: Sequence[tuple[Clause, Sequence[Scored]]], *, unknown: str
) -> tuple[IntentSpan, ...]:
    """The intents of a message with their places: those of its clauses where they are sure, else the one of the whole.

    `parts` are the clauses with their rankings. Clauses that are unsure or unknown say nothing; neighbours of one
    intent are one span. The whole's ranking must hold them all, one of them among its first two: a message that means
    something else as a whole was cut in the wrong place.
    """
    first = whole[0] if whole else Scored(name=unknown, confidence=0.0)
    alone = (IntentSpan(name=first.name, confidence=first.confidence, start=0, end=len(text)),)
    spans: list[IntentSpan] = []
    for clause, ranking in parts:
        if not ranking or ranking[0].name == unknown or ranking[0].confidence < SURE:
            continue
        name, confidence, start = ranking[0].name, ranking[0].confidence, clause.start
        if spans and spans[-1].name == name:
            last = spans.pop()
            start, confidence = last.start, max(last.confidence, confidence)
        spans.append(IntentSpan(name=name, confidence=confidence, start=start, end=clause.end))
    names = {span.name for span in spans}
    likely = [scored.name for scored in whole if scored.name != unknown]
    if len(names) < LEAST or not names <= set(likely) or not names & set(likely[:2]):
        return alone
    return tuple(spans)


def _trimmed(text: str, start: int, end: int) -> Clause | None:
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return Clause(text=text[start:end], start=start, end=end) if end > start else None


def _joined(text: str, first: Clause, second: Clause) -> Clause:
    return Clause(text=text[first.start : second.end], start=first.start, end=second.end)
