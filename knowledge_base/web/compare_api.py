"""knowledge_base: what differs, for programs: between versions, between two editors, and how a text will look."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict

from kit.refusals import NotFound
from knowledge_base.bulk import Bulk
from knowledge_base.contracts import Draft
from knowledge_base.differences import FieldChange, compare_drafts, merge_drafts
from knowledge_base.editing import READERS, WRITERS, Editing
from knowledge_base.web.bodies import MOST, MergeBody, PreviewBody
from knowledge_base.web.bulk_api import BulkBody, ReplacementBody
from knowledge_base.web.content_bodies import ContentBody
from knowledge_base.web.gate_api import GateBody
from knowledge_base.web.views import preview_of
from staff.ports import Gate

Version = Annotated[int, Query(ge=1, le=MOST)]


class PieceBody(BaseModel):
    """A stretch of text that stands in both states, or only in this one."""

    model_config = ConfigDict(from_attributes=True)
    text: str
    changed: bool


class FieldChangeBody(BaseModel):
    """A field that differs, such as `category` or `zh.answer`."""

    model_config = ConfigDict(from_attributes=True)
    field: str
    before: list[PieceBody]
    after: list[PieceBody]

    @classmethod
    def of_all(cls, changes: tuple[FieldChange, ...]) -> list[Self]:
        """The bodies of `changes`."""
        return [cls.model_validate(change) for change in changes]


class MergedBody(BaseModel):
    """Two editors' work in one: theirs where only they changed a field, yours elsewhere."""

    version: int
    content: ContentBody
    theirs: list[FieldChangeBody]
    conflicts: list[FieldChangeBody]


class LookBody(BaseModel):
    """One side as customers would see it; null while there is no answer."""

    widget: str | None
    telegram: str | None


class FoundBody(BaseModel):
    """An article that a replacement would change, and how."""

    id: str
    version: int
    changes: list[FieldChangeBody]


def build_compare_router(*, editing: Editing, bulk: Bulk, gate: Gate) -> APIRouter:
    """`…/articles/{id}/compare` and `/merge`, `…/preview`, `…/bulk/gate`, `…/bulk/find`."""
    router = APIRouter(prefix="/api/v1/knowledge", tags=["knowledge"])

    @router.get("/articles/{article_id}/compare")
    async def compare_versions(
        request: Request, article_id: str, before: Version, after: Version
    ) -> list[FieldChangeBody]:
        """Two versions side by side, the words that differ marked."""
        person = await gate.require(request, *READERS)
        versions, _ = await editing.history(person, article_id)
        contents = {version.version: version.content for version in versions}
        return FieldChangeBody.of_all(compare_drafts(_known(contents, before), _known(contents, after)))

    @router.post("/articles/{article_id}/merge")
    async def merge_article(request: Request, article_id: str, body: MergeBody) -> MergedBody:
        """What was typed upon an earlier version, joined with what was saved since; nothing is stored."""
        person = await gate.require(request, *WRITERS)
        newest = await editing.load(person, article_id)
        versions, _ = await editing.history(person, article_id)
        base = _known({version.version: version.content for version in versions}, body.base_version)
        joined = merge_drafts(base=base, theirs=newest.content, mine=body.content.to_draft())
        return MergedBody(
            version=newest.version,
            content=ContentBody.of(joined.content),
            theirs=FieldChangeBody.of_all(joined.theirs),
            conflicts=FieldChangeBody.of_all(joined.conflicts),
        )

    @router.post("/preview")
    async def preview_side(request: Request, body: PreviewBody) -> LookBody:
        """One language side as the website and Telegram show it."""
        await gate.require(request, *READERS)
        found = preview_of(body.to_text())
        return LookBody(widget=found.widget if found else None, telegram=found.telegram if found else None)

    @router.post("/bulk/gate")
    async def read_bulk_gate(request: Request, body: BulkBody) -> GateBody:
        """What publishing these articles together would do to golden and past questions."""
        person = await gate.require(request, *WRITERS)
        report, _ = await bulk.preview_publication(person, body.chosen)
        return GateBody.of(report)

    @router.post("/bulk/find")
    async def find_to_replace(request: Request, body: ReplacementBody) -> list[FoundBody]:
        """What a replacement would change in which articles; nothing is stored."""
        person = await gate.require(request, *WRITERS)
        return [
            FoundBody(id=each.article.id, version=each.article.version, changes=FieldChangeBody.of_all(each.changes))
            for each in await bulk.find(person, body.replacement())
        ]

    return router


def _known(contents: dict[int, Draft], version: int) -> Draft:
    if version not in contents:
        raise NotFound
    return contents[version]
