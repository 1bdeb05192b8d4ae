"""knowledge_base: a package of pages, each with one article or one language side of it, as a table. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from kit.contracts import Language
from knowledge_base.exchange.columns import SIDE
from knowledge_base.exchange.tables import Row
from knowledge_base.refusals import PagesDisagree
from knowledge_base.validation import NAME_LIMIT

PICTURE = "picture:"
"""Stands before the SHA-256 of a picture in an answer that was read and not stored yet."""
UNSORTED = "imported"
"""Category of a page that names none and lies in no folder."""

_LANGUAGE = re.compile(r"(zh|en)(?:[-_][a-z]+)*", re.IGNORECASE)
_NO_NAME = re.compile(r"[^\w &·.+-]+")
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page that was read."""

    name: str
    """Where it lies in the package."""
    language: Language | None
    """What it says of its language; None: nothing."""
    cells: Mapping[str, str]
    """By field or whatever its writer calls the field; fields of a language side without their language."""


def language_of(words: str) -> Language | None:
    """The desk's language that a mark such as `zh-CN` or `en` means."""
    found = _LANGUAGE.fullmatch(words.strip())
    return Language(found.group(1).lower()) if found else None


def language_of_folder(name: str) -> Language | None:
    """The language that a folder above the page is called after."""
    return next((found for part in PurePosixPath(name).parts[:-1] if (found := language_of(part))), None)


def category_of_folder(name: str) -> str:
    """The category path that the page's folders make; those called after a language are none."""
    parts = [part for part in PurePosixPath(name).parts[:-1] if language_of(part) is None]
    return "/".join(filter(None, map(category_name, parts)))


def category_name(words: str) -> str:
    """`words` as one name of a category path; empty when nothing of them can be one."""
    return _NO_NAME.sub(" ", words).strip(" &·.+-")[:NAME_LIMIT].strip(" &·.+-")


def key_of_file(name: str) -> str:
    """The key that a page's file name makes; empty when it makes none, or would make many the same."""
    stem = PurePosixPath(name).stem.lower().replace("_", "-").replace(" ", "-")
    return stem if _KEY.fullmatch(stem) and stem not in {"index", "readme"} else ""


def table_of_pages(pages: Sequence[Page]) -> tuple[tuple[str, ...], list[Row]]:
    """(headings, rows): pages of one key in two languages become one row. Raises `PagesDisagree`."""
    rows: list[dict[str, str]] = []
    names: list[str] = []
    places: dict[str, tuple[int, set[Language | None]]] = {}
    for page in pages:
        cells = _with_language(page)
        key = page.cells.get("key", "")
        at, languages = places.get(key, (-1, set()))
        if at < 0 or page.language in languages:
            # The same side twice is two rows; the plan refuses the second one by its key.
            if key and at < 0:
                places[key] = (len(rows), {page.language})
            rows.append(cells)
            names.append(page.name)
            continue
        languages.add(page.language)
        for field, cell in cells.items():
            if rows[at].setdefault(field, cell) != cell:
                raise PagesDisagree(field="file", where=page.name, what=field)
    headings = tuple(dict.fromkeys(field for row in rows for field in row))
    return headings, [
        Row(number=number, name=name, cells=tuple(row.get(field) for field in headings))
        for number, (name, row) in enumerate(zip(names, rows, strict=True), start=1)
    ]


def _with_language(page: Page) -> dict[str, str]:
    if page.language is None:
        return dict(page.cells)
    return {f"{page.language}.{field}" if field in SIDE else field: cell for field, cell in page.cells.items()}
