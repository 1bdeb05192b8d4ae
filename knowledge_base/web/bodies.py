"""knowledge_base: the JSON of its HTTP interface, and the way from and to the room's values.

Lengths are the room's to judge (`knowledge_base.editing` names the field and the limit); here only the form counts.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, Field

from kit.contracts import Language
from knowledge_base.contracts import (
    Article,
    ArticleLine,
    ArticlePage,
    ArticleStatus,
    ArticleText,
    ArticleVersion,
    Attachment,
    Audience,
    Change,
    Level,
    Match,
    Matter,
    MissLine,
    MissPage,
    SearchResult,
    Trial,
)
from knowledge_base.web.content_bodies import AttachmentBody, Body, ContentBody

MOST = 2**31 - 1
"""The largest number a store holds."""


class SaveBody(Body):
    """A change to an article by somebody who read version `expected_version`."""

    expected_version: int = Field(ge=1, le=MOST)
    content: ContentBody


class StepBody(Body):
    """A step in an article's life, taken by somebody who saw version `expected_version`."""

    expected_version: int = Field(ge=1, le=MOST)


class ShortBody(StepBody):
    """The short answer of one language is still right."""

    language: Language


class PublishBody(StepBody):
    """Give customers this version."""

    reason: str = Field("", description="Why, although golden questions would be answered worse.")


class RollBackBody(StepBody):
    """Take a publication back."""

    publication: int = Field(ge=1, le=MOST, description="The base version it made; only the newest is taken back.")


class GoldenBody(Body):
    """A question whose right answer is settled."""

    question: str
    language: Language
    article_id: str | None = Field(None, description="The article that answers it; null: none does.")


class ReviewBody(StepBody):
    """A step of a review, with a word to whoever comes next."""

    note: str = ""


class RestoreBody(StepBody):
    """Bring an earlier version back as the newest."""

    version: int = Field(ge=1, le=MOST)


class TryBody(Body):
    """A customer's question, asked of the base with this draft published."""

    question: str
    article_id: str | None = Field(None, description="The article the draft belongs to; null for a new one.")
    content: ContentBody


class MergeBody(Body):
    """What an editor typed upon version `base_version`, to be joined with what was saved meanwhile."""

    base_version: int = Field(ge=1, le=MOST)
    content: ContentBody


class PreviewBody(Body):
    """One language side, to be shown as customers would see it."""

    language: Language
    title: str = ""
    answer: str = ""
    short: str = ""
    attachments: list[AttachmentBody] = Field(default_factory=list)

    def to_text(self) -> ArticleText:
        """The room's value."""
        return ArticleText(
            language=self.language,
            title=self.title,
            answer=self.answer,
            short=self.short,
            questions=(),
            attachments=tuple(Attachment(id=each.id, name=each.name) for each in self.attachments),
        )


class DismissBody(Body):
    """An unanswered question that editors are done with."""

    question: str
    language: Language


class ArticleBody(BaseModel):
    """An article as editors see it."""

    id: str
    status: ArticleStatus
    version: int
    published_version: int | None
    updated_at: datetime
    updated_by: str
    note: str
    lagging: Language | None = Field(description="The language that was not touched when the other one moved.")
    stale_shorts: list[Language] = Field(description="Languages whose answer changed while the short answer stayed.")
    scheduled_at: datetime | None
    expires_at: datetime | None
    content: ContentBody

    @classmethod
    def of(cls, article: Article) -> Self:
        """The body of `article`."""
        return cls(
            id=article.id,
            status=article.status,
            version=article.version,
            published_version=article.published_version,
            updated_at=article.updated_at,
            updated_by=article.updated_by,
            note=article.note,
            lagging=article.lagging,
            stale_shorts=list(article.stale_shorts),
            scheduled_at=article.schedule.at if article.schedule else None,
            expires_at=article.expires_at,
            content=ContentBody.of(article.content),
        )


class LineBody(BaseModel):
    """One line of the list of articles."""

    id: str
    key: str
    category: str
    status: ArticleStatus
    version: int
    published_version: int | None
    titles: dict[Language, str]
    audience: Audience
    lagging: Language | None
    scheduled_at: datetime | None
    expires_at: datetime | None
    review_on: date | None
    updated_at: datetime
    updated_by: str

    @classmethod
    def of(cls, line: ArticleLine) -> Self:
        """The body of `line`."""
        return cls(
            id=line.id,
            key=line.key,
            category=line.category,
            status=line.status,
            version=line.version,
            published_version=line.published_version,
            titles=dict(line.titles),
            audience=line.audience,
            lagging=line.lagging,
            scheduled_at=line.scheduled_at,
            expires_at=line.expires_at,
            review_on=line.review_on,
            updated_at=line.updated_at,
            updated_by=line.updated_by,
        )


class ListBody(BaseModel):
    """One page of the list of articles."""

    articles: list[LineBody]
    total: int
    statuses: dict[ArticleStatus, int]
    categories: list[str]
    matters: dict[Matter, int]

    @classmethod
    def of(cls, page: ArticlePage) -> Self:
        """The body of `page`."""
        return cls(
            articles=[LineBody.of(line) for line in page.lines],
            total=page.total,
            statuses=dict(page.statuses),
            categories=list(page.categories),
            matters=dict(page.matters),
        )


class VersionBody(BaseModel):
    """One version of an article."""

    version: int
    change: Change
    at: datetime
    by: str
    content: ContentBody

    @classmethod
    def of(cls, version: ArticleVersion) -> Self:
        """The body of `version`."""
        return cls(
            version=version.version,
            change=version.change,
            at=version.at,
            by=version.by,
            content=ContentBody.of(version.content),
        )


class MatchBody(BaseModel):
    """An article that may answer the question."""

    article_id: str
    version: int
    language: Language
    title: str
    wording: str
    confidence: float
    similarity: float

    @classmethod
    def of(cls, match: Match) -> Self:
        """The body of `match`."""
        return cls(
            article_id=match.article_id,
            version=match.version,
            language=match.language,
            title=match.title,
            wording=match.wording,
            confidence=match.confidence,
            similarity=match.similarity,
        )


class ResultBody(BaseModel):
    """What the base finds for a question."""

    level: Level
    matches: list[MatchBody]
    answer_threshold: float
    clarify_threshold: float
    knowledge_base_version: int
    model: str

    @classmethod
    def of(cls, result: SearchResult) -> Self:
        """The body of `result`."""
        return cls(
            level=result.level,
            matches=[MatchBody.of(match) for match in result.matches],
            answer_threshold=result.answer_threshold,
            clarify_threshold=result.clarify_threshold,
            knowledge_base_version=result.knowledge_base_version,
            model=result.model,
        )


class FoundBody(MatchBody):
    """The same with the answer."""

    key: str
    category: str
    answer: str = Field(description="Markdown.")
    short: str = Field(description="Plain text for chat apps; empty: use the answer.")

    @classmethod
    def of(cls, match: Match) -> Self:
        """The body of `match`."""
        return cls(
            **MatchBody.of(match).model_dump(),
            key=match.key,
            category=match.category,
            answer=match.answer,
            short=match.short,
        )


class SearchBody(BaseModel):
    """What the base answers."""

    level: Level = Field(description="`sure`: answer with the first match; `unsure`: offer `choices`; `unknown`.")
    matches: list[FoundBody]
    choices: list[str] = Field(description="Articles to offer when unsure, by id.")
    knowledge_base_version: int

    @classmethod
    def of(cls, result: SearchResult) -> Self:
        """The body of `result`."""
        return cls(
            level=result.level,
            matches=[FoundBody.of(match) for match in result.matches],
            choices=[match.article_id for match in result.choices],
            knowledge_base_version=result.knowledge_base_version,
        )


class TrialBody(BaseModel):
    """What the base answers now, and what it would answer with the draft published."""

    before: ResultBody
    after: ResultBody

    @classmethod
    def of(cls, trial: Trial) -> Self:
        """The body of `trial`."""
        return cls(before=ResultBody.of(trial.before), after=ResultBody.of(trial.after))


class MissBody(BaseModel):
    """An unanswered question."""

    question: str
    language: Language
    why: str
    count: int
    last_at: datetime
    best_article_id: str | None

    @classmethod
    def of(cls, miss: MissLine) -> Self:
        """The body of `miss`."""
        return cls(
            question=miss.question,
            language=miss.language,
            why=miss.why,
            count=miss.count,
            last_at=miss.last_at,
            best_article_id=miss.best_article_id,
        )


class MissListBody(BaseModel):
    """One page of unanswered questions, newest first."""

    misses: list[MissBody]
    total: int

    @classmethod
    def of(cls, page: MissPage) -> Self:
        """The body of `page`."""
        return cls(misses=[MissBody.of(line) for line in page.lines], total=page.total)
