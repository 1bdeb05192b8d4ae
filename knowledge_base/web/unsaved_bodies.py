"""knowledge_base: the JSON of open pages: what stands unsaved in them, and who else is there."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from knowledge_base.contracts import Company, Draft, UnsavedText
from knowledge_base.web.bodies import MOST
from knowledge_base.web.content_bodies import Body, ContentBody


class KeepBody(Body):
    """What stands unsaved in an open page; null while nothing does."""

    base_version: int = Field(ge=0, le=MOST, description="The version it was begun from; 0 for a new article.")
    content: ContentBody | None = None


class ColleagueBody(BaseModel):
    """Somebody else who has the article open."""

    name: str
    writes: bool


class CompanyBody(BaseModel):
    """What an open page hears: the newest version, and who else is there."""

    version: int
    saved_by: str
    is_deleted: bool
    colleagues: list[ColleagueBody]

    @classmethod
    def of(cls, company: Company) -> Self:
        """The body of `company`."""
        others = [ColleagueBody(name=each.name, writes=each.writes) for each in company.colleagues]
        return cls(version=company.version, saved_by=company.saved_by, is_deleted=company.is_deleted, colleagues=others)


class UnsavedBody(BaseModel):
    """An unsaved text, as the page of its article takes it up again."""

    name: str
    version: int
    content: ContentBody
    at: datetime

    @classmethod
    def of(cls, text: UnsavedText) -> Self:
        """The body of `text`, which has content."""
        return cls(
            name=text.name,
            version=text.base_version,
            content=ContentBody.of(text.content or Draft(key="", category="")),
            at=text.at,
        )
