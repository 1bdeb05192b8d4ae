"""knowledge_base: the same step for many articles, for programs and the list's page, below `/api/v1/knowledge/bulk`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Self

from fastapi import APIRouter, Request
from pydantic import Field

from kit.contracts import Language
from kit.texts import Texts
from knowledge_base.bulk import Bulk, BulkEdit, BulkResult, Chosen
from knowledge_base.editing import WRITERS
from knowledge_base.replacing import Replacement
from knowledge_base.web.bodies import MOST
from knowledge_base.web.content_bodies import Body
from staff.ports import Gate


class ChosenBody(Body):
    """An article, at the version somebody saw."""

    id: str
    expected_version: int = Field(ge=1, le=MOST)


class BulkBody(Body):
    """The articles of a bulk step."""

    items: list[ChosenBody] = Field(min_length=1)

    @property
    def chosen(self) -> list[Chosen]:
        """The articles as the room's values."""
        return [Chosen(id=item.id, expected_version=item.expected_version) for item in self.items]


class BulkPublishBody(BulkBody):
    """Articles to publish."""

    reason: str = Field("", description="Why, although golden questions would be answered worse.")


class BulkChangeBody(BulkBody):
    """What is changed in every article; what is left out stays."""

    add_products: list[str] = Field(default_factory=list)
    remove_products: list[str] = Field(default_factory=list)
    category: str | None = None
    owner: str | None = Field(None, description="A sign-in name; empty for nobody.")
    review_on: date | None = None


class ReplacementBody(Body):
    """What is looked for, and what comes in its place."""

    find: str
    put: str = ""
    match_case: bool = False

    def replacement(self) -> Replacement:
        """As the room's value."""
        return Replacement(find=self.find, put=self.put, match_case=self.match_case)


class BulkReplaceBody(BulkBody, ReplacementBody):
    """Articles to replace a wording in."""


class RefusedBody(Body):
    """An article that was left as it is, and why."""

    id: str
    code: str
    text: str


class BulkResultBody(Body):
    """What became of the articles."""

    done: list[str]
    refused: list[RefusedBody]

    @classmethod
    def of(cls, result: BulkResult, texts: Texts, language: Language) -> Self:
        """The body of `result`, its reasons in `language`."""
        return cls(
            done=[article.id for article in result.done],
            refused=[
                RefusedBody(id=each.id, code=each.refusal.code, text=refusal_text(each.refusal, texts, language))
                for each in result.refused
            ],
        )


def refusal_text(refusal: Exception, texts: Texts, language: Language) -> str:
    """The sentence of a refusal, with what is wrong field by field where it says so."""
    details = getattr(refusal, "details", {})
    faults = [texts(key, language) for key in details.values() if key.startswith("knowledge_base.fault.")]
    words = texts(getattr(refusal, "text_key", "refusal.conflict"), language, **getattr(refusal, "slots", {}))
    return " ".join([words, *dict.fromkeys(faults)])


def build_bulk_api_router(
    *, bulk: Bulk, gate: Gate, publishing: Gate, texts: Texts, language: Callable[[Request], Language]
) -> APIRouter:
    """`…/bulk/publish`, `/retire`, `/change` and `/replace`; `publishing` guards what changes what customers get."""
    router = APIRouter(prefix="/api/v1/knowledge/bulk", tags=["knowledge"])

    @router.post("/publish")
    async def publish(request: Request, body: BulkPublishBody) -> BulkResultBody:
        """Publish what can be, after one run of the gate over all of them together."""
        person = await publishing.require(request, *WRITERS)
        result = await bulk.publish(person, body.chosen, reason=body.reason)
        return BulkResultBody.of(result, texts, language(request))

    @router.post("/retire")
    async def retire(request: Request, body: BulkBody) -> BulkResultBody:
        """Take them from customers."""
        person = await publishing.require(request, *WRITERS)
        return BulkResultBody.of(await bulk.retire(person, body.chosen), texts, language(request))

    @router.post("/change")
    async def change(request: Request, body: BulkChangeBody) -> BulkResultBody:
        """Tags, category, owner or day of review of all of them."""
        person = await gate.require(request, *WRITERS)
        edit = BulkEdit(
            add_products=tuple(body.add_products),
            remove_products=tuple(body.remove_products),
            category=body.category,
            owner=body.owner,
            review_on=body.review_on,
        )
        return BulkResultBody.of(await bulk.change(person, body.chosen, edit), texts, language(request))

    @router.post("/replace")
    async def replace(request: Request, body: BulkReplaceBody) -> BulkResultBody:
        """One wording for another in their texts."""
        person = await gate.require(request, *WRITERS)
        result = await bulk.replace(person, body.chosen, body.replacement())
        return BulkResultBody.of(result, texts, language(request))

    return router
