"""knowledge_base: how answers do, what publications changed and why replies were given, for programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from kit.contracts import Language
from knowledge_base.answer_figures import AnswerFigures
from knowledge_base.editing import READERS, Editing
from knowledge_base.replay import Replay
from knowledge_base.unanswered import MOST_DAYS, Window
from knowledge_base.web.answer_pages import USUAL_DAYS
from knowledge_base.web.loop_bodies import ArticleFiguresBody, FiguresBody, PublicationBody, WhyBody
from staff.ports import Gate

Days = Annotated[int, Query(ge=1, le=MOST_DAYS)]
Id = Annotated[str, Path(max_length=40)]
ReplyId = Annotated[str, Path(max_length=60, description="A decision's id, or `CONVERSATION:ENTRY`.")]


def build_figures_api_router(*, answers: AnswerFigures, editing: Editing, replay: Replay, gate: Gate) -> APIRouter:
    """`…/figures`, `…/articles/{id}/figures`, `…/articles/{id}/publications`, `…/why/{reply}`."""
    router = APIRouter(prefix="/api/v1/knowledge", tags=["knowledge"])

    @router.get("/figures")
    async def read_figures(
        request: Request,
        *,
        language: Language | None = None,
        channel: Annotated[str, Query(max_length=32)] = "",
        days: Days = USUAL_DAYS,
    ) -> FiguresBody:
        """How the answers do: by day, channel and article, with what was asked most and what never matched."""
        person = await gate.require(request, *READERS)
        return FiguresBody.of(await answers.figures(person, Window(days=days, language=language, channel=channel)))

    @router.get("/articles/{article_id}/figures")
    async def read_article_figures(request: Request, article_id: Id, days: Days = USUAL_DAYS) -> ArticleFiguresBody:
        """How one article does."""
        person = await gate.require(request, *READERS)
        found, _ = await answers.of_article(person, article_id, Window(days=days))
        return ArticleFiguresBody.of(article_id, found.shown, found.tally)

    @router.get("/articles/{article_id}/publications")
    async def list_publications(request: Request, article_id: Id) -> list[PublicationBody]:
        """Every publication of an article, newest first, with what the newest ones changed."""
        person = await gate.require(request, *READERS)
        _, publications = await editing.history(person, article_id)
        effects = {each.version: each for each in await answers.effects(person, article_id, publications)}
        return [PublicationBody.of(each, effects.get(each.version)) for each in publications]

    @router.get("/why/{reply_id}")
    async def explain_reply(request: Request, reply_id: ReplyId) -> WhyBody:
        """Why a past reply of the bot was given, and what it would be today."""
        await gate.require(request, *READERS)
        return WhyBody.of(await replay.why(reply_id))

    return router
