"""knowledge_base: what stands in an article's fields, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from kit.contracts import Language
from kit.texts import Texts
from kit.web.pages import Pages
from knowledge_base.contracts import ArticleAction, Audience, Details
from knowledge_base.departments import Departments
from knowledge_base.differences import FieldChange, Piece, action_text, pieces_text
from knowledge_base.web.views import category_names

ACTION = "knowledge_base.action."


def action_options(
    details: Details, departments: Departments, texts: Texts, language: Language
) -> list[tuple[str, str]]:
    """(value, words) of every action an article can have, each department by name, and of the one it has."""
    values = [*ArticleAction, *(f"{ArticleAction.HAND_OVER}:{name}" for name in departments.names())]
    if (chosen := action_text(details)) and chosen not in values:
        values.append(chosen)
    return [(str(value), action_words(value, departments, texts, language)) for value in values]


def action_words(action: str, departments: Departments, texts: Texts, language: Language) -> str:
    """What `action_text` names."""
    name, _, department = action.partition(":")
    if not department:
        return texts(ACTION + name, language)
    known = "department" if departments.has(department) else "gone"
    return texts(f"{ACTION}{name}_{known}", language, department=departments.label(department, language))


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWords:
    """Puts fields that hold a name or a moment into words; one of them differs as a whole, never by letters."""

    texts: Texts
    language: Language
    departments: Departments
    when: Callable[[datetime, Language], str]

    def __call__(self, changes: Iterable[FieldChange]) -> tuple[FieldChange, ...]:
        """The same changes for readers."""
        return tuple(
            replace(each, before=self._pieces(each.field, each.before), after=self._pieces(each.field, each.after))
            for each in changes
        )

    def _pieces(self, field: str, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
        text = pieces_text(pieces)
        words = self._words(field, text) if text else None
        return pieces if words is None else (Piece(text=words, changed=True),)

    def _words(self, field: str, text: str) -> str | None:
        match field:
            case "action":
                return action_words(text, self.departments, self.texts, self.language)
            case "audience":
                return self.texts(f"knowledge_base.audience.{Audience(text)}", self.language)
            case "category":
                return category_names(self.texts, self.language, [text])[text]
            case "valid_from" | "valid_until":
                return self.when(datetime.fromisoformat(text), self.language)
            case _:
                return None


def field_words(pages: Pages, language: Language, departments: Departments) -> FieldWords:
    """For a reader of `language`, on the clocks of the desk's pages."""
    return FieldWords(texts=pages.texts, language=language, departments=departments, when=pages.when)
