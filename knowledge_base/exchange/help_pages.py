"""knowledge_base: a help centre's page, or a document turned into one, as articles by its headings. Pure.

One page alone is split: the highest heading that occurs more than once is a question, headings above it are
categories. A page of a package is one article, unless it has several headings of the first level.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import nh3
from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag
from markdownify import ATX, MarkdownConverter

from knowledge_base.exchange.pages import (
    PICTURE,
    UNSORTED,
    Page,
    category_name,
    category_of_folder,
    key_of_file,
    language_of,
    language_of_folder,
)
from knowledge_base.refusals import PageDamaged

FindPicture = Callable[[str, str], str]
"""(page's name, what its picture names) to what the answer shall name; empty: leave the picture out."""

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
AROUND = ("nav", "header", "footer", "aside", "form", "script", "style", "template", "noscript", "iframe", "title")
"""Parts of a page that are not its content."""
KEPT = {
    *HEADINGS,
    *("a", "blockquote", "br", "code", "em", "b", "i", "hr", "img", "li", "ol", "p", "pre", "s", "del", "strong"),
    *("table", "caption", "tbody", "td", "th", "thead", "tr", "ul", "dl", "dt", "dd"),
}
"""What an answer's Markdown can say. Other tags go and their words stay, so that headings stand side by side."""


@dataclass(slots=True)
class _Part:
    """A heading and what stands below it."""

    title: str
    above: tuple[str, ...]
    content: list[PageElement] = field(default_factory=list)


def pages_of_html(name: str, text: str, *, alone: bool, find_picture: FindPicture) -> list[Page]:
    """The articles of a page; `alone` when it is the whole file. Raises `PageDamaged`."""
    try:
        return list(_pages(name, text, alone=alone, find_picture=find_picture))
    except (RecursionError, ValueError, AssertionError) as error:  # nested beyond reading, broken markup
        raise PageDamaged(field="file", where=name) from error


def _pages(name: str, text: str, *, alone: bool, find_picture: FindPicture) -> Iterator[Page]:
    soup = BeautifulSoup(text, "html.parser")
    root = soup.find("html")
    language = language_of(str(root.get("lang") or "")) if isinstance(root, Tag) else None
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    content = soup.find("main") or soup.find("article") or soup.find("body") or soup
    for piece in soup.find_all(AROUND):
        piece.decompose()
    clean = BeautifulSoup(_clean(str(content), name, find_picture), "html.parser")
    parts = _split(clean, alone=alone, title=title or PurePosixPath(name).stem)
    folder = category_of_folder(name)
    key = key_of_file(name) if len(parts) == 1 and not alone else ""
    for part in parts:
        above = "/".join(filter(None, map(category_name, part.above)))
        cells = {
            "title": part.title,
            "answer": _markdown(part.content),
            "category": above or folder or (category_name(PurePosixPath(name).stem) if alone else "") or UNSORTED,
        }
        yield Page(
            name=name,
            language=language or language_of_folder(name),
            cells=cells | ({"key": key} if key else {}),
        )


def _clean(content: str, name: str, find_picture: FindPicture) -> str:
    soup = BeautifulSoup(content, "html.parser")
    for picture in soup.find_all("img"):
        found = find_picture(name, str(picture.get("src") or ""))
        if found:
            picture["src"] = found
        else:
            picture.decompose()
    return nh3.clean(
        str(soup),
        tags=KEPT,
        attributes={"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel", PICTURE.rstrip(":")},
        link_rel=None,
    )


def _split(soup: BeautifulSoup, *, alone: bool, title: str) -> list[_Part]:
    """The page's parts; what stands above the first heading of a split page belongs to no question and goes."""
    elements = list(soup.children)
    levels = Counter(_level(element) for element in elements)
    several = [level for level in range(1, len(HEADINGS) + 1) if levels[level] > 1]
    level = several[0] if several and (alone or several[0] == 1) else 0
    if not level:
        return [_whole(elements, title)]
    parts: list[_Part] = []
    above: dict[int, str] = {}
    open_part: _Part | None = None
    for element in elements:
        found = _level(element)
        if found == level:
            open_part = _Part(title=_words(element), above=tuple(above[each] for each in sorted(above)))
            parts.append(open_part)
        elif 0 < found < level:
            above = {each: words for each, words in above.items() if each < found} | {found: _words(element)}
            open_part = None
        elif open_part is not None:
            open_part.content.append(element)
    return [part for part in parts if part.title]


def _whole(elements: Iterable[PageElement], title: str) -> _Part:
    """The page as one article: its first heading is the question."""
    rest = list(elements)
    first = next((element for element in rest if _level(element)), None)
    if first is not None and _level(first) == min(filter(None, map(_level, rest))):
        rest.remove(first)
        title = _words(first) or title
    return _Part(title=title, above=(), content=rest)


def _level(element: PageElement) -> int:
    name = element.name if isinstance(element, Tag) else ""
    return HEADINGS.index(name) + 1 if name in HEADINGS else 0


def _words(element: PageElement) -> str:
    return " ".join(element.get_text(" ", strip=True).split())


def _markdown(content: Iterable[PageElement]) -> str:
    soup = BeautifulSoup("", "html.parser")
    for element in content:
        soup.append(element.extract())
    converter = MarkdownConverter(heading_style=ATX, bullets="-", escape_misc=False, strip_pre=None)
    lines = str(converter.convert_soup(soup)).strip().split("\n")
    return "\n".join(line if line.endswith("  ") else line.rstrip() for line in lines)
