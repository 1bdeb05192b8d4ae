"""tests: config.yml, the one file an operator edits, and the settings in the code say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest
import yaml
from pydantic import BaseModel

from bot.settings import DeskSettings
from kit.rooms import HOUSE
from kit.settings import load_settings

CONFIG = HOUSE / "config.yml"
CJK = re.compile(r"[\u3400-\u9fff]")
SHOWN_ONLY = {"nlu.complaint.rules"}
"""Keys whose default is too long for the file; an example stands there, commented out."""


def keys_of(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, known in model.model_fields.items():
        kind = known.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from keys_of(kind, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def keys_in(node: Mapping[str, object], prefix: str = "") -> Iterator[str]:
    for name, value in node.items():
        if isinstance(value, dict):
            yield from keys_in(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def described(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, known in model.model_fields.items():
        kind = known.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from described(kind, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", known.description or ""


def test_every_setting_stands_in_the_file_and_nothing_else_does() -> None:
    written = set(keys_in(yaml.safe_load(CONFIG.read_text(encoding="utf-8"))))
    known = set(keys_of(DeskSettings)) - SHOWN_ONLY
    assert written == known, f"only in the file: {written - known}; missing there: {known - written}"


def test_the_file_as_it_comes_changes_no_default() -> None:
    assert load_settings(CONFIG, DeskSettings) == DeskSettings()


def test_every_key_of_the_file_is_explained_in_both_languages_right_above_it() -> None:
    lines = CONFIG.read_text(encoding="utf-8").splitlines()
    unexplained = []
    for number, line in enumerate(lines):
        key = re.match(r"( *)([a-z_]+):(.*)", line)
        if key is None or (re.fullmatch(r" *[a-z_]+:", line) and not line.strip().startswith(("categories", "rules"))):
            continue  # a section is explained by its keys
        above = []
        for earlier in reversed(lines[:number]):
            if not earlier.strip().startswith("#"):
                break
            above.append(earlier)
        text = "\n".join(above)
        if not (CJK.search(text) and re.search(r"[A-Za-z]{3}", text)):
            unexplained.append(key[2])
    assert not unexplained


@pytest.mark.parametrize("key", sorted(SHOWN_ONLY))
def test_a_long_default_is_shown_as_an_example(key: str) -> None:
    assert re.search(rf"^ *# {key.rpartition('.')[2]}:", CONFIG.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_setting_in_the_code_says_what_it_is_for() -> None:
    assert [name for name, description in described(DeskSettings) if len(description) < 8] == []
