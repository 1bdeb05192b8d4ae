"""bot: from an entry to Telegram messages. Pure: what is said, split and dressed; nothing is sent here.

A long text is split where it hurts least: between paragraphs, else lines, else sentences, else anywhere. It is split
before it is rendered, so that no tag is ever cut.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram.buttons import button_data
from bot.contracts import Entry, EntryKind
from kit.contracts import JsonValue
from kit.texts import Texts

TEXT_LIMIT = 4096
"""Most characters of one message (Bot API, sendMessage)."""
BUTTON_LIMIT = 8
LABEL_LIMIT = 60
NARROW = 8
"""Labels up to this width (a Chinese character counts two) stand two in a row."""
BREAKS = ("\n\n", "\n", r"(?<=[。！？；])|(?<=[.!?;]) ", r"(?<=[，、,]) ?| ")

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
    text = _text_of(entry, texts)
    if not text:
        return ()
    short = _short_answer(entry)
    text = short or text
    dress = to_html if entry.payload.get("format") == "markdown" and not short else html.escape
    opening = opening_of(entry)
    closing = _source_line(entry, texts)
    room = TEXT_LIMIT - _length(opening) - _length(closing)
    pieces = list(_fitting(text, dress, room))
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
    for index, (choice, label) in enumerate(_choices(entry.payload)):
        button = InlineKeyboardButton(label, callback_data=button_data(entry.seq, choice, index=index))
        width = _width(label)
        if rows and len(rows[-1]) == 1 and widths[-1] <= NARROW and width <= NARROW:
            rows[-1].append(button)
        else:
            rows.append([button])
            widths.append(width)
    return InlineKeyboardMarkup(rows) if rows else None


def choice_at(entry: Entry, index: int) -> str | None:
    """The choice a button names by its place."""
    choices = list(_choices(entry.payload))
    return choices[index][0] if index < len(choices) else None


def _text_of(entry: Entry, texts: Texts) -> str:
    if entry.kind is not EntryKind.EVENT or entry.text:
        return entry.text.strip()
    code, slots = entry.payload.get("code"), entry.payload.get("slots")
    key = f"handoff.event.{code}"
    if key not in texts.keys(entry.language):
        return ""
    return texts(key, entry.language, **(slots if isinstance(slots, dict) else {}))


def _short_answer(entry: Entry) -> str:
    """What the article's editors wrote for chat apps, plain text; empty where they wrote nothing."""
    short = entry.payload.get("short")
    return short.strip() if entry.kind is EntryKind.BOT and isinstance(short, str) else ""


def _source_line(entry: Entry, texts: Texts) -> str:
    source = entry.payload.get("source")
    title = source.get("title") if isinstance(source, dict) else None
    if not isinstance(title, str) or not title:
        return ""
    return f"\n\n📖 {html.escape(texts('telegram.source', entry.language, title=title[:200]))}"


def _choices(payload: dict[str, JsonValue]) -> Iterator[tuple[str, str]]:
    choices = payload.get("choices")
    for choice in (choices if isinstance(choices, list) else [])[:BUTTON_LIMIT]:
        if isinstance(choice, dict) and choice.get("id") and str(choice.get("label", "")).strip():
            yield str(choice["id"]), _short(str(choice["label"]).strip())


def _short(label: str) -> str:
    return label if len(label) <= LABEL_LIMIT else label[: LABEL_LIMIT - 1] + "…"


def _fitting(text: str, dress: ToHtml, room: int, level: int = 0) -> Iterator[str]:
    """Pieces of `text` whose dressed form has room; as few as the breaks allow."""
    if _length(dress(text)) <= room:
        yield text
        return
    if level == len(BREAKS):
        half = len(text) // 2
        for side in (text[:half], text[half:]):
            yield from _fitting(side, dress, room, level)
        return
    joint = BREAKS[level] if BREAKS[level].startswith("\n") else ""
    held = ""
    for piece in (piece for piece in re.split(BREAKS[level], text) if piece and piece.strip()):
        together = f"{held}{joint or _blank(held)}{piece}" if held else piece
        if _length(dress(together)) <= room:
            held = together
            continue
        if held:
            yield from _fitting(held, dress, room, level + 1)
        held = piece
    if held:
        yield from _fitting(held, dress, room, level + 1)


def _blank(held: str) -> str:
    return " " if held[-1].isascii() else ""


def _length(text: str) -> int:
    """Length as Telegram may count it at most: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _width(label: str) -> int:
    return sum(1 if character.isascii() else 2 for character in label)
