"""bot: from an entry to Telegram messages. Pure: what is said, split and dressed; nothing is sent here.

A long text is split before it is rendered, so that no tag is ever cut.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.shown import choices_of, short_answer, source_line, words_of
from bot.channels.splitting import fitting, utf16_units
from bot.channels.telegram.buttons import button_data
from bot.contracts import Choice, Entry, EntryKind
from kit.texts import Texts

TEXT_LIMIT = 4096
"""Most characters of one message (Bot API, sendMessage)."""
BUTTON_LIMIT = 8
LABEL_LIMIT = 60
NARROW = 8
"""Labels up to this width (a Chinese character counts two) stand two in a row."""

ToHtml = Callable[[str], str]
"""Markdown to the HTML Telegram takes (kit.markdown)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One Telegram message: its HTML, and the same without any marks should Telegram not like the HTML."""

    html: str
    plain: str
    keyboard: InlineKeyboardMarkup | None = None


def parts_of(entry: Entry, *, texts: Texts, to_html: ToHtml) -> tuple[Part, ...]:
    """The messages of `entry`, the buttons under the last one; empty when the customer has nothing to read."""
    text = words_of(entry, texts)
    if not text:
        return ()
    short = short_answer(entry)
    text = short or text
    dress = to_html if entry.payload.get("format") == "markdown" and not short else html.escape
    opening = opening_of(entry)
    source = source_line(entry, texts)
    closing = f"\n\n{html.escape(source)}" if source else ""
    room = TEXT_LIMIT - utf16_units(opening) - utf16_units(closing)
    pieces = list(fitting(text, room, lambda piece: utf16_units(dress(piece))))
    keyboard = keyboard_of(entry)
    last = len(pieces) - 1
    return tuple(
        Part(
            html=(opening if at == 0 else "") + dress(piece).strip() + (closing if at == last else ""),
            plain=piece,
            keyboard=keyboard if at == last else None,
        )
        for at, piece in enumerate(pieces)
    )


def opening_of(entry: Entry) -> str:
    """Who speaks, as HTML, where that is a person."""
    return f"<b>{html.escape(entry.author)}</b>\n" if entry.kind is EntryKind.AGENT and entry.author else ""


def keyboard_of(entry: Entry) -> InlineKeyboardMarkup | None:
    """The entry's choices as buttons, short ones two in a row."""
    rows: list[list[InlineKeyboardButton]] = []
    widths: list[int] = []
    for index, choice in enumerate(_choices(entry)):
        button = InlineKeyboardButton(choice.label, callback_data=button_data(entry.seq, choice.id, index=index))
        width = _width(choice.label)
        if rows and len(rows[-1]) == 1 and widths[-1] <= NARROW and width <= NARROW:
            rows[-1].append(button)
        else:
            rows.append([button])
            widths.append(width)
    return InlineKeyboardMarkup(rows) if rows else None


def choice_at(entry: Entry, index: int) -> str | None:
    """The choice a button names by its place."""
    choices = _choices(entry)
    return choices[index].id if index < len(choices) else None


def _choices(entry: Entry) -> tuple[Choice, ...]:
    return tuple(choices_of(entry, most=BUTTON_LIMIT, label_limit=LABEL_LIMIT))


def _width(label: str) -> int:
    return sum(1 if character.isascii() else 2 for character in label)
