"""bot: from an entry to WeChat texts. Pure: what is said, split and numbered; nothing is sent here."""

from __future__ import annotations

from bot.channels.shown import attached_lines, short_answer, source_line, words_of
from bot.channels.splitting import fitting, utf8_bytes
from bot.channels.wechat.choices import choice_lines
from bot.contracts import Entry, EntryKind
from kit.markdown import to_text
from kit.texts import Texts

TEXT_LIMIT = 2048
"""Most bytes of one text, in replies and in customer-service messages."""


def texts_of(entry: Entry, texts: Texts, *, public_url: str = "") -> tuple[str, ...]:
    """The messages of `entry`, the choices at the end of the last; empty when the customer has nothing to read.

    `public_url` is where people reach the desk, for links to files.
    """
    said = words_of(entry, texts)
    if not said:
        return ()
    short = short_answer(entry)
    if not short and entry.payload.get("format") == "markdown":
        said = to_text(said)
    name = entry.author if entry.kind is EntryKind.AGENT else ""
    opening = texts("wechat.author", entry.language, name=name) if name else ""
    words, files = f"{opening}{short or said}", attached_lines(entry, public_url)
    parts = (words, files, source_line(entry, texts), choice_lines(entry, texts))
    return tuple(fitting("\n\n".join(filter(None, parts)), TEXT_LIMIT, utf8_bytes))
