"""tests: what the house knows, as the live desk asks for it; fits `handoff.ports.Articles`."""

from __future__ import annotations

from dataclasses import dataclass, field

from handoff.contracts import Suggestion
from kit.contracts import Language


@dataclass(slots=True)
class StandInArticles:
    """Answers to the words they are asked with."""

    known: dict[str, Suggestion] = field(default_factory=dict)
    """By a part of the question."""
    asked: list[str] = field(default_factory=list)

    async def suggest(self, question: str, language: Language) -> tuple[Suggestion, ...]:
        self.asked.append(question)
        return tuple(found for words, found in self.known.items() if words in question)
