"""knowledge_base: what a publication would do, golden questions, and taking a publication back."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from kit.contracts import Language
from kit.refusals import NotFound
from kit.web.pages import Pages
from knowledge_base.editing import READERS, WRITERS, Editing
from knowledge_base.judging import GoldenResult, Outcome
from knowledge_base.web.views import entry_of_article
from staff.contracts import Person
from staff.ports import Gate

MOST_CHANGED = 30
"""Changed answers that are shown; the rest is counted."""


def build_gate_router(*, editing: Editing, gate: Gate, pages: Pages) -> APIRouter:
    """`…/gate`, `…/golden`, `…/roll-back` and `/knowledge/golden`."""
    router = APIRouter()

    @router.get("/knowledge/articles/{article_id}/gate")
    async def show_gate(
        request: Request, article_id: str, expected_version: Annotated[int, Query(ge=1)]
    ) -> HTMLResponse:
        """Which answers publishing would change, from what to what."""
        person = await gate.require(request, *WRITERS)
        report = await editing.preview_publication(person, article_id, expected_version=expected_version)
        return pages.page(request, "knowledge_base/gate.html", report=report, most_changed=MOST_CHANGED)

    @router.get("/knowledge/articles/{article_id}/golden")
    async def show_golden(request: Request, article_id: str) -> HTMLResponse:
        """This article's golden questions and how they fare."""
        person = await gate.require(request, *READERS)
        results = await editing.gate.golden(person, article_id)
        return pages.page(request, "knowledge_base/golden.html", results=results, may_write=person.may(*WRITERS))

    @router.get("/knowledge/golden")
    async def all_golden(request: Request) -> HTMLResponse:
        """Every golden question, those that fare badly first."""
        person = await gate.require(request, *READERS)
        results = sorted(await editing.gate.golden(person), key=lambda result: result.after)
        return pages.page(
            request,
            "knowledge_base/golden_page.html",
            results=results,
            right=sum(result.after is Outcome.RIGHT for result in results),
            titles=await _titles(editing, person, results, pages.language(request)),
            may_write=person.may(*WRITERS),
        )

    @router.post("/knowledge/articles/{article_id}/roll-back")
    async def roll_back(
        request: Request,
        article_id: str,
        publication: Annotated[int, Form(ge=1)],
        expected_version: Annotated[int, Form(ge=1)],
    ) -> RedirectResponse:
        """Take the newest publication back, and show the history."""
        person = await gate.require(request, *WRITERS)
        await editing.roll_back(person, article_id, publication, expected_version=expected_version)
        return RedirectResponse(f"/knowledge/articles/{article_id}/history", HTTPStatus.SEE_OTHER)

    return router


async def _titles(editing: Editing, person: Person, results: list[GoldenResult], language: Language) -> dict[str, str]:
    found: dict[str, str] = {}
    for article_id in {result.question.article_id for result in results} - {None}:
        try:
            entry = entry_of_article(await editing.load(person, str(article_id)), language)
        except NotFound:
            continue  # deleted since
        found[str(article_id)] = entry.titles[0][1] if entry.titles else entry.key
    return found
