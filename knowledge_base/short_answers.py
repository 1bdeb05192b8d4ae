"""knowledge_base: whether a short answer still says what its answer says. Pure.

Chat apps get the short answer, so one that was left alone while the answer changed tells customers something old.
Beside an article a mark is kept for each language: of the answer that the short one was last written for, or found
right for. Whoever takes the answer back to what it was has nothing more to look at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from kit.contracts import Language
from knowledge_base.contracts import ArticleText, Draft

MARK = 16
"""Characters of a mark."""


def mark_answers(known: Mapping[Language, str], *, before: Draft | None, after: Draft) -> dict[Language, str]:
    """The marks of `after`; `known` are those of `before`. One that is missing counts as right until now."""
    old = {side.language: side for side in before.texts} if before else {}
    return {side.language: _next(known, old.get(side.language), side) for side in after.texts if side.short}


def stale_shorts(marks: Mapping[Language, str], draft: Draft) -> tuple[Language, ...]:
    """The languages whose answer changed while the short one stayed."""
    return tuple(
        side.language for side in draft.texts if side.short and marks.get(side.language, _mark(side)) != _mark(side)
    )


def _next(known: Mapping[Language, str], old: ArticleText | None, new: ArticleText) -> str:
    if old is None or old.short != new.short:
        return _mark(new)
    return known.get(new.language, _mark(old))


def _mark(side: ArticleText) -> str:
    return hashlib.sha256(side.answer.encode()).hexdigest()[:MARK]
