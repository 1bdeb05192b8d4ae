"""Promises of kit.markdown: nothing an editor types becomes a script; every channel gets readable text."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from kit.markdown import to_html, to_telegram_html, to_text

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    "[click](vbscript:x)",
    "<iframe src='https://evil.example'></iframe>",
    "<svg/onload=alert(1)>",
    "![x](javascript:alert(1))",
    '[x](https://a.example "onmouseover=alert(1)")',
    "<a href='javascript:alert(1)'>x</a>",
    "`<script>`",
    "```\n<script>alert(1)</script>\n```",
    "<style>*{display:none}</style>",
    "<form action=https://evil.example><input></form>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[a]: javascript:alert(1)\n\n[a]",
    '<https://a.example/"onload=alert(1)>',
]
ATTRIBUTE = re.compile(r'(?:^|\s)([\w-]+)="[^"]*"')
TAG = re.compile(r"<(/?)([a-zA-Z0-9]+)([^>]*)>")


@pytest.mark.parametrize("source", HOSTILE)
@pytest.mark.parametrize("render", [to_html, to_telegram_html])
def test_hostile_markdown_becomes_no_live_element(source: str, render: Callable[[str], str]) -> None:
    made = render(source)
    for _, name, attributes in TAG.findall(made):
        assert name in {"p", "a", "code", "pre", "br", "em", "strong", "b", "i", "s", "blockquote"}, made
        assert set(ATTRIBUTE.findall(attributes)) <= {"href", "title", "target", "rel"}, made
        link = re.search(r'href="([^"]*)"', attributes)
        assert link is None or link.group(1).startswith(("https://", "http://", "mailto:", "tel:")), made


def test_links_open_aside_and_tell_nothing() -> None:
    made = to_html("[shop](https://clearhome.example/a?b=1&c=2)")
    assert 'href="https://clearhome.example/a?b=1&amp;c=2"' in made
    assert 'target="_blank"' in made
    assert 'rel="noopener noreferrer nofollow"' in made


def test_steps_and_bullets_stay_readable_without_marks() -> None:
    source = "**先看**：\n\n1. 打开 App\n2. 点 *退货*\n   - 小件\n\n> 提示\n\n完"
    assert to_text(source) == "先看：\n\n1. 打开 App\n2. 点 退货\n  • 小件\n\n提示\n\n完"
    assert to_telegram_html(source) == (
        "<b>先看</b>：\n\n1. 打开 App\n2. 点 <i>退货</i>\n  • 小件\n\n<blockquote>提示</blockquote>\n\n完"
    )


def test_text_for_telegram_is_escaped_once() -> None:
    assert to_telegram_html("1 < 2 & 3 > 2") == "1 &lt; 2 &amp; 3 &gt; 2"
    assert to_text("1 < 2 & 3 > 2") == "1 < 2 & 3 > 2"


def test_telegram_tags_are_always_closed() -> None:
    for source in (*HOSTILE, "**bold *both** it*", "[**a](https://a.example)**", "> a\n> > b\n\n**c**"):
        made = to_telegram_html(source)
        opened: list[str] = []
        for closing, name, _ in TAG.findall(made):
            if closing:
                assert opened.pop() == name, made
            else:
                opened.append(name)
        assert not opened, made


@pytest.mark.parametrize(
    "source", [">" * 5_000, "- " * 5_000 + "x", "[" * 5_000, "*" * 20_000, "(" * 9_000 + "`" * 9_000]
)
@pytest.mark.timeout(60)  # an exponential parser would need hours
def test_deep_nesting_comes_to_an_end(source: str) -> None:
    assert to_text(source) or set(source) <= set("> *")
    assert len(to_html(source)) < 40 * len(source)
    assert len(to_telegram_html(source)) < 40 * len(source)


def test_an_empty_text_stays_empty() -> None:
    assert to_html("") == to_text("") == to_telegram_html("") == ""


OWN = f"/knowledge/images/{'a1' * 32}.png"


def test_pictures_of_the_house_are_shown_and_chat_apps_get_their_words() -> None:
    source = f"Press here:\n\n![the <button>]({OWN})"
    assert f'<img src="{OWN}" alt="the &lt;button&gt;" loading="lazy">' in to_html(source)
    assert to_text(source) == "Press here:\n\n[the <button>]"
    assert to_telegram_html(source).endswith("[the &lt;button&gt;]")


@pytest.mark.parametrize(
    "address",
    ["https://a.example/x.png", "/knowledge/images/x.png", OWN + "?x", "//a.example" + OWN, "data:image/png,x"],
)
def test_pictures_from_elsewhere_are_no_pictures(address: str) -> None:
    assert "<img" not in to_html(f"![x]({address})")


def test_a_picture_from_elsewhere_becomes_a_link() -> None:
    assert 'href="https://a.example/x.png"' in to_html("![a plan](https://a.example/x.png)")
