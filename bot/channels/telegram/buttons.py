"""bot: what a Telegram button carries. Pure.

Telegram gives back at most 64 bytes with a press. The entry's number and the choice fit nearly always; a choice too
long for that is named by its place under the entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LIMIT = 64
"""Most bytes of callback data (Bot API, InlineKeyboardButton)."""
DATA = re.compile(r"(?P<seq>[0-9]{1,9})(?::(?P<choice>[A-Za-z0-9_.:-]{1,100})|#(?P<index>[0-9]{1,2}))\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A pressed button: the entry it stands under, and the choice or its index there."""

    seq: int
    choice: str = ""
    index: int | None = None


def button_data(seq: int, choice: str, *, index: int) -> str:
    """The callback data of one choice."""
    data = f"{seq}:{choice}"
    return data if len(data.encode()) <= LIMIT else f"{seq}#{index}"


def read_button(data: str) -> Button | None:
    """The button that `data` stands for; None when it is none of ours."""
    match = DATA.match(data)
    if match is None:
        return None
    index = match["index"]
    return Button(seq=int(match["seq"]), choice=match["choice"] or "", index=None if index is None else int(index))
