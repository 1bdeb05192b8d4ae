"""handoff: what the knowledge base knows, for the representative: suggested for the last question, or looked up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from handoff.contracts import Agent, FlagReason, Handoff, KnownArticle, Suggestions
from handoff.ports import Articles, Conversations, Line
from kit.contracts import Language
from kit.courtesy import says_something

MOST = 3
LONGEST = 300
"""Characters; a longer message is a story, and its end is what is asked."""


class Suggesting:
    """Looks up answers for open conversations."""

    def __init__(self, *, conversations: Conversations, articles: Articles) -> None:
        self._conversations, self._articles = conversations, articles

    async def suggest(self, handoff: Handoff) -> Suggestions:
        """For what the customer said last; where that asks nothing that is known, for what they came with.

        Nothing once that was answered, until they ask again.
        """
        lines = await self._conversations.lines(handoff.conversation_id)
        if is_answered(lines, handoff.asked_at):
            return Suggestions(question="", items=())
        for question in questions_of(lines, handoff.packet.want):
            found = await self._articles.suggest(question, handoff.language)
            if found:
                return Suggestions(question=question, items=found[:MOST])
        return Suggestions(question="", items=())

    async def look_up(self, words: str, language: Language) -> tuple[KnownArticle, ...]:
        """What comes closest to what the representative typed; nothing for nothing."""
        asked = words.strip()
        return await self._articles.look_up(asked[:LONGEST], language) if asked else ()

    async def flag(self, article_id: str, agent: Agent, language: Language, *, reason: FlagReason, words: str) -> None:
        """Tell the editors that an answer is not right."""
        await self._articles.flag(article_id, agent, language, reason=reason, words=words)


def is_answered(lines: Sequence[Line], asked_at: datetime) -> bool:
    """Whether a colleague answered the customer's last words that say something, or what they came with.

    A greeting answers nothing; a file does.
    """
    for line in reversed(lines):
        if line.kind == "agent" and line.at >= asked_at and ("file" in line.payload or says_something(line.text)):
            return True
        if line.kind == "customer" and says_something(line.text):
            return False
    return False


def questions_of(lines: Sequence[Line], want: str) -> Iterable[str]:
    """What may be the question, the likeliest first: the last words of the customer that say something, then `want`."""
    said = (line.text for line in reversed(lines) if line.kind == "customer")
    last = next((text for text in said if says_something(text)), "")
    return dict.fromkeys(text.strip()[-LONGEST:] for text in (last, want) if says_something(text))
