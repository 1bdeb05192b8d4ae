"""knowledge_base: the editors' inbox: flagged answers, unanswered questions, and what is made of a cluster."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from kit.contracts import Language
from kit.refusals import NotFound
from kit.web.pages import Pages
from knowledge_base.answer_figures import AnswerFigures
from knowledge_base.contracts import FlagEnd
from knowledge_base.editing import READERS, WRITERS, Editing
from knowledge_base.flagging import Flagging
from knowledge_base.unanswered import Unanswered, Window
from knowledge_base.web.charts import sparkline
from knowledge_base.web.views import Paging, entry_of_article
from staff.contracts import Person
from staff.ports import Gate

PATH = "/knowledge/misses"
PAGE = 25
MOST_PAGES = 10_000
DAYS = (7, 28, 56, 182, 365)
"""Windows that can be chosen."""
MERGEABLE = 60
"""Clusters offered to merge with, the costliest."""


def build_unanswered_router(
    *,
    unanswered: Unanswered,
    flagging: Flagging,
    answers: AnswerFigures,
    editing: Editing,
    gate: Gate,
    pages: Pages,
) -> APIRouter:
    """`/knowledge/misses` and what is below it."""
    router = APIRouter()
    _add_inbox(router, unanswered, flagging, answers, gate, pages)
    _add_card(router, unanswered, editing, gate, pages)
    _add_flags(router, flagging, gate)
    _add_steps(router, unanswered, gate)
    return router


def window_of(*, language: str, channel: str, days: int, show: str) -> Window:
    """What the address asks for; what is no language or window of ours narrows nothing."""
    return Window(
        days=days if days in DAYS else Window().days,
        language=Language(language) if language in set(Language) else None,
        channel=channel[:32],
        quiet=show == "quiet",
    )


def _add_inbox(  # noqa: PLR0917 - what the page is made of
    router: APIRouter, unanswered: Unanswered, flagging: Flagging, answers: AnswerFigures, gate: Gate, pages: Pages
) -> None:
    @router.get(PATH)
    async def list_clusters(
        request: Request,
        *,
        language: str = "",
        channel: str = "",
        days: int = 0,
        show: str = "",
        page: Annotated[int, Query(ge=1, le=MOST_PAGES)] = 1,
    ) -> HTMLResponse:
        """Flagged answers; unanswered questions by meaning, the costliest first."""
        person = await gate.require(request, *READERS)
        window = window_of(language=language, channel=channel, days=days, show=show)
        found = await unanswered.page(person, window, offset=(page - 1) * PAGE, limit=PAGE)
        flagged = await flagging.waiting(person) if page == 1 and not window.quiet else ()
        query = {
            "language": str(window.language or ""),
            "channel": window.channel,
            "days": str(window.days),
            "show": "quiet" if window.quiet else "",
        }
        return pages.page(
            request,
            "knowledge_base/misses.html",
            lines=[(line, sparkline(line.weeks)) for line in found.lines],
            flagged=flagged,
            titles=await answers.titles(person, [one.article_id for one in flagged], pages.language(request)),
            may_write=person.may(*WRITERS),
            window=window,
            narrowed=window != Window(),
            windows=DAYS,
            channels=sorted({*found.channels, window.channel} - {""}),
            pages=Paging.of(page=page, size=PAGE, total=found.total, query={k: v for k, v in query.items() if v}),
        )


def _add_card(router: APIRouter, unanswered: Unanswered, editing: Editing, gate: Gate, pages: Pages) -> None:
    @router.get(PATH + "/{cluster_id}")
    async def show_cluster(request: Request, cluster_id: str) -> HTMLResponse:
        """One cluster: customers' words, agents' replies, what can be made of it."""
        person = await gate.require(request, *READERS)
        card = await unanswered.card(person, cluster_id)
        line = card.line
        others = await unanswered.page(person, Window(language=line.language), limit=MERGEABLE)
        return pages.page(
            request,
            "knowledge_base/cluster.html",
            card=card,
            line=line,
            spark_line=sparkline(line.weeks),
            others=[other for other in others.lines if other.id != line.id],
            closest=await _title(editing, person, card.best_article_id, pages.language(request)),
            answered_by=await _title(editing, person, line.article_id, pages.language(request)),
            may_write=person.may(*WRITERS),
        )


def _add_flags(router: APIRouter, flagging: Flagging, gate: Gate) -> None:
    @router.post("/knowledge/articles/{article_id}/flags")
    async def settle_flags(
        request: Request,
        article_id: str,
        end: Annotated[FlagEnd, Form()],
        seen: Annotated[list[str], Form(max_length=200)],
    ) -> RedirectResponse:
        """Say what became of the flags that were shown."""
        await flagging.settle(await gate.require(request, *WRITERS), article_id, end, seen=seen)
        return _to(PATH)


def _add_steps(router: APIRouter, unanswered: Unanswered, gate: Gate) -> None:
    @router.post(PATH + "/{cluster_id}/draft")
    async def make_draft(request: Request, cluster_id: str) -> RedirectResponse:
        """Make a draft article of it, and open that."""
        person = await gate.require(request, *WRITERS)
        article = await unanswered.make_draft(person, cluster_id)
        return _to(f"/knowledge/articles/{article.id}")

    @router.post(PATH + "/{cluster_id}/add")
    async def add_to(
        request: Request, cluster_id: str, article_id: Annotated[str, Form(max_length=40)]
    ) -> RedirectResponse:
        """Add the customers' words to an article, and open that."""
        person = await gate.require(request, *WRITERS)
        article = await unanswered.add_to(person, cluster_id, article_id)
        return _to(f"/knowledge/articles/{article.id}")

    @router.post(PATH + "/{cluster_id}/dismiss")
    async def dismiss(request: Request, cluster_id: str) -> RedirectResponse:
        """Put it aside for good."""
        await unanswered.dismiss(await gate.require(request, *WRITERS), cluster_id)
        return _to(PATH)

    @router.post(PATH + "/{cluster_id}/reopen")
    async def reopen(request: Request, cluster_id: str) -> RedirectResponse:
        """Take it up again."""
        await unanswered.reopen(await gate.require(request, *WRITERS), cluster_id)
        return _to(f"{PATH}/{cluster_id}")

    @router.post(PATH + "/{cluster_id}/merge")
    async def merge(request: Request, cluster_id: str, into: Annotated[str, Form(max_length=40)]) -> RedirectResponse:
        """Give its questions to another one, and open that."""
        await unanswered.merge(await gate.require(request, *WRITERS), cluster_id, into=into)
        return _to(f"{PATH}/{into}")


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


async def _title(
    editing: Editing, person: Person, article_id: str | None, language: Language
) -> tuple[str, str] | None:
    """(id, title) of an article that is still there."""
    if article_id is None:
        return None
    try:
        entry = entry_of_article(await editing.load(person, article_id), language)
    except NotFound:
        return None
    return article_id, entry.titles[0][1] if entry.titles else entry.key
