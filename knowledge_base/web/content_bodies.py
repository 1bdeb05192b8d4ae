"""knowledge_base: an article's content as JSON, and the way from and to the room's values.

Lengths are the room's to judge (`knowledge_base.validation` names the field and the limit); here only the form counts.
"""

from __future__ import annotations

from datetime import UTC, date
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kit.contracts import Language
from knowledge_base.contracts import ArticleAction, ArticleText, Attachment, Audience, Details, Draft


class Body(BaseModel):
    """Every body says what it knows and refuses what it does not."""

    model_config = ConfigDict(extra="forbid")


class AttachmentBody(Body):
    """A file that goes along with the answer."""

    id: str = Field(description="As `POST /api/v1/knowledge/attachments` named it.")
    name: str = Field(description="What customers see; it ends in the file's kind, as it was named there.")

    @classmethod
    def of(cls, attachment: Attachment) -> Self:
        """The body of `attachment`."""
        return cls(id=attachment.id, name=attachment.name)


class TextBody(Body):
    """One language side of an article."""

    language: Language
    title: str = Field("", description="The question, as a customer would ask it.")
    answer: str = Field("", description="Markdown (a safe subset).")
    short: str = Field("", description="Plain text for chat apps; empty: the answer itself is used.")
    questions: list[str] = Field(default_factory=list, description="Other wordings of the question.")
    attachments: list[AttachmentBody] = Field(default_factory=list, description="Files that go along with the answer.")

    @classmethod
    def of(cls, text: ArticleText) -> Self:
        """The body of `text`."""
        return cls(
            language=text.language,
            title=text.title,
            answer=text.answer,
            short=text.short,
            questions=list(text.questions),
            attachments=[AttachmentBody.of(each) for each in text.attachments],
        )

    def to_text(self) -> ArticleText:
        """The room's value."""
        return ArticleText(
            language=self.language,
            title=self.title,
            answer=self.answer,
            short=self.short,
            questions=tuple(question for question in self.questions if question.strip()),
            attachments=tuple(Attachment(id=each.id, name=each.name) for each in self.attachments),
        )

    def is_empty(self) -> bool:
        """Whether nothing at all was typed on this side."""
        typed = any(part.strip() for part in (self.title, self.answer, self.short, *self.questions))
        return not (typed or self.attachments)


class DetailsBody(Body):
    """What an article says of itself besides its texts."""

    audience: Audience = Field(Audience.CUSTOMERS, description="`agents`: staff only, the bot never shows it.")
    valid_from: AwareDatetime | None = Field(None, description="Published earlier, it waits for this moment.")
    valid_until: AwareDatetime | None = Field(None, description="It retires by itself at this moment.")
    owner: str = Field("", description="Sign-in name of who keeps it right.")
    review_on: date | None = Field(None, description="Day on which somebody should read it again.")
    follow_ups: list[str] = Field(default_factory=list, description="Keys of articles offered as buttons.")
    action: ArticleAction | None = Field(None, description="What the bot offers together with the answer.")
    department: str = Field("", description="Of config.yml; where `hand_over` leads to. Empty: the desk finds it.")

    @classmethod
    def of(cls, details: Details) -> Self:
        """The body of `details`."""
        return cls(
            audience=details.audience,
            valid_from=details.valid_from,
            valid_until=details.valid_until,
            owner=details.owner,
            review_on=details.review_on,
            follow_ups=list(details.follow_ups),
            action=details.action,
            department=details.department,
        )

    def to_details(self) -> Details:
        """The room's value."""
        return Details(
            audience=self.audience,
            valid_from=self.valid_from.astimezone(UTC) if self.valid_from else None,
            valid_until=self.valid_until.astimezone(UTC) if self.valid_until else None,
            owner=self.owner,
            review_on=self.review_on,
            follow_ups=tuple(self.follow_ups),
            action=self.action,
            department=self.department,
        )


class ContentBody(Body):
    """What an editor types into an article's form. A side on which nothing stands counts as absent."""

    key: str = Field("", description="Stable name for people and files; empty: made from the title.")
    category: str = ""
    products: list[str] = Field(default_factory=list, description="Product tags.")
    texts: list[TextBody] = Field(default_factory=list, description="One side a language.")
    details: DetailsBody = DetailsBody()

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """The body of `draft`."""
        return cls(
            key=draft.key,
            category=draft.category,
            products=list(draft.products),
            texts=[TextBody.of(text) for text in draft.texts],
            details=DetailsBody.of(draft.details),
        )

    def to_draft(self) -> Draft:
        """The room's value."""
        return Draft(
            key=self.key.strip(),
            category=self.category.strip(),
            products=tuple(dict.fromkeys(tag.strip() for tag in self.products if tag.strip())),
            texts=tuple(text.to_text() for text in self.texts if not text.is_empty()),
            details=self.details.to_details(),
        )
