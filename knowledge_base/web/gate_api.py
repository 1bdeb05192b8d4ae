"""knowledge_base: the gate and golden questions for programs, below `/api/v1/knowledge`."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from kit.contracts import Language
from knowledge_base.contracts import Level
from knowledge_base.editing import READERS, WRITERS, Editing
from knowledge_base.judging import ChangedAnswer, Contradiction, Duplicate, GateReport, GoldenResult, Shown, StaleShort
from knowledge_base.web.bodies import MOST, ArticleBody, GoldenBody, RollBackBody
from staff.ports import Gate

SeenVersion = Annotated[int, Query(ge=1, le=MOST)]


class ShownBody(BaseModel):
    """What a customer would get."""

    level: Level
    article_id: str | None
    title: str
    percent: int

    @classmethod
    def of(cls, found: Shown) -> Self:
        """The body of `found`."""
        return cls(level=found.level, article_id=found.article_id, title=found.title, percent=found.percent)


class GoldenResultBody(BaseModel):
    """A golden question and how it fares: `right`, `offered`, `missed` or `wrong`."""

    id: str
    question: str
    language: Language
    article_id: str | None
    before: str
    after: str
    shown: ShownBody

    @classmethod
    def of(cls, result: GoldenResult) -> Self:
        """The body of `result`."""
        asked = result.question
        return cls(
            id=asked.id,
            question=asked.question,
            language=asked.language,
            article_id=asked.article_id,
            before=result.before.key,
            after=result.after.key,
            shown=ShownBody.of(result.shown),
        )


class ChangedBody(BaseModel):
    """A past question that would be answered differently."""

    question: str
    language: Language
    before: ShownBody
    after: ShownBody
    is_rewritten: bool

    @classmethod
    def of(cls, changed: ChangedAnswer) -> Self:
        """The body of `changed`."""
        return cls(
            question=changed.question.question,
            language=changed.question.language,
            before=ShownBody.of(changed.before),
            after=ShownBody.of(changed.after),
            is_rewritten=changed.is_rewritten,
        )


class DuplicateBody(BaseModel):
    """A new wording that another article answers today."""

    wording: str
    language: Language
    article_id: str
    title: str
    percent: int

    @classmethod
    def of(cls, found: Duplicate) -> Self:
        """The body of `found`."""
        return cls(
            wording=found.wording,
            language=found.language,
            article_id=found.article_id,
            title=found.title,
            percent=found.percent,
        )


class ContradictionBody(BaseModel):
    """A sentence of the draft that does not go with one of another article."""

    language: Language
    article_id: str
    title: str
    mine: str
    theirs: str

    @classmethod
    def of(cls, found: Contradiction) -> Self:
        """The body of `found`."""
        return cls(
            language=found.language,
            article_id=found.article_id,
            title=found.title,
            mine=found.mine,
            theirs=found.theirs,
        )


class StaleShortBody(BaseModel):
    """A short answer that stayed while its answer changed."""

    article_id: str
    language: Language
    short: str

    @classmethod
    def of(cls, found: StaleShort) -> Self:
        """The body of `found`."""
        return cls(article_id=found.article_id, language=found.language, short=found.short)


class GateBody(BaseModel):
    """What publishing would do to the answers."""

    worse: int
    golden: list[GoldenResultBody]
    changed: list[ChangedBody]
    past: int
    duplicates: list[DuplicateBody]
    contradictions: list[ContradictionBody]
    stale_shorts: list[StaleShortBody]

    @classmethod
    def of(cls, report: GateReport) -> Self:
        """The body of `report`."""
        return cls(
            worse=len(report.worse),
            golden=[GoldenResultBody.of(result) for result in report.golden],
            changed=[ChangedBody.of(changed) for changed in report.changed],
            past=report.past,
            duplicates=[DuplicateBody.of(found) for found in report.duplicates],
            contradictions=[ContradictionBody.of(found) for found in report.contradictions],
            stale_shorts=[StaleShortBody.of(found) for found in report.stale_shorts],
        )


def build_gate_api_router(*, editing: Editing, gate: Gate, publishing: Gate) -> APIRouter:
    """`…/gate`, `…/roll-back` and `/golden`; `publishing` guards what changes what customers get."""
    router = APIRouter(prefix="/api/v1/knowledge", tags=["knowledge"])

    @router.get("/articles/{article_id}/gate")
    async def read_gate(request: Request, article_id: str, expected_version: SeenVersion) -> GateBody:
        """What publishing the working copy would do to golden and past questions."""
        person = await gate.require(request, *WRITERS)
        return GateBody.of(await editing.preview_publication(person, article_id, expected_version=expected_version))

    @router.post("/articles/{article_id}/roll-back")
    async def roll_back(request: Request, article_id: str, body: RollBackBody) -> ArticleBody:
        """Take the article's newest publication back; customers get what they had before."""
        person = await publishing.require(request, *WRITERS)
        return ArticleBody.of(
            await editing.roll_back(person, article_id, body.publication, expected_version=body.expected_version)
        )

    @router.get("/golden")
    async def list_golden(request: Request, article_id: str | None = None) -> list[GoldenResultBody]:
        """Golden questions (of one article, or all) and how they fare today."""
        person = await gate.require(request, *READERS)
        return [GoldenResultBody.of(result) for result in await editing.gate.golden(person, article_id)]

    @router.post("/golden", status_code=204)
    async def add_golden(request: Request, body: GoldenBody) -> None:
        """Settle the right answer of a question; the same question again gets the new answer."""
        person = await gate.require(request, *WRITERS)
        await editing.gate.add_golden(person, body.question, body.language, article_id=body.article_id)

    @router.delete("/golden/{golden_id}", status_code=204)
    async def remove_golden(request: Request, golden_id: str) -> None:
        """The question no longer counts."""
        person = await gate.require(request, *WRITERS)
        await editing.gate.remove_golden(person, golden_id)

    return router
