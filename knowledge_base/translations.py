"""knowledge_base: which language side of an article was left behind. Pure.

Each side remembers the version at which its words last moved. Sides that moved in the same version agree; a side that
stands at an earlier version than the other is out of date until it moves too, or until somebody says it is still right.
"""

from __future__ import annotations

from collections.abc import Mapping

from kit.contracts import Language
from knowledge_base.contracts import ArticleText, Draft


def moved_sides(
    known: Mapping[Language, int], *, before: Draft | None, after: Draft, version: int
) -> dict[Language, int]:
    """At which version each side of `after` last moved; `known` says it of `before`."""
    old = {side.language: _words(side) for side in before.texts} if before else {}
    return {
        side.language: known.get(side.language, 1) if old.get(side.language) == _words(side) else version
        for side in after.texts
    }


def lagging_side(sides: Mapping[Language, int]) -> Language | None:
    """The side that is out of date; None while both agree or there is only one."""
    if len(sides) < len(Language) or len(set(sides.values())) == 1:
        return None
    return min(sides, key=lambda language: sides[language])


def _words(side: ArticleText) -> tuple[str, str, str]:
    """What has to say the same in both languages; the wordings of a question need not."""
    return side.title, side.answer, side.short
