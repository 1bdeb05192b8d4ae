"""tests: Telegram's HTML as Telegram reads it, and how it refuses; for `tests.support.fake_bot_api`."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

ALLOWED_TAGS = {"b", "strong", "i", "em", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler", "tg-emoji"}


class Refused(Exception):
    """An answer with `ok: false`."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def read_html(html: str) -> str:
    """The text of `html`. Raises `Refused`."""
    if re.search(r"&(?!lt;|gt;|amp;|quot;|#)", html):
        raise Refused(400, "Bad Request: can't parse entities: unsupported entity")
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.open:
        raise Refused(400, f"Bad Request: can't parse entities: Can't find end tag for {reader.open[-1]!r}")
    return "".join(reader.out)


class _Reader(HTMLParser):
    """Reads Telegram HTML as strictly as Telegram does: known tags, well nested, only the four named entities."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED_TAGS:
            raise Refused(400, f"Bad Request: can't parse entities: Unsupported start tag {tag!r}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Refused(400, f"Bad Request: can't parse entities: Unexpected end tag {tag!r}")

    def handle_data(self, data: str) -> None:
        self.out.append(data)
