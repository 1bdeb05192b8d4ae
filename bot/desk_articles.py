"""bot: the knowledge base as the live desk needs it; implements `handoff.ports.Articles` by the bot's own search.

That search knows no articles for staff only, so whatever is suggested may be sent.
"""

from __future__ import annotations

from typing import Protocol

from handoff.contracts import Suggestion
from kit.contracts import Language
from kit.markdown import to_text
from knowledge_base.contracts import Level, SearchResult
from nlu.contracts import Reading


class Reads(Protocol):
    """As much of nlu as a search needs."""

    async def read(self, text: str, *, previous: Language) -> Reading: ...


class Searches(Protocol):
    """As much of the knowledge base as is asked."""

    async def search(self, reading: Reading) -> SearchResult: ...


class DeskArticles:
    """Answers for representatives."""

    def __init__(self, *, reads: Reads, search: Searches) -> None:
        self._reads, self._search = reads, search

    async def suggest(self, question: str, language: Language) -> tuple[Suggestion, ...]:
        result = await self._search.search(await self._reads.read(question, previous=language))
        # A person judges, so what the bot would only offer as choices is worth showing too.
        offered = result.matches[:1] if result.level is Level.SURE else ()
        offered += tuple(match for match in result.choices if match not in offered)
        return tuple(
            Suggestion(id=match.article_id, title=match.title, text=to_text(match.answer), confidence=match.confidence)
            for match in offered
        )
