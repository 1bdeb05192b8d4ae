"""knowledge_base: the page of one article, and the pieces it fetches while somebody types."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from kit.contracts import Language
from kit.refusals import NotFound
from kit.web.pages import Pages
from knowledge_base.answer_figures import AnswerFigures
from knowledge_base.contracts import (
    Article,
    ArticleFilter,
    ArticleStatus,
    ArticleTally,
    ArticleText,
    Draft,
    NoHelp,
)
from knowledge_base.differences import action_text, fields_of, merge_drafts
from knowledge_base.editing import NEW_ARTICLE, READERS, WRITERS, Editing
from knowledge_base.life import may_publish
from knowledge_base.new_articles import complete_for_trial
from knowledge_base.settings import Publishing
from knowledge_base.unanswered import Window
from knowledge_base.unsaved import UnsavedTexts
from knowledge_base.web.answer_pages import USUAL_DAYS, Shares, shares_of
from knowledge_base.web.bodies import MergeBody, PreviewBody, TryBody
from knowledge_base.web.content_bodies import ContentBody
from knowledge_base.web.field_words import action_options, field_words
from knowledge_base.web.owners import owner_options
from knowledge_base.web.unsaved_bodies import UnsavedBody
from knowledge_base.web.views import (
    Chip,
    category_options,
    entry_of_article,
    line_of,
    preview_of,
    result_view,
    status_chips,
)
from staff.contracts import Person, Role
from staff.ports import Gate, People

TOOLS = "tools"
"""The pane beside the languages, on phones behind a tab of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the article's head shows to one person."""

    article: Article | None
    may_write: bool
    may_publish: bool
    """Whether publishing is offered, or only handing in; the service has the last word."""

    @property
    def chips(self) -> tuple[Chip, ...]:
        """Where the article is in its life."""
        return status_chips(line_of(self.article)) if self.article else ()

    @property
    def is_changed(self) -> bool:
        """Whether there is something published and something newer that is not."""
        article = self.article
        if article is None or article.status is not ArticleStatus.PUBLISHED:
            return False
        return article.published_version is not None and article.published_version < article.version

    @property
    def may_delete(self) -> bool:
        """Whether deleting is offered; the service has the last word."""
        article = self.article
        return article is not None and article.published_version is None and article.schedule is None


def build_article_router(
    *, editing: Editing, unsaved: UnsavedTexts, answers: AnswerFigures, people: People, gate: Gate, pages: Pages
) -> APIRouter:
    """`/knowledge/articles/…`: the page, its head, previews, trials, merges."""
    router = APIRouter()
    _add_page(router, editing, unsaved, answers, people, gate, pages)
    _add_fragments(router, editing, gate, pages)
    return router


def _add_page(  # noqa: PLR0917 - what the page is made of
    router: APIRouter,
    editing: Editing,
    unsaved: UnsavedTexts,
    answers: AnswerFigures,
    people: People,
    gate: Gate,
    pages: Pages,
) -> None:
    async def show(request: Request, person: Person, article: Article | None) -> HTMLResponse:
        language = pages.language(request)
        found = await editing.list(person, ArticleFilter(), offset=0, limit=1)
        content = article.content if article else Draft(key="", category="")
        sides = {str(side): _side(content, side) for side in Language}
        entry = entry_of_article(article, language) if article else None
        order = sorted(Language, key=lambda side: side is not language)
        return pages.page(
            request,
            "knowledge_base/article.html",
            standing=_standing(editing, person, article),
            article=article,
            may_write=person.may(*WRITERS),
            content=content,
            details=content.details,
            stale_shorts=[str(side) for side in article.stale_shorts] if article else [],
            sides=sides,
            panes=[*(str(side) for side in order), TOOLS],
            heading=entry.titles[0][1] if entry and entry.titles else "",
            categories=category_options(pages.texts, language, {*found.categories, content.category} - {""}),
            action=action_text(content.details),
            actions=action_options(content.details, editing.departments, pages.texts, language),
            owners=await owner_options(people, content.details.owner),
            follow_ups=[await _follow_up(editing, key, language) for key in content.details.follow_ups],
            preview=preview_of(sides[str(order[0])]),
            kept=await _kept(unsaved, person, article),
            does=await _does(answers, person, article),
        )

    @router.get("/knowledge/articles/new")
    async def new_article(request: Request) -> HTMLResponse:
        """An empty form; nothing is stored before the first save."""
        return await show(request, await gate.require(request, *WRITERS), None)

    @router.get("/knowledge/articles/{article_id}")
    async def edit_article(request: Request, article_id: str) -> HTMLResponse:
        """The article's working copy in a form; for readers it is locked."""
        person = await gate.require(request, *READERS)
        return await show(request, person, await editing.load(person, article_id))

    @router.get("/knowledge/articles/{article_id}/head")
    async def article_head(request: Request, article_id: str) -> HTMLResponse:
        """Where the article stands now, and what can be done with it."""
        person = await gate.require(request, *READERS)
        article = await editing.load(person, article_id)
        return pages.page(request, "knowledge_base/head.html", standing=_standing(editing, person, article))


async def _does(
    answers: AnswerFigures, person: Person, article: Article | None
) -> tuple[ArticleTally, Shares, tuple[tuple[NoHelp, int], ...]] | None:
    """How a published article does with customers."""
    if article is None or article.published_version is None:
        return None
    tally, reasons = await answers.of_article(person, article.id, Window(days=USUAL_DAYS))
    return tally, shares_of(tally.tally), reasons


def _standing(editing: Editing, person: Person, article: Article | None) -> Standing:
    # A new article is written by whoever opens it.
    rule = editing.rule
    publishes = rule is Publishing.EDITORS or person.may(Role.SUPERVISOR)
    if article is not None:
        publishes = may_publish(person, article, rule)
    return Standing(article=article, may_write=person.may(*WRITERS), may_publish=publishes)


async def _follow_up(editing: Editing, key: str, language: Language) -> tuple[str, str]:
    """(key, title); an article that is not there yet is called by its key."""
    article = await editing.find(key)
    entry = entry_of_article(article, language) if article else None
    return key, entry.titles[0][1] if entry and entry.titles else key


async def _kept(unsaved: UnsavedTexts, person: Person, article: Article | None) -> list[dict[str, object]]:
    """What this person typed and never saved, for the page to take up again."""
    if not person.may(*WRITERS):
        return []
    one = await unsaved.find(person, article.id) if article else None
    texts = await unsaved.begun(person) if article is None else ([one] if one else [])
    return [UnsavedBody.of(text).model_dump(mode="json") for text in texts]


def _add_fragments(router: APIRouter, editing: Editing, gate: Gate, pages: Pages) -> None:
    @router.post("/knowledge/preview")
    async def preview(request: Request, body: PreviewBody) -> HTMLResponse:
        """One language side as website and Telegram show it."""
        await gate.require(request, *READERS)
        return pages.page(request, "knowledge_base/preview.html", preview=preview_of(body.to_text()))

    @router.post("/knowledge/try")
    async def try_question(request: Request, body: TryBody) -> HTMLResponse:
        """What the bot would answer, before and after publishing what stands in the form."""
        person = await gate.require(request, *READERS)
        trial = await editing.try_question(
            person,
            body.question,
            complete_for_trial(body.content.to_draft()),
            article_id=body.article_id,
            language=pages.language(request),
        )
        article_id = body.article_id or NEW_ARTICLE
        before = result_view(trial.before, article_id=article_id)
        after = result_view(trial.after, article_id=article_id)
        return pages.page(
            request,
            "knowledge_base/trial.html",
            before=before,
            after=after,
            same=before == after,
            answer_percent=round(trial.after.answer_threshold * 100),
            clarify_percent=round(trial.after.clarify_threshold * 100),
        )

    @router.post("/knowledge/articles/{article_id}/merge")
    async def merge(request: Request, article_id: str, body: MergeBody) -> HTMLResponse:
        """What somebody else saved since `base_version`, joined with what stands in the form."""
        person = await gate.require(request, *WRITERS)
        newest = await editing.load(person, article_id)
        versions, _ = await editing.history(person, article_id)
        base = next((version.content for version in versions if version.version == body.base_version), None)
        if base is None:
            raise NotFound
        joined = merge_drafts(base=base, theirs=newest.content, mine=body.content.to_draft())
        theirs = fields_of(newest.content)
        in_words = field_words(pages, pages.language(request), editing.departments)
        return pages.page(
            request,
            "knowledge_base/merge.html",
            newest=newest,
            theirs=in_words(joined.theirs),
            conflicts=in_words(joined.conflicts),
            merged={
                "version": newest.version,
                "content": ContentBody.of(joined.content).model_dump(mode="json"),
                "theirs": {change.field: theirs[change.field] for change in joined.conflicts},
            },
        )


def _side(content: Draft, language: Language) -> ArticleText:
    empty = ArticleText(language=language, title="", answer="", short="", questions=())
    return next((text for text in content.texts if text.language == language), empty)
