"""knowledge_base: the page that lists articles, and the choice of one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from kit.contracts import Language
from kit.refusals import NotFound
from kit.web.pages import Pages
from knowledge_base.contracts import ArticleFilter, ArticleStatus, Matter
from knowledge_base.editing import READERS, WRITERS, Editing
from knowledge_base.flagging import Flagging
from knowledge_base.unanswered import Unanswered, Window
from knowledge_base.web.views import Entry, Paging, category_options, entry_of_article, entry_of_line, query_of
from staff.contracts import Person
from staff.ports import Gate

PAGE = 50
"""Lines on one page."""
PICKED = 8
"""Articles offered when one is to be chosen."""
MOST_PAGES = 100_000
MINE = "me"
"""Stands for the reader's own name in a filter."""


def build_list_router(
    *, editing: Editing, unanswered: Unanswered, flagging: Flagging, gate: Gate, pages: Pages
) -> APIRouter:
    """`/knowledge`, and the fragment behind dialogs that ask for an article."""
    router = APIRouter()
    _add_articles(router, editing, unanswered, flagging, gate, pages)
    _add_undelete(router, editing, gate)
    _add_pick(router, editing, gate, pages)
    return router


def _add_articles(  # noqa: PLR0917 - what the list is made of
    router: APIRouter, editing: Editing, unanswered: Unanswered, flagging: Flagging, gate: Gate, pages: Pages
) -> None:
    @router.get("/knowledge")
    async def list_articles(
        request: Request,
        *,
        words: str = "",
        status: str = "",
        category: str = "",
        missing: str = "",
        changed: str = "",
        matter: str = "",
        owner: str = "",
        deleted: str = "",
        page: Annotated[int, Query(ge=1, le=MOST_PAGES)] = 1,
    ) -> HTMLResponse:
        """The list; only its rows for htmx."""
        person = await gate.require(request, *READERS)
        # A form sends its empty fields too; what is no status or language narrows nothing.
        chosen = ArticleFilter(
            words=words,
            status=ArticleStatus(status) if status in set(ArticleStatus) else None,
            category=category,
            missing=Language(missing) if missing in set(Language) else None,
            changed=bool(changed),
            matter=Matter(matter) if matter in set(Matter) else None,
            owner=owner if owner != MINE else person.name,
            deleted=bool(deleted),
        )
        found = await editing.list(person, chosen, offset=(page - 1) * PAGE, limit=PAGE)
        context: dict[str, Any] = {
            "chosen": chosen,
            "lines": [entry_of_line(line, pages.language(request)) for line in found.lines],
            "total": found.total,
            "all": sum(count for _, count in found.statuses),
            "statuses": found.statuses,
            "categories": category_options(pages.texts, pages.language(request), found.categories),
            "matters": [(each, count) for each, count in found.matters if count or each is chosen.matter],
            "mine": chosen.owner == person.name,
            "pages": Paging.of(page=page, size=PAGE, total=found.total, query=query_of(chosen)),
            "may_write": person.may(*WRITERS),
        }
        if request.headers.get("hx-request") == "true":
            return pages.page(request, "knowledge_base/rows.html", **context)
        misses = await unanswered.page(person, Window(), limit=1)
        flagged = await flagging.waiting(person)
        return pages.page(request, "knowledge_base/list.html", **context, misses=misses.total + len(flagged))


def _add_undelete(router: APIRouter, editing: Editing, gate: Gate) -> None:
    @router.post("/knowledge/articles/{article_id}/undelete")
    async def undelete(
        request: Request, article_id: str, expected_version: Annotated[int, Form(ge=1)]
    ) -> RedirectResponse:
        """Bring a deleted article back, and show it."""
        person = await gate.require(request, *WRITERS)
        await editing.undelete(person, article_id, expected_version=expected_version)
        return RedirectResponse(f"/knowledge/articles/{article_id}", HTTPStatus.SEE_OTHER)


def _add_pick(router: APIRouter, editing: Editing, gate: Gate, pages: Pages) -> None:
    @router.get("/knowledge/pick")
    async def pick_article(request: Request, words: str = "", near: str = "") -> HTMLResponse:
        """Articles a question may be another wording of; the closest one first while nothing is typed."""
        person = await gate.require(request, *WRITERS)
        language = pages.language(request)
        found = await editing.list(person, ArticleFilter(words=words), offset=0, limit=PICKED)
        lines = [entry_of_line(line, language) for line in found.lines]
        first = await _find_entry(editing, person, near, language) if near and not words.strip() else None
        if first:
            lines = [first, *(line for line in lines if line.id != first.id)][:PICKED]
        return pages.page(request, "knowledge_base/pick.html", lines=lines)


async def _find_entry(editing: Editing, person: Person, article_id: str, language: Language) -> Entry | None:
    try:
        return entry_of_article(await editing.load(person, article_id), language)
    except NotFound:
        return None  # deleted since the question was asked
