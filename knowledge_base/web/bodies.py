"""knowledge_base: the JSON of its HTTP interface, and the way from and to the room's values.

Lengths are the room's to judge (`knowledge_base.editing` names the field and the limit); here only the form counts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from kit.contracts import Language
from knowledge_base.contracts import (
    Article,
    ArticleLine,
    ArticlePage,
    ArticleStatus,
    ArticleText,
    ArticleVersion,
    Change,
    Draft,
    Level,
    Match,
    MissLine,
    MissPage,
    SearchResult,
    Trial,
)


class Body(BaseModel):
    """Every body says what it knows and refuses what it does not."""

    model_config = ConfigDict(extra="forbid")


class TextBody(Body):
    """One language side of an article."""

    language: Language
    title: str = Field("", description="The question, as a customer would ask it.")
    answer: str = Field("", description="Markdown (a safe subset).")
    short: str = Field("", description="Plain text for chat apps; empty: the answer itself is used.")
    questions: list[str] = Field(default_factory=list, description="Other wordings of the question.")

    @classmethod
    def of(cls, text: ArticleText) -> Self:
        """The body of `text`."""
        return cls(
            language=text.language,
            title=text.title,
            answer=text.answer,
            short=text.short,
            questions=list(text.questions),
        )

    def to_text(self) -> ArticleText:
        """The room's value."""
        return ArticleText(
            language=self.language,
            title=self.title,
            answer=self.answer,
            short=self.short,
            questions=tuple(question for question in self.questions if question.strip()),
        )

    def is_empty(self) -> bool:
        """Whether nothing at all was typed on this side."""
        return not any(part.strip() for part in (self.title, self.answer, self.short, *self.questions))


class ContentBody(Body):
    """What an editor types into an article's form. A side on which nothing stands counts as absent."""

    key: str = Field("", description="Stable name for people and files; empty: made from the title.")
    category: str = ""
    products: list[str] = Field(default_factory=list, description="Product tags.")
    texts: list[TextBody] = Field(default_factory=list, description="One side a language.")

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """The body of `draft`."""
        return cls(
            key=draft.key,
            category=draft.category,
            products=list(draft.products),
            texts=[TextBody.of(text) for text in draft.texts],
        )

    def to_draft(self) -> Draft:
        """The room's value."""
        return Draft(
            key=self.key.strip(),
            category=self.category.strip(),
            products=tuple(dict.fromkeys(tag.strip() for tag in self.products if tag.strip())),
            texts=tuple(text.to_text() for text in self.texts if not text.is_empty()),
        )


class SaveBody(Body):
    """A change to an article by somebody who read version `expected_version`."""

    expected_version: int = Field(ge=1)
    content: ContentBody


class StepBody(Body):
    """A step in an article's life, taken by somebody who saw version `expected_version`."""

    expected_version: int = Field(ge=1)


class RestoreBody(StepBody):
    """Bring an earlier version back as the newest."""

    version: int = Field(ge=1)


class TryBody(Body):
    """A customer's question, asked of the base with this draft published."""

    question: str
    article_id: str | None = Field(None, description="The article the draft belongs to; null for a new one.")
    content: ContentBody


class MergeBody(Body):
    """What an editor typed upon version `base_version`, to be joined with what was saved meanwhile."""

    base_version: int = Field(ge=1)
    content: ContentBody


class PreviewBody(Body):
    """One language side, to be shown as customers would see it."""

    language: Language
    title: str = ""
    answer: str = ""
    short: str = ""


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
            content=ContentBody.of(content_of(article)),
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
            updated_at=line.updated_at,
            updated_by=line.updated_by,
        )


class ListBody(BaseModel):
    """One page of the list of articles."""

    articles: list[LineBody]
    total: int
    statuses: dict[ArticleStatus, int]
    categories: list[str]

    @classmethod
    def of(cls, page: ArticlePage) -> Self:
        """The body of `page`."""
        return cls(
            articles=[LineBody.of(line) for line in page.lines],
            total=page.total,
            statuses=dict(page.statuses),
            categories=list(page.categories),
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


def content_of(article: Article) -> Draft:
    """What stands in `article`'s working copy."""
    return Draft(key=article.key, category=article.category, products=article.products, texts=article.texts)
