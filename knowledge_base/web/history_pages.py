"""knowledge_base: the page that compares an article's versions and brings one back."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from kit.refusals import NotFound
from kit.web.pages import Pages
from knowledge_base.answer_figures import AnswerFigures
from knowledge_base.contracts import Article, ArticleVersion
from knowledge_base.differences import compare_drafts
from knowledge_base.editing import READERS, WRITERS, Editing
from knowledge_base.life import holds_what_was_taken_back
from knowledge_base.web.field_words import field_words
from knowledge_base.web.views import entry_of_article
from staff.ports import Gate


def build_history_router(*, editing: Editing, answers: AnswerFigures, gate: Gate, pages: Pages) -> APIRouter:
    """`/knowledge/articles/{id}/history` and `…/restore`."""
    router = APIRouter()

    @router.get("/knowledge/articles/{article_id}/history")
    async def history(
        request: Request,
        article_id: str,
        from_: Annotated[int | None, Query(alias="from", ge=1)] = None,
        to: Annotated[int | None, Query(ge=1)] = None,
    ) -> HTMLResponse:
        """Two versions side by side; at first what customers get (or the version before) against the newest."""
        person = await gate.require(request, *READERS)
        article = await editing.load(person, article_id)
        versions, publications = await editing.history(person, article_id)
        new = _chosen(versions, to or article.version)
        old = _chosen(versions, from_ or _before(article, new.version))
        language = pages.language(request)
        entry = entry_of_article(article, language)
        in_words = field_words(pages, language, editing.departments)
        return pages.page(
            request,
            "knowledge_base/history.html",
            article=article,
            heading=entry.titles[0][1] if entry.titles else article.key,
            versions=versions,
            publications=publications,
            effects={each.version: each for each in await answers.effects(person, article_id, publications)},
            holds_taken_back=holds_what_was_taken_back(article, publications),
            old=old,
            new=new,
            changes=in_words(compare_drafts(old.content, new.content)),
            may_write=person.may(*WRITERS),
        )

    @router.post("/knowledge/articles/{article_id}/restore")
    async def restore(
        request: Request,
        article_id: str,
        version: Annotated[int, Form(ge=1)],
        expected_version: Annotated[int, Form(ge=1)],
    ) -> RedirectResponse:
        """Bring a version back as the newest, and show it."""
        person = await gate.require(request, *WRITERS)
        await editing.restore(person, article_id, version, expected_version=expected_version)
        return RedirectResponse(f"/knowledge/articles/{article_id}", HTTPStatus.SEE_OTHER)

    return router


def _chosen(versions: tuple[ArticleVersion, ...], number: int) -> ArticleVersion:
    found = next((version for version in versions if version.version == number), None)
    if found is None:
        raise NotFound
    return found


def _before(article: Article, number: int) -> int:
    live = article.published_version
    return live if live is not None and live < number else max(1, number - 1)
