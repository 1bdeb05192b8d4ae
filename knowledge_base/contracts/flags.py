"""knowledge_base: the values of flags, which staff put on answers that are not right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kit.contracts import Language


class FlagReason(StrEnum):
    """What is not right about an answer."""

    WRONG = "wrong"
    OUT_OF_DATE = "out_of_date"
    INCOMPLETE = "incomplete"
    UNCLEAR = "unclear"


class FlagEnd(StrEnum):
    """What an editor said of a flag."""

    MENDED = "mended"
    FINE = "fine"
    """The answer is right as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A colleague's word that an answer is not right; waits for an editor until it is settled."""

    id: str
    article_id: str
    language: Language
    """The side that was read."""
    reason: FlagReason
    words: str
    at: datetime
    by_id: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlaggedArticle:
    """An article with the flags that wait, newest first."""

    article_id: str
    flags: tuple[Flag, ...]
