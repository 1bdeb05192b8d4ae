"""cases: which parts of a text led to its classification. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a text, marked or not."""

    text: str
    marked: bool


def marked_parts(text: str, words: Iterable[str]) -> tuple[Part, ...]:
    """`text` cut into pieces; those that stand in `words` (any case) are marked. Joined, the pieces are the text."""
    folded = _folded(text)
    marks = [False] * len(text)
    for word in words:
        wanted = _folded(word)
        start = folded.find(wanted) if wanted else -1
        while start >= 0:
            marks[start : start + len(wanted)] = [True] * len(wanted)
            start = folded.find(wanted, start + len(wanted))
    parts: list[Part] = []
    begin = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or marks[end] != marks[begin]:
            parts.append(Part(text=text[begin:end], marked=marks[begin]))
            begin = end
    return tuple(parts)


def _folded(text: str) -> str:
    """Lower case, letter by letter: one that would become two stays, so that places in the text do not move."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
