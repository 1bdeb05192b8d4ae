"""kit: Markdown of articles as safe HTML, as plain text, and as the small HTML that Telegram takes. Pure.

Raw HTML in the source is shown as text. What comes out is cleaned a second time, so that a fault of the parser
cannot become a script in a customer's browser.
"""

from __future__ import annotations

import functools
import html
import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

NESTING = 20
"""Deepest nesting that is parsed; deeper input stays text."""

REMEMBERED = 1_024
"""Texts whose HTML is kept: the same articles are answered again and again, to every window."""

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_TELEGRAM_TAGS = {"a", "b", "blockquote", "code", "i", "pre", "s"}
_SCHEMES = {"http", "https", "mailto", "tel"}
_BLANK_LINES = re.compile(r"\n{3,}")
_QUOTE_END = re.compile(r"\s+</blockquote>")
_TRAILING = re.compile(r"[ \t]+\n")


@functools.lru_cache(maxsize=REMEMBERED)
def to_html(source: str) -> str:
    """Sanitised HTML of `source`; links open in a new page and say nothing of where they were clicked."""
    return nh3.clean(
        _parser().render(source),
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def to_text(source: str) -> str:
    """`source` without marks, lists and links still readable; for chat apps without formatting and for search."""
    return _write(_parser().parse(source), telegram=False)


def to_telegram_html(source: str) -> str:
    """`source` in the subset of HTML that Telegram's `parse_mode=HTML` takes; all else is plain, escaped text."""
    return nh3.clean(
        _write(_parser().parse(source), telegram=True),
        tags=_TELEGRAM_TAGS,
        attributes={"a": {"href"}},
        url_schemes=_SCHEMES,
        link_rel=None,
    )


@functools.cache
def _parser() -> MarkdownIt:
    rules = {"html": False, "linkify": False, "breaks": True, "maxNesting": NESTING}
    return MarkdownIt("commonmark", rules).enable(["table", "strikethrough"]).disable(["image", "reference"])


_MARKS = {"strong": "b", "em": "i", "s": "s"}


def _write(tokens: list[Token], *, telegram: bool) -> str:
    """The text of block tokens, with Telegram's tags or without any."""
    out: list[str] = []
    lists: list[int | None] = []
    """The next number of each open list; None for bullets."""
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(None if token.type[0] == "b" else int(token.attrGet("start") or 1))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
            out.append("" if lists else "\n")
        elif token.type == "list_item_open":
            out.append(_bullet(lists))
        else:
            out.append(_block(token, in_list=bool(lists), telegram=telegram))
    text = _QUOTE_END.sub("</blockquote>\n\n", "".join(out)) if telegram else "".join(out)
    return _BLANK_LINES.sub("\n\n", _TRAILING.sub("\n", text)).strip()


def _bullet(lists: list[int | None]) -> str:
    indent, number = "  " * (len(lists) - 1), lists[-1]
    if number is None:
        return f"{indent}• "
    lists[-1] = number + 1
    return f"{indent}{number}. "


_AFTER = {"hr": "—\n\n", "th_close": "\t", "td_close": "\t", "tr_close": "\n"}
_QUOTE = {"blockquote_open": "<blockquote>", "blockquote_close": "</blockquote>"}


def _block(token: Token, *, in_list: bool, telegram: bool) -> str:
    match token.type:
        case "inline":
            return _inline(token.children or [], telegram=telegram)
        case "fence" | "code_block":
            code = token.content.rstrip("\n")
            return f"<pre>{html.escape(code)}</pre>\n\n" if telegram else f"{code}\n\n"
        case "paragraph_close" | "heading_close":
            return "\n" if in_list else "\n\n"
        case _:
            return _AFTER.get(token.type, "") + (_QUOTE.get(token.type, "") if telegram else "")


def _inline(tokens: list[Token], *, telegram: bool) -> str:
    out: list[str] = []
    links: list[str] = []
    for token in tokens:
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if token.type in {"text", "code_inline"}:
            said = html.escape(token.content) if telegram else token.content
            out.append(f"<code>{said}</code>" if telegram and kind == "code_inline" else said)
        elif token.type in {"softbreak", "hardbreak"}:
            out.append("\n")
        elif kind in _MARKS and telegram:
            out.append(f"<{'/' if token.nesting < 0 else ''}{_MARKS[kind]}>")
        elif token.type == "link_open":
            links.append(str(token.attrGet("href") or ""))
            if telegram:
                out.append(f'<a href="{html.escape(links[-1])}">')
        elif token.type == "link_close":
            href = links.pop()
            if telegram:
                out.append("</a>")
            elif not "".join(out).endswith(href):
                out.append(f" ({href})")
    return "".join(out)
