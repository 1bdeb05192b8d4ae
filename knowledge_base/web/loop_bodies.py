"""knowledge_base: the JSON of questions and how answers do: clusters, flags, figures, effects, explanations.

Bodies are read off the room's values field by field (`from_attributes`); what is not named here stays in the room.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from kit.contracts import Language
from knowledge_base.contracts import (
    Again,
    ClusterCard,
    ClusterState,
    Effect,
    Explanation,
    Figures,
    FlagEnd,
    FlagReason,
    Level,
    NoReplay,
    Publication,
    PublicationKind,
    Tally,
    Why,
)
from knowledge_base.proportions import share_of
from knowledge_base.web.content_bodies import Body
from nlu.service import mask_personal


class Shown(BaseModel):
    """A body that is read off a value."""

    model_config = ConfigDict(from_attributes=True)


class ClusterBody(Shown):
    """A cluster of unanswered questions."""

    id: str
    title: str
    language: Language
    state: ClusterState
    article_id: str | None = Field(description="Of a done one: what answers it.")
    again: Again | None = Field(description="Why a done one speaks up again.")
    customers: int
    questions: int
    last_at: datetime
    weeks: list[int] = Field(description="Questions a week, the present one last.")
    whys: list[tuple[str, int]]


class ClustersBody(Shown):
    """One page of clusters, the costliest first."""

    lines: list[ClusterBody]
    total: int
    channels: list[str]


class ClusterCardBody(Shown):
    """A cluster with the words customers used and what agents replied."""

    line: ClusterBody
    wordings: list[tuple[str, int]] = Field(description="[question, customers], the most frequent first.")
    replies: list[str]
    best_article_id: str | None = Field(description="The article that most often came closest.")

    @classmethod
    def of(cls, card: ClusterCard) -> Self:
        """The body of `card`."""
        return cls.model_validate(card)


class AddBody(Body):
    """The article that gets the customers' words."""

    article_id: str


class MergeIntoBody(Body):
    """The cluster that gets the questions."""

    into: str


class FlagBody(Body):
    """An answer is not right."""

    language: Language = Field(description="The side that was read.")
    reason: FlagReason
    words: str


class SettleBody(Body):
    """What became of flags."""

    end: FlagEnd
    seen: list[str] = Field(max_length=200, description="Ids of the flags that were looked at; others go on waiting.")


class KeptFlagBody(Shown):
    """A flag that waits."""

    id: str
    article_id: str
    language: Language
    reason: FlagReason
    words: str
    at: datetime
    by: str


class TallyBody(Shown):
    """Counts of questions."""

    questions: int
    answered: int
    clarified: int
    unknown: int
    helped: int
    not_helped: int
    handed_over: int


class ShareBody(Shown):
    """A share with its 95 % interval (Wilson)."""

    part: int
    whole: int
    share: float
    low: float
    high: float


class ArticleFiguresBody(BaseModel):
    """How one article does."""

    article_id: str
    shown: int = Field(description="How often it was given as the answer.")
    tally: TallyBody
    helped: ShareBody | None = Field(description="Of those who said whether it helped.")

    @classmethod
    def of(cls, article_id: str, shown: int, tally: Tally) -> Self:
        """The body of an article's tally."""
        helped = share_of(tally.helped, tally.helped + tally.not_helped)
        return cls(
            article_id=article_id,
            shown=shown,
            tally=TallyBody.model_validate(tally),
            helped=ShareBody.model_validate(helped) if helped else None,
        )


class RivalsBody(Shown):
    """Two articles that lose to each other."""

    one: str
    other: str
    times: int


class FiguresBody(BaseModel):
    """How the answers do."""

    total: TallyBody
    days: list[tuple[date, TallyBody]]
    channels: list[tuple[str, TallyBody]]
    articles: list[ArticleFiguresBody]
    rivals: list[RivalsBody]
    reasons: list[tuple[str, int]]
    questions: list[tuple[str, int]]
    words: list[tuple[str, int]]
    never: list[str] = Field(description="Published articles that no question led to.")
    never_total: int

    @classmethod
    def of(cls, found: Figures) -> Self:
        """The body of `found`."""
        return cls(
            total=TallyBody.model_validate(found.total),
            days=[(day, TallyBody.model_validate(tally)) for day, tally in found.days],
            channels=[(channel, TallyBody.model_validate(tally)) for channel, tally in found.channels],
            articles=[ArticleFiguresBody.of(each.article_id, each.shown, each.tally) for each in found.articles],
            rivals=[RivalsBody.model_validate(each) for each in found.rivals],
            reasons=[(str(reason), times) for reason, times in found.reasons],
            questions=list(found.questions),
            words=list(found.words),
            never=list(found.never),
            never_total=found.never_total,
        )


class EffectBody(Shown):
    """What a publication changed: as many days before it as after it."""

    days: float
    ready: bool = Field(description="Whether a day has passed.")
    enough: bool = Field(description="Whether there are questions enough to conclude anything.")
    before: TallyBody = Field(description="Questions nearest to the article.")
    after: TallyBody
    all_before: TallyBody = Field(description="All questions of the desk, for comparison.")
    all_after: TallyBody


class PublicationBody(BaseModel):
    """A publication and what it changed; of old ones no effect is counted."""

    version: int = Field(description="Of the base.")
    kind: PublicationKind
    article_version: int
    at: datetime
    by: str
    reason: str
    effect: EffectBody | None

    @classmethod
    def of(cls, publication: Publication, effect: Effect | None) -> Self:
        """The body of `publication`."""
        return cls(
            version=publication.version,
            kind=publication.kind,
            article_version=publication.article_version,
            at=publication.at,
            by=publication.by,
            reason=publication.reason,
            effect=EffectBody.model_validate(effect) if effect else None,
        )


class WeighedBody(Shown):
    """One thing that spoke for or against: its value, and how much it moved the sum."""

    name: str
    value: float
    moved: float


class CandidateBody(BaseModel):
    """An article that was in question; `weighed` adds up to `score`."""

    article_id: str
    version: int
    title: str
    confidence: float
    score: float
    weighed: list[WeighedBody]


class ExplanationBody(BaseModel):
    """A search with everything that led to its result."""

    level: Level
    answer_threshold: float
    clarify_threshold: float
    knowledge_base_version: int
    model: str
    candidates: list[CandidateBody]
    confidence: list[WeighedBody]
    word_for_word: bool

    @classmethod
    def of(cls, found: Explanation) -> Self:
        """The body of `found`."""
        result = found.result
        return cls(
            level=result.level,
            answer_threshold=result.answer_threshold,
            clarify_threshold=result.clarify_threshold,
            knowledge_base_version=result.knowledge_base_version,
            model=result.model,
            candidates=[
                CandidateBody(
                    article_id=each.match.article_id,
                    version=each.match.version,
                    title=each.match.title,
                    confidence=each.match.confidence,
                    score=each.score,
                    weighed=[WeighedBody.model_validate(part) for part in each.weighed],
                )
                for each in found.candidates
            ],
            confidence=[WeighedBody.model_validate(part) for part in found.confidence],
            word_for_word=found.word_for_word,
        )


class WhyBody(BaseModel):
    """Why a past reply said what it said, and what would be said today."""

    question: str = Field(description="Personal data masked.")
    language: Language
    at: datetime
    decision: str
    rule: str
    knowledge_base_version: int
    model: str
    same: bool = Field(description="Whether the search made again comes to what was recorded.")
    then: ExplanationBody | None
    not_then: NoReplay | None = Field(description="Why `then` is missing.")
    today: ExplanationBody | None

    @classmethod
    def of(cls, why: Why) -> Self:
        """The body of `why`."""
        reply = why.reply
        return cls(
            question=mask_personal(reply.question),
            language=reply.language,
            at=reply.at,
            decision=reply.decision,
            rule=reply.rule,
            knowledge_base_version=reply.knowledge_base_version,
            model=reply.model,
            same=why.same,
            then=ExplanationBody.of(why.then) if why.then else None,
            not_then=why.not_then,
            today=ExplanationBody.of(why.today) if why.today else None,
        )
