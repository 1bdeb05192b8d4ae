"""kit: where the rooms keep their texts, templates and browser modules. Names rooms; imports none."""

from __future__ import annotations

from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
ROOMS = ("kit", "staff", "nlu", "knowledge_base", "handoff", "cases", "bot")
"""Every room, lowest first."""
PLACES = (*ROOMS, "bot/channels")
"""Where texts and pages may lie: the rooms, and the one part of a room that has its own."""


def text_folders() -> list[Path]:
    """The folders with `zh.yml` and `en.yml`: one a room, and one of each of its parts that has texts of its own."""
    rooms = [HOUSE / room for room in ROOMS]
    return [texts for room in rooms for texts in (room / "texts", *sorted(room.glob("*/texts"))) if texts.is_dir()]


def template_folders() -> list[Path]:
    """The folders of Jinja templates; each room's templates lie below one more folder of its name."""
    return _existing("web/templates")


def static_folders() -> list[Path]:
    """The folders of style sheets and browser modules; each room's files lie below one more folder of its name."""
    return _existing("web/static")


def _existing(below: str) -> list[Path]:
    return [folder for place in PLACES if (folder := HOUSE / place / below).is_dir()]
