"""kit: Markdown of articles as safe HTML, as plain text, and as the small HTML that Telegram takes. Pure.

Raw HTML in the source is shown as text. What comes out is cleaned a second time, so that a fault of the parser
cannot become a script in a customer's browser.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import MutableMapping, Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

IMAGE_PATH = "/knowledge/images/"
"""Pictures are shown from here only: one from elsewhere would tell a stranger who reads, and becomes a link."""
NESTING = 20
"""Deepest nesting that is parsed; deeper input stays text."""

REMEMBERED = 1_024
"""Texts whose HTML is kept: the same articles are answered again and again, to every window."""

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "s",
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
        attributes={"a": {"href", "title"}, "img": {"src", "alt"}, "ol": {"start"}},
        attribute_filter=_own_images,
        set_tag_attribute_values={"a": {"target": "_blank"}, "img": {"loading": "lazy"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
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
    parser = MarkdownIt("commonmark", rules).enable(["table", "strikethrough"]).disable(["reference"])
    parser.add_render_rule("image", _render_image)
    return parser


_OWN_IMAGE = re.compile(re.escape(IMAGE_PATH) + r"[0-9a-f]{64}\.(?:png|jpeg)")


def _render_image(
    _renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: MutableMapping[str, object]
) -> str:
    token = tokens[index]
    source, words = html.escape(str(token.attrGet("src") or "")), html.escape(token.content)
    if _OWN_IMAGE.fullmatch(source):
        return f'<img src="{source}" alt="{words}">'
    return f'<a href="{source}">{words or source}</a>'


def _own_images(tag: str, attribute: str, value: str) -> str | None:
    """The second look of the cleaner: no picture from elsewhere gets through."""
    if (tag, attribute) == ("img", "src") and not _OWN_IMAGE.fullmatch(value):
        return None
    return value


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
        if token.type in {"text", "code_inline", "image"}:
            # Chat apps get the picture's words; text cannot hold a picture.
            words = f"[{token.content}]" if token.type == "image" else token.content
            said = html.escape(words) if telegram else words
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
