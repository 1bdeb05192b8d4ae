"""tests: what the house knows, as the live desk asks for it; fits `handoff.ports.Articles`."""

from __future__ import annotations

from dataclasses import dataclass, field

from handoff.contracts import Agent, FlagReason, KnownArticle, Suggestion
from kit.contracts import Language
from kit.refusals import NotFound


@dataclass(slots=True)
class StandInArticles:
    """Answers to the words they are asked with."""

    known: dict[str, Suggestion] = field(default_factory=dict)
    """By a part of the question."""
    library: dict[str, KnownArticle] = field(default_factory=dict)
    """What is found when it is looked up, by a part of the words."""
    asked: list[str] = field(default_factory=list)

    flagged: list[tuple[str, str, Language, FlagReason, str]] = field(default_factory=list)
    """(article, by, side, reason, words)."""

    async def suggest(self, question: str, language: Language) -> tuple[Suggestion, ...]:
        self.asked.append(question)
        return tuple(found for words, found in self.known.items() if words in question)

    async def look_up(self, words: str, language: Language) -> tuple[KnownArticle, ...]:
        return tuple(found for part, found in self.library.items() if part in words)

    async def flag(self, article_id: str, agent: Agent, language: Language, *, reason: FlagReason, words: str) -> None:
        if article_id not in {one.id for one in self.library.values()}:
            raise NotFound
        self.flagged.append((article_id, agent.name, language, reason, words))
