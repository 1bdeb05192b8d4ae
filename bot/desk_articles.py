"""bot: the knowledge base as the live desk needs it; implements `handoff.ports.Articles` by the bot's own search.

What is suggested comes from the search that knows no articles for staff only, so it may be sent. What is looked up may
be for staff, and says so.
"""

from __future__ import annotations

from typing import Protocol

from handoff.contracts import Agent, FlagReason, KnownArticle, Suggestion
from kit.contracts import Language
from kit.markdown import to_text
from knowledge_base.contracts import Audience, Flag, Level, SearchResult
from knowledge_base.contracts import FlagReason as Reason
from nlu.contracts import Reading


class Reads(Protocol):
    """As much of nlu as a search needs."""

    async def read(self, text: str, *, previous: Language) -> Reading: ...


class Searches(Protocol):
    """As much of the knowledge base as is asked."""

    async def search(self, reading: Reading) -> SearchResult: ...

    async def search_for_agents(self, reading: Reading) -> SearchResult: ...


class Flags(Protocol):
    """As much of the editors' inbox as staff write to."""

    async def raise_flag(
        self, article_id: str, *, language: Language, reason: Reason, words: str, by_id: str, by: str
    ) -> Flag: ...


class DeskArticles:
    """Answers for representatives."""

    def __init__(self, *, reads: Reads, search: Searches, flags: Flags) -> None:
        self._reads, self._search, self._flags = reads, search, flags

    async def suggest(self, question: str, language: Language) -> tuple[Suggestion, ...]:
        result = await self._search.search(await self._reads.read(question, previous=language))
        # A person judges, so what the bot would only offer as choices is worth showing too.
        offered = result.matches[:1] if result.level is Level.SURE else ()
        offered += tuple(match for match in result.choices if match not in offered)
        return tuple(
            Suggestion(id=match.article_id, title=match.title, text=to_text(match.answer), confidence=match.confidence)
            for match in offered
        )

    async def look_up(self, words: str, language: Language) -> tuple[KnownArticle, ...]:
        result = await self._search.search_for_agents(await self._reads.read(words, previous=language))
        return tuple(
            KnownArticle(
                id=match.article_id,
                title=match.title,
                language=match.language,
                answer=match.answer,
                text=to_text(match.answer),
                confidence=match.confidence,
                staff_only=match.audience is Audience.AGENTS,
            )
            for match in result.matches
        )

    async def flag(self, article_id: str, agent: Agent, language: Language, *, reason: FlagReason, words: str) -> None:
        await self._flags.raise_flag(
            article_id, language=language, reason=Reason(reason.value), words=words, by_id=agent.id, by=agent.name
        )
