"""knowledge_base: one wording for another in the texts of an article. Pure.

Keys, categories and tags are names that other things hold on to; they are left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from knowledge_base.contracts import ArticleText, Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """What is looked for, and what comes in its place."""

    find: str
    put: str
    match_case: bool = False


def replace_in(draft: Draft, wanted: Replacement) -> Draft:
    """The draft with every occurrence replaced, in titles, answers, short answers and wordings."""
    pattern = re.compile(re.escape(wanted.find), 0 if wanted.match_case else re.IGNORECASE)

    def put(text: str) -> str:
        return pattern.sub(lambda _: wanted.put, text)

    def side(text: ArticleText) -> ArticleText:
        return replace(
            text,
            title=put(text.title),
            answer=put(text.answer),
            short=put(text.short),
            questions=tuple(map(put, text.questions)),
        )

    return replace(draft, texts=tuple(map(side, draft.texts)))
