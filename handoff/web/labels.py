"""handoff: names of intents, entities and channels in the language of the reader; without a text the name itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from handoff.contracts import Why
from handoff.settings import HandoffSettings
from kit.contracts import Language
from kit.texts import Texts

CategoryLabel = Callable[[str, Language], str]
"""Complaint categories are configured in another room; `bot/app.py` passes their labels."""


class Labels:
    """What the console's templates call for a name that comes from data."""

    def __init__(
        self, texts: Texts, language: Language, *, category_label: CategoryLabel, settings: HandoffSettings
    ) -> None:
        self._texts, self._language = texts, language
        self._category_label, self._settings = category_label, settings

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
        return channel_label(name, self._texts, self._language)

    def decision(self, name: str) -> str:
        """What the bot did with a question."""
        return self._of("decision", name)

    def department(self, name: str) -> str:
        """A department."""
        return self._settings.department_label(name, self._language)

    def subject(self, name: str) -> str:
        """What a conversation was about."""
        return self._settings.category_label(name, self._language)

    def skill(self, name: str) -> str:
        """What somebody is good at."""
        return self._settings.skill_label(name, self._language)

    def why(self, reasons: Iterable[Why]) -> str:
        """The reasons of a choice, in words."""
        joint = "，" if self._language is Language.ZH else ", "
        return joint.join(
            self._texts(f"handoff.why.{why.code}", self._language, about=self._about(why)) for why in reasons
        )

    def _about(self, why: Why) -> str:
        named: dict[str, Callable[[str], str]] = {
            "department": self.department,
            "no_department": self.department,
            "language": self._language_name,
            "no_language": self._language_name,
            "skill": self.skill,
            "no_skill": self.skill,
            "by_reason": lambda name: self._of("reason", name),
            "by_category": self.category,
            "by_intent": self.intent,
        }
        return named.get(why.code, str)(why.about)

    def _language_name(self, name: str) -> str:
        return self._texts(f"shell.language_{name}", self._language)

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


def channel_label(name: str, texts: Texts, language: Language) -> str:
    """A channel; one that a program attaches is called by the name it was configured with."""
    key = f"handoff.channel.{name}"
    return texts(key, language) if texts.has(key) else name
