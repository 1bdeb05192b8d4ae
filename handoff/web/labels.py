"""handoff: names of intents, entities and channels in the language of the reader; without a text the name itself."""

from __future__ import annotations

from collections.abc import Callable

from kit.contracts import Language
from kit.texts import Texts

CategoryLabel = Callable[[str, Language], str]
"""Complaint categories are configured in another room; `bot/app.py` passes their labels."""


class Labels:
    """What the console's templates call for a name that comes from data."""

    def __init__(self, texts: Texts, language: Language, category_label: CategoryLabel) -> None:
        self._texts, self._language, self._category_label = texts, language, category_label

    def category(self, name: str) -> str:
        """A complaint category."""
        return self._category_label(name, self._language)

    def intent(self, name: str) -> str:
        """What kind of message it was."""
        return self._of("intent", name)

    def entity(self, kind: str) -> str:
        """What kind of thing was named."""
        return self._of("entity", kind)

    def given(self, field: str) -> str:
        """What the customer already gave."""
        return self._of("entity", field)

    def channel(self, name: str) -> str:
        """Where the customer writes."""
        return self._of("channel", name)

    def decision(self, name: str) -> str:
        """What the bot did with a question."""
        return self._of("decision", name)

    def severity(self, name: str) -> str:
        """How bad a complaint is."""
        return self._of("severity", name)

    def rule(self, name: str) -> str:
        """A plain rule that raised the severity."""
        return self._of("rule", name)

    def heard(self, aspect: str, name: str) -> str:
        """A further category, a wanted outcome or a mood."""
        return self.category(name) if aspect == "also" else self._of(aspect, name)

    def _of(self, group: str, name: str) -> str:
        key = f"handoff.{group}.{name}"
        return self._texts(key, self._language) if self._texts.has(key) else name
