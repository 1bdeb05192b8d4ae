"""knowledge_base: a Markdown file with front matter as a page, and an article's row as such files. Pure.

Every value is read as a text: a key `007` stays that. Aliases are refused, because a few bytes of them may stand for
gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from kit.contracts import Language
from kit.yaml import load_yaml
from knowledge_base.exchange.columns import ABOUT, FIELDS, OFFERED
from knowledge_base.exchange.pages import (
    UNSORTED,
    Page,
    category_of_folder,
    key_of_file,
    language_of,
    language_of_folder,
)
from knowledge_base.refusals import PageDamaged

LISTS = frozenset({"products", "follow_ups", "questions", "attachments"})
"""Fields written as lists; each stands one item a line in a table."""
DEEPEST = 2
"""A list below a field is all the nesting there is."""
SPOKEN = ("language", "lang", "locale")
"""What front matter calls the page's language."""

_BREAKS = re.compile("[\x85\u2028\u2029\ufeff]")
_FRONT = re.compile(r"\ufeff?---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)")


class _Dumper(yaml.SafeDumper):
    """Quotes texts with line breaks that only YAML knows; written plainly they would come back as spaces."""


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if _BREAKS.search(text) else None)


_Dumper.add_representer(str, _represent)


def page_of_markdown(name: str, text: str) -> Page:
    """The page that `text` is. Without front matter its first heading is the title. Raises `PageDamaged`."""
    text = text.replace("\r\n", "\n")
    front = _FRONT.match(text)
    cells = _read_front(name, front.group(1)) if front else {}
    said = next((language_of(cells.pop(word)) for word in SPOKEN if word in cells), None)
    body = (text[front.end() :] if front else text.removeprefix("\ufeff")).strip()
    if "title" not in cells and (heading := _HEADING.match(body)):
        cells["title"], body = heading.group(1), body[heading.end() :].strip()
    if "key" not in cells and (key := key_of_file(name)):
        cells["key"] = key
    if not front:
        cells["category"] = category_of_folder(name) or UNSORTED
    return Page(name=name, language=said or language_of_folder(name), cells=cells | {"answer": body})


def markdown_of_row(row: Mapping[str, str]) -> dict[str, str]:
    """The files of one article by their names in the package, one a language."""
    files = {}
    for language in Language:
        side = {field.partition(".")[2]: row[field] for field in FIELDS if field.startswith(f"{language}.")}
        if not any(side.values()):
            continue
        front: dict[str, Any] = {"key": row["key"], "language": str(language), "title": side["title"]}
        front |= {name: _written(name, row[name]) for name in (*ABOUT, *OFFERED) if name != "key"}
        front |= {name: _written(name, side[name]) for name in ("short", "questions", "attachments")}
        head = yaml.dump(front, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**20)
        files[f"{language}/{row['key']}.md"] = f"---\n{head}---\n\n{side['answer']}\n"
    return files


def _written(name: str, cell: str) -> str | list[str]:
    return [line for line in cell.split("\n") if line] if name in LISTS else cell


def _read_front(name: str, text: str) -> dict[str, str]:
    try:
        _check_plain(name, text)
        found = load_yaml(text, texts_only=True) or {}
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise PageDamaged(field="file", where=name) from error
    if not isinstance(found, dict):
        raise PageDamaged(field="file", where=name)
    return {str(field).strip(): _read_value(name, value) for field, value in found.items()}


def _check_plain(name: str, text: str) -> None:
    """Refuse aliases, and nesting as soon as it is met: reading deep nesting takes its square in time."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.AliasEvent) or depth > DEEPEST:
            raise PageDamaged(field="file", where=name)


def _read_value(name: str, value: object) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "\n".join(value)
    if not isinstance(value, str):
        raise PageDamaged(field="file", where=name)
    return value
