"""knowledge_base: the values of past replies, and why they were given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kit.contracts import Language
from knowledge_base.contracts.searches import Explanation, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedMatch:
    """An article as a past decision saw it."""

    article_id: str
    version: int
    title: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReply:
    """A reply of the bot with what was recorded when it was decided."""

    id: str
    question: str
    language: Language
    at: datetime
    decision: str
    rule: str
    level: Level | None
    """None where nothing was searched."""
    matches: tuple[RecordedMatch, ...]
    answer_threshold: float
    clarify_threshold: float
    knowledge_base_version: int
    """0 where nothing was searched."""
    model: str
    """As in `SearchResult.model`."""
    understood_by: str
    """The model that read the intent."""
    milliseconds: float


class NoReplay(StrEnum):
    """Why a past search cannot be made again as it was."""

    NOT_SEARCHED = "not_searched"
    OTHER_ENCODER = "other_encoder"
    """The question and the base were encoded by a model that this desk does not use any more."""
    CALIBRATION_GONE = "calibration_gone"
    """Its calibration was made for other features, by an earlier version of the program."""
    BASE_GONE = "base_gone"
    """That state of the base is not in this store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a past reply said what it said, and what would be said today."""

    reply: PastReply
    then: Explanation | None
    """The search made again with the base and the calibration of that moment."""
    not_then: NoReplay | None
    """Why `then` is missing."""
    today: Explanation | None
    """None where the reply had no question in words."""

    @property
    def same(self) -> bool:
        """Whether the replay comes to the level and the first article that were recorded."""
        if self.then is None or self.reply.level is not self.then.result.level:
            return False
        recorded = self.reply.matches[0].article_id if self.reply.matches else None
        replayed = self.then.result.matches[0].article_id if self.then.result.matches else None
        return recorded == replayed
