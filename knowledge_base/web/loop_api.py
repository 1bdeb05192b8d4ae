"""knowledge_base: unanswered questions and flags for programs, below `/api/v1/knowledge`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from kit.contracts import Language
from knowledge_base.editing import READERS, WRITERS
from knowledge_base.flagging import Flagging
from knowledge_base.unanswered import MOST_DAYS, Unanswered, Window
from knowledge_base.web.bodies import MOST, ArticleBody
from knowledge_base.web.loop_bodies import (
    AddBody,
    ClusterCardBody,
    ClustersBody,
    FlagBody,
    KeptFlagBody,
    MergeIntoBody,
    SettleBody,
)
from staff.ports import Gate

PAGE, LIMIT = 25, 200
Id = Annotated[str, Path(max_length=40)]


def build_loop_api_router(*, unanswered: Unanswered, flagging: Flagging, gate: Gate) -> APIRouter:
    """`…/clusters`, `…/flags`."""
    router = APIRouter(prefix="/api/v1/knowledge", tags=["knowledge"])
    _add_clusters(router, unanswered, gate)
    _add_steps(router, unanswered, gate)
    _add_flags(router, flagging, gate)
    return router


def _add_clusters(router: APIRouter, unanswered: Unanswered, gate: Gate) -> None:
    @router.get("/clusters")
    async def list_clusters(
        request: Request,
        *,
        language: Language | None = None,
        channel: Annotated[str, Query(max_length=32)] = "",
        days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = Window().days,
        quiet: bool = False,
        offset: Annotated[int, Query(ge=0, le=MOST)] = 0,
        limit: Annotated[int, Query(ge=1, le=LIMIT)] = PAGE,
    ) -> ClustersBody:
        """Unanswered questions by meaning, the costliest first; `quiet`: those that editors have dealt with."""
        person = await gate.require(request, *READERS)
        window = Window(days=days, language=language, channel=channel, quiet=quiet)
        return ClustersBody.model_validate(await unanswered.page(person, window, offset=offset, limit=limit))

    @router.get("/clusters/{cluster_id}")
    async def load_cluster(request: Request, cluster_id: Id) -> ClusterCardBody:
        """One cluster with customers' words and agents' replies."""
        return ClusterCardBody.of(await unanswered.card(await gate.require(request, *READERS), cluster_id))


def _add_steps(router: APIRouter, unanswered: Unanswered, gate: Gate) -> None:
    @router.post("/clusters/{cluster_id}/draft", status_code=201)
    async def draft_from_cluster(request: Request, cluster_id: Id) -> ArticleBody:
        """Make a draft article of it: its question, the customers' words, an agent's reply."""
        person = await gate.require(request, *WRITERS)
        return ArticleBody.of(await unanswered.make_draft(person, cluster_id))

    @router.post("/clusters/{cluster_id}/add")
    async def add_cluster_to_article(request: Request, cluster_id: Id, body: AddBody) -> ArticleBody:
        """Add the customers' words to an article's working copy."""
        person = await gate.require(request, *WRITERS)
        return ArticleBody.of(await unanswered.add_to(person, cluster_id, body.article_id))

    @router.post("/clusters/{cluster_id}/dismiss", status_code=204)
    async def dismiss_cluster(request: Request, cluster_id: Id) -> None:
        """Put it aside; what joins it later stays quiet too."""
        await unanswered.dismiss(await gate.require(request, *WRITERS), cluster_id)

    @router.post("/clusters/{cluster_id}/reopen", status_code=204)
    async def reopen_cluster(request: Request, cluster_id: Id) -> None:
        """Take it up again."""
        await unanswered.reopen(await gate.require(request, *WRITERS), cluster_id)

    @router.post("/clusters/{cluster_id}/merge", status_code=204)
    async def merge_cluster(request: Request, cluster_id: Id, body: MergeIntoBody) -> None:
        """Give its questions, and those that would join it, to another cluster of its language."""
        await unanswered.merge(await gate.require(request, *WRITERS), cluster_id, into=body.into)


def _add_flags(router: APIRouter, flagging: Flagging, gate: Gate) -> None:
    @router.get("/flags")
    async def list_flags(request: Request) -> list[KeptFlagBody]:
        """Flags that wait for an editor, those of the article with the most flags first."""
        flagged = await flagging.waiting(await gate.require(request, *READERS))
        return [KeptFlagBody.model_validate(flag) for one in flagged for flag in one.flags]

    @router.post("/articles/{article_id}/flags", status_code=201)
    async def flag_article(request: Request, article_id: Id, body: FlagBody) -> KeptFlagBody:
        """Say that an answer is not right, and why; again, the newer words count."""
        person = await gate.require(request, *WRITERS)
        flag = await flagging.raise_flag(
            article_id,
            language=body.language,
            reason=body.reason,
            words=body.words,
            by_id=person.id,
            by=person.display_name,
        )
        return KeptFlagBody.model_validate(flag)

    @router.post("/articles/{article_id}/flags/settle", status_code=204)
    async def settle_flags(request: Request, article_id: Id, body: SettleBody) -> None:
        """Say what became of the flags that were looked at."""
        person = await gate.require(request, *WRITERS)
        await flagging.settle(person, article_id, body.end, seen=body.seen)
