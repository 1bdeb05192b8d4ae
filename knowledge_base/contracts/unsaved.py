"""knowledge_base: the values of texts that were typed and not saved, and who else has the article open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from knowledge_base.contracts.articles import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsavedText:
    """One person's unsaved text of one article."""

    name: str
    """The article's id, or `new-…`."""
    article_id: str | None
    base_version: int
    """The version the person began from; 0 for a new article."""
    content: Draft | None
    """None while the page is open and nothing is unsaved."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody else who has the article open."""

    name: str
    writes: bool
    """Whether they hold unsaved text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What an open page hears with every report."""

    version: int
    """The article's newest version."""
    saved_by: str
    colleagues: tuple[Colleague, ...]
    is_deleted: bool = False
    """Somebody deleted the article meanwhile; what is typed is kept all the same."""
