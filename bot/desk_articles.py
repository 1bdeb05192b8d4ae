"""bot: the knowledge base as the live desk needs it; implements `handoff.ports.Articles` by the bot's own search.

What is suggested comes from the search that knows no articles for staff only, so it may be sent. What is looked up may
be for staff, and says so.
"""

from __future__ import annotations

import re
from typing import Protocol

from handoff.contracts import Agent, FlagReason, KnownArticle, Suggestion
from kit.contracts import Language
from kit.markdown import to_text
from knowledge_base.contracts import Audience, Flag, Level, Match, SearchResult
from knowledge_base.contracts import FlagReason as Reason
from nlu.contracts import Reading
from nlu.service import wants_person

_MARKS = re.compile(r"[\\\[\]*_`<>&!]")


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

    def __init__(self, *, reads: Reads, search: Searches, flags: Flags, public_url: str = "") -> None:
        """`public_url` is where customers reach the desk; without it what is sent cannot link to files."""
        self._reads, self._search, self._flags, self._public_url = reads, search, flags, public_url

    async def suggest(self, question: str, language: Language) -> tuple[Suggestion, ...]:
        if wants_person(question, ()):
            return ()  # there is one now; an article on when people are here would be no answer
        result = await self._search.search(await self._reads.read(question, previous=language))
        # A person judges, so what the bot would only offer as choices is worth showing too.
        offered = result.matches[:1] if result.level is Level.SURE else ()
        offered += tuple(match for match in result.choices if match not in offered)
        return tuple(
            Suggestion(id=match.article_id, title=match.title, text=self._sendable(match), confidence=match.confidence)
            for match in offered
        )

    async def look_up(self, words: str, language: Language) -> tuple[KnownArticle, ...]:
        result = await self._search.search_for_agents(await self._reads.read(words, previous=language))
        return tuple(
            KnownArticle(
                id=match.article_id,
                title=match.title,
                language=match.language,
                answer=_with_files(match),
                text=self._sendable(match),
                confidence=match.confidence,
                staff_only=match.audience is Audience.AGENTS,
            )
            for match in result.matches
        )

    def _sendable(self, match: Match) -> str:
        """The answer as plain text, with links to its files where there can be any."""
        files = [f"📎 {each.name} {self._public_url}{each.address}" for each in match.attachments if self._public_url]
        return "\n".join([to_text(match.answer), *files])

    async def flag(self, article_id: str, agent: Agent, language: Language, *, reason: FlagReason, words: str) -> None:
        await self._flags.raise_flag(
            article_id, language=language, reason=Reason(reason.value), words=words, by_id=agent.id, by=agent.name
        )


def _with_files(match: Match) -> str:
    """The answer as Markdown, its files below it."""
    links = [f"- 📎 [{_plain(each.name)}]({each.address})" for each in match.attachments]
    return "\n".join([match.answer, "", *links]) if links else match.answer


def _plain(name: str) -> str:
    """`name` so that Markdown reads nothing into it."""
    return _MARKS.sub(r"\\\g<0>", name)
