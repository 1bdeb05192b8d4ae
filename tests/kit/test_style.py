"""tests: the design tokens keep their promises: readable in light and dark, and one set of dark values."""

from __future__ import annotations

import hashlib
import re

import pytest

from kit.rooms import HOUSE, static_folders, template_folders

TOKENS = (HOUSE / "kit/web/static/kit/tokens.css").read_text(encoding="utf-8")
GROUNDS = ("ground", "surface", "sunken")
MEANINGS = ("ok", "warn", "danger", "info")
PAIRS = [
    *(("ink", ground) for ground in (*GROUNDS, "bot", "accent-soft")),
    *(("ink-2", ground) for ground in GROUNDS),
    *(("ink-3", ground) for ground in (*GROUNDS, "accent-soft")),
    *(("accent", ground) for ground in (*GROUNDS, "accent-soft")),
    *((meaning, ground) for meaning in MEANINGS for ground in ("surface", "ground", f"{meaning}-soft")),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-strong"),
    ("customer-ink", "customer"),
    ("note-ink", "note"),
    ("danger-ink", "danger"),
    ("ground", "ink"),  # toasts
]
"""(text, ground) as the sheets use them."""


def block(start: str) -> dict[str, str]:
    """The custom properties of the rule that begins with `start`."""
    rule = TOKENS[TOKENS.index(start) :]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", rule[: rule.index("}")]))


LIGHT = block(":root {")
DARK = block(':root[data-theme="dark"] {')


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(theme: str, text: str, ground: str) -> None:
    tokens = LIGHT if theme == "light" else LIGHT | DARK
    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_edge_of_a_field_can_be_seen(theme: str) -> None:
    tokens = LIGHT if theme == "light" else LIGHT | DARK
    assert contrast(tokens["edge-strong"], tokens["surface"]) >= 3


def test_dark_is_the_same_by_choice_and_by_system() -> None:
    assert block(':root:not([data-theme="light"]) {') == DARK
    assert {name for name in DARK if name not in LIGHT} == set()


def sheets() -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(HOUSE)), re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
        for folder in static_folders()
        for path in sorted(folder.rglob("*.css"))
    ]


def test_every_token_a_sheet_uses_exists_and_colours_come_from_tokens_only() -> None:
    faults = []
    for name, sheet in sheets():
        own = set(re.findall(r"--([\w-]+)\s*:", sheet))
        faults += [f"{name}: --{used}" for used in re.findall(r"var\(--([\w-]+)", sheet) if used not in {*LIGHT, *own}]
        if not name.endswith("tokens.css"):
            faults += [f"{name}: {colour}" for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b", sheet)]
    assert not faults, f"use a token of tokens.css: {faults}"


def test_no_style_or_script_stands_inside_a_template() -> None:
    """The content policy forbids them, so they would silently do nothing."""
    faults = []
    for folder in template_folders():
        for path in sorted(folder.rglob("*.html")):
            text = path.read_text(encoding="utf-8")
            faults += [
                f"{path.relative_to(HOUSE)}: {found[0]}"
                for found in re.finditer(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\bsrc=)[^>]*>|javascript:", text)
            ]
    assert not faults


def test_every_icon_that_is_named_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (HOUSE / "kit/web/static/kit/icons.svg").read_text("utf-8")))
    named = {
        name
        for folder in template_folders()
        for path in folder.rglob("*.html")
        for name in re.findall(r"icon\('([\w-]+)'\)", path.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= drawn


def test_vendored_files_are_what_their_checksums_say_and_bring_their_licence() -> None:
    folder = HOUSE / "kit/web/static/kit/vendor"
    lines = [line.split() for line in (folder / "SHA256SUMS").read_text().splitlines()]
    sums = {name: digest for digest, name in lines}
    assert set(sums) == {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    for name, expected in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == expected, name
    assert any("LICENSE" in name for name in sums)
