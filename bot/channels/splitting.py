"""bot: cuts a long text into messages where it hurts least: at paragraphs, else lines, else sentences, else anywhere.

Pure. `length` says how the chat app counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

BREAKS = ("\n\n", "\n", r"(?<=[。！？；])|(?<=[.!?;]) ", r"(?<=[，、,]) ?| ")

Length = Callable[[str], int]


def utf16_units(text: str) -> int:
    """As Telegram may count at most."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8_bytes(text: str) -> int:
    """As WeChat counts."""
    return len(text.encode("utf-8", "surrogatepass"))


def fitting(text: str, room: int, length: Length, level: int = 0) -> Iterator[str]:
    """Pieces of `text` whose length has room; as few as the breaks allow."""
    if length(text) <= room:
        yield text
        return
    if level == len(BREAKS):
        half = len(text) // 2
        for side in (text[:half], text[half:]):
            yield from fitting(side, room, length, level)
        return
    joint = BREAKS[level] if BREAKS[level].startswith("\n") else ""
    held = ""
    for piece in (piece for piece in re.split(BREAKS[level], text) if piece and piece.strip()):
        together = f"{held}{joint or _blank(held)}{piece}" if held else piece
        if length(together) <= room:
            held = together
            continue
        if held:
            yield from fitting(held, room, length, level + 1)
        held = piece
    if held:
        yield from fitting(held, room, length, level + 1)


def _blank(held: str) -> str:
    return " " if held[-1].isascii() else ""
