"""knowledge_base: HTTP for programs, below `/api/v1/knowledge`. The editor's page saves through it too."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from kit.contracts import Language
from knowledge_base.contracts import ArticleFilter, ArticleStatus, Matter
from knowledge_base.editing import READERS, WRITERS, Editing
from knowledge_base.new_articles import complete_for_trial, create_with_key
from knowledge_base.web.bodies import (
    MOST,
    ArticleBody,
    DismissBody,
    ListBody,
    MissListBody,
    PublishBody,
    RestoreBody,
    ReviewBody,
    SaveBody,
    SearchBody,
    ShortBody,
    StepBody,
    TrialBody,
    TryBody,
    VersionBody,
)
from knowledge_base.web.content_bodies import ContentBody
from staff.ports import Gate

SeenVersion = Annotated[int, Query(ge=1, le=MOST)]
PAGE = 50
"""Lines a page of a list holds where the caller names no limit."""
LIMIT = 200


def build_api_router(*, editing: Editing, gate: Gate, publishing: Gate) -> APIRouter:
    """Articles and unanswered questions as JSON; `publishing` guards what changes what customers get."""
    router = APIRouter(prefix="/api/v1/knowledge", tags=["knowledge"])
    _add_reading(router, editing, gate)
    _add_writing(router, editing, gate)
    _add_reviews(router, editing, gate)
    _add_publishing(router, editing, publishing)
    _add_upkeep(router, editing, gate)
    _add_misses(router, editing, gate)
    return router


def _add_reading(router: APIRouter, editing: Editing, gate: Gate) -> None:
    @router.get("/articles")
    async def list_articles(
        request: Request,
        *,
        words: str = "",
        status: ArticleStatus | None = None,
        category: str = "",
        missing: Language | None = None,
        changed: bool = False,
        matter: Matter | None = None,
        owner: str = "",
        deleted: bool = False,
        offset: Annotated[int, Query(ge=0, le=MOST)] = 0,
        limit: Annotated[int, Query(ge=1, le=LIMIT)] = PAGE,
    ) -> ListBody:
        """One page of the articles that fit, last changed first."""
        person = await gate.require(request, *READERS)
        chosen = ArticleFilter(
            words=words,
            status=status,
            category=category,
            missing=missing,
            changed=changed,
            matter=matter,
            owner=owner,
            deleted=deleted,
        )
        return ListBody.of(await editing.list(person, chosen, offset=offset, limit=limit))

    @router.get("/articles/{article_id}")
    async def load_article(request: Request, article_id: str) -> ArticleBody:
        """One article's working copy."""
        person = await gate.require(request, *READERS)
        return ArticleBody.of(await editing.load(person, article_id))

    @router.get("/articles/{article_id}/versions")
    async def list_versions(request: Request, article_id: str) -> list[VersionBody]:
        """Every version, newest first."""
        person = await gate.require(request, *READERS)
        versions, _ = await editing.history(person, article_id)
        return [VersionBody.of(version) for version in versions]

    @router.get("/search")
    async def search(
        request: Request, question: Annotated[str, Query(max_length=2000)], language: Language = Language.ZH
    ) -> SearchBody:
        """What customers would get for a question now; `language` decides where the question does not say."""
        person = await gate.require(request, *READERS)
        return SearchBody.of(await editing.ask(person, question, language=language))

    @router.post("/try")
    async def try_question(request: Request, body: TryBody) -> TrialBody:
        """What the base answers to a question now, and what it would answer with this draft published."""
        person = await gate.require(request, *READERS)
        draft = complete_for_trial(body.content.to_draft())
        return TrialBody.of(await editing.try_question(person, body.question, draft, article_id=body.article_id))


def _add_writing(router: APIRouter, editing: Editing, gate: Gate) -> None:
    @router.post("/articles", status_code=201)
    async def create_article(request: Request, response: Response, body: ContentBody) -> ArticleBody:
        """Store a new draft."""
        person = await gate.require(request, *WRITERS)
        article = await create_with_key(editing, person, body.to_draft())
        response.headers["Location"] = f"{router.prefix}/articles/{article.id}"
        return ArticleBody.of(article)

    @router.put("/articles/{article_id}")
    async def save_article(request: Request, article_id: str, body: SaveBody) -> ArticleBody:
        """Store the next version. 409 `article_changed` when somebody else saved after `expected_version`."""
        person = await gate.require(request, *WRITERS)
        draft = body.content.to_draft()
        return ArticleBody.of(await editing.save(person, article_id, draft, expected_version=body.expected_version))

    @router.delete("/articles/{article_id}", status_code=204)
    async def delete_draft(request: Request, article_id: str, expected_version: SeenVersion) -> None:
        """Delete an article that customers do not get; it can be brought back."""
        person = await gate.require(request, *WRITERS)
        await editing.delete(person, article_id, expected_version=expected_version)

    @router.post("/articles/{article_id}/restore")
    async def restore_version(request: Request, article_id: str, body: RestoreBody) -> ArticleBody:
        """Store an earlier version's content as the next version."""
        person = await gate.require(request, *WRITERS)
        return ArticleBody.of(
            await editing.restore(person, article_id, body.version, expected_version=body.expected_version)
        )


def _add_reviews(router: APIRouter, editing: Editing, gate: Gate) -> None:
    @router.post("/articles/{article_id}/submit")
    async def submit_article(request: Request, article_id: str, body: ReviewBody) -> ArticleBody:
        """Ask a colleague to look at the working copy before it is published."""
        person = await gate.require(request, *WRITERS)
        return ArticleBody.of(
            await editing.submit(person, article_id, expected_version=body.expected_version, note=body.note)
        )

    @router.post("/articles/{article_id}/reject")
    async def reject_article(request: Request, article_id: str, body: ReviewBody) -> ArticleBody:
        """Send it back from review to its writer."""
        person = await gate.require(request, *WRITERS)
        return ArticleBody.of(
            await editing.reject(person, article_id, expected_version=body.expected_version, note=body.note)
        )


def _add_publishing(router: APIRouter, editing: Editing, gate: Gate) -> None:
    @router.post("/articles/{article_id}/publish")
    async def publish_article(request: Request, article_id: str, body: PublishBody) -> ArticleBody:
        """Give customers the working copy: the next answer is from it, or the first one from the moment it is valid."""
        person = await gate.require(request, *WRITERS)
        return ArticleBody.of(
            await editing.publish(person, article_id, expected_version=body.expected_version, reason=body.reason)
        )

    @router.post("/articles/{article_id}/retire")
    async def retire_article(request: Request, article_id: str, body: StepBody) -> ArticleBody:
        """Take the article from customers; it stops answering at once."""
        person = await gate.require(request, *WRITERS)
        return ArticleBody.of(await editing.retire(person, article_id, expected_version=body.expected_version))

    @router.post("/articles/{article_id}/call-off")
    async def call_off_article(request: Request, article_id: str, body: StepBody) -> ArticleBody:
        """Let a publication that waits for its moment not happen."""
        person = await gate.require(request, *WRITERS)
        return ArticleBody.of(await editing.call_off(person, article_id, expected_version=body.expected_version))


def _add_upkeep(router: APIRouter, editing: Editing, gate: Gate) -> None:
    @router.post("/articles/{article_id}/confirm-translation")
    async def confirm_translation(request: Request, article_id: str, body: StepBody) -> ArticleBody:
        """Somebody looked: both languages say the same."""
        person = await gate.require(request, *WRITERS)
        return ArticleBody.of(
            await editing.confirm_translation(person, article_id, expected_version=body.expected_version)
        )

    @router.post("/articles/{article_id}/confirm-short")
    async def confirm_short(request: Request, article_id: str, body: ShortBody) -> ArticleBody:
        """Somebody looked: the short answer is still right although the answer changed."""
        person = await gate.require(request, *WRITERS)
        return ArticleBody.of(
            await editing.confirm_short(person, article_id, body.language, expected_version=body.expected_version)
        )

    @router.post("/articles/{article_id}/undelete")
    async def undelete_article(request: Request, article_id: str, body: StepBody) -> ArticleBody:
        """Bring a deleted article back as it was."""
        person = await gate.require(request, *WRITERS)
        return ArticleBody.of(await editing.undelete(person, article_id, expected_version=body.expected_version))


def _add_misses(router: APIRouter, editing: Editing, gate: Gate) -> None:
    @router.get("/misses")
    async def list_misses(
        request: Request,
        language: Language | None = None,
        offset: Annotated[int, Query(ge=0, le=MOST)] = 0,
        limit: Annotated[int, Query(ge=1, le=LIMIT)] = PAGE,
    ) -> MissListBody:
        """Questions that got no good answer, newest first, equal ones together."""
        person = await gate.require(request, *READERS)
        return MissListBody.of(await editing.misses(person, language=language, offset=offset, limit=limit))

    @router.post("/misses/dismiss", status_code=204)
    async def dismiss_miss(request: Request, body: DismissBody) -> None:
        """Take a question off the list: it is answered now, or needs no answer."""
        person = await gate.require(request, *WRITERS)
        await editing.dismiss_miss(person, body.question, body.language)
