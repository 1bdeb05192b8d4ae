"""bot: the questions of one message, "how much is delivery, and how do I get an invoice?". Pure.

A part ends where a question ends. What asks nothing belongs to the question after it ("my washer shakes, what can I
do?" is one), unless words like "and also" say that something else begins. `nlu.clauses` cuts for intents instead: there
every clause counts, also one that asks nothing.
"""

from __future__ import annotations

import re

from bot.words import Parts
from kit.courtesy import says_something

MOST = 3
"""More questions than this in one message are searched as one."""
ENDS = re.compile(r"[?？!！。;；\n]+|(?<=[a-z])\.(?=\s|$)", re.IGNORECASE)
PAUSES = re.compile(r"[,，、]+|(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")
ELSE = re.compile(
    r"[,，;；.。\s]*(?:还有(?!没|什么|多|几|哪|货|人|吗|优惠|库存|效|机会)(?:就是|一个|个问题)?|另外|顺便(?:问一?下)?|对了|再问一?下|以及|"
    r"\b(?:and also|also|plus|and another thing|one more thing|by the way|btw|another question)\b)[\s,，:：]*",
    re.IGNORECASE,
)
AND_ASKS = re.compile(
    r"[,\s]+and\s+(?=(?:how|what|when|where|which|who|why|can|could|do|does|is|are|will|may)\b)", re.IGNORECASE
)


def split_questions(text: str, question: Parts) -> tuple[str, ...]:
    """The questions in `text` in their order; the whole text alone where it holds one."""
    parts: list[str] = []
    for stretch in ELSE.split(text):
        parts += _in_stretch(stretch, question)
    parts = [part for part in parts if says_something(part)]
    if not 1 < len(parts) <= MOST:
        return (text,)
    return tuple(parts)


def _in_stretch(stretch: str, question: Parts) -> list[str]:
    parts, held = [], ""
    for clause in _clauses(stretch):
        held = f"{held} {clause}".strip()
        if clause in question:
            parts.append(held)
            held = ""
    if held and parts and not says_something(held):
        held = ""
    if held:
        # Words after the last question explain it.
        parts[-1:] = [f"{parts[-1]} {held}" if parts else held]
    return parts


def _clauses(stretch: str) -> list[str]:
    """Clauses with their question mark: it is what tells a question in a text without question words."""
    marked = ENDS.sub(lambda end: ("?" if set(end[0]) & set("?？") else "") + "\n", stretch)
    pieces = [piece for line in marked.split("\n") for part in AND_ASKS.split(line) for piece in PAUSES.split(part)]
    return [piece.strip() for piece in pieces if piece.strip()]
