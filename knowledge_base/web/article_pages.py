"""knowledge_base: the page of one article, and the pieces it fetches while somebody types."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from kit.contracts import Language
from kit.refusals import NotFound
from kit.web.pages import Pages
from knowledge_base.contracts import Article, ArticleFilter, ArticleStatus, ArticleText, Draft
from knowledge_base.differences import fields_of, merge_drafts
from knowledge_base.editing import NEW_ARTICLE, READERS, WRITERS, Editing
from knowledge_base.web.bodies import ContentBody, MergeBody, PreviewBody, TryBody, content_of
from knowledge_base.web.new_articles import complete_for_trial
from knowledge_base.web.views import Chip, category_names, entry_of_article, preview_of, result_view, status_chips
from staff.contracts import Person
from staff.ports import Gate

TOOLS = "tools"
"""The pane beside the languages, on phones behind a tab of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the article's head shows to one person."""

    article: Article | None
    may_write: bool

    @property
    def chips(self) -> tuple[Chip, ...]:
        """Where the article is in its life."""
        return status_chips(self.article) if self.article else ()

    @property
    def may_delete(self) -> bool:
        """Whether deleting is offered; the service has the last word."""
        article = self.article
        unpublished = {ArticleStatus.DRAFT, ArticleStatus.IN_REVIEW}
        return article is not None and article.status in unpublished and article.published_version is None


def build_article_router(*, editing: Editing, gate: Gate, pages: Pages) -> APIRouter:
    """`/knowledge/articles/…`: the page, its head, previews, trials, merges."""
    router = APIRouter()
    _add_page(router, editing, gate, pages)
    _add_fragments(router, editing, gate, pages)
    return router


def _add_page(router: APIRouter, editing: Editing, gate: Gate, pages: Pages) -> None:
    async def show(request: Request, person: Person, article: Article | None) -> HTMLResponse:
        language = pages.language(request)
        found = await editing.list(person, ArticleFilter(), offset=0, limit=1)
        content = content_of(article) if article else Draft(key="", category="")
        sides = {str(side): _side(content, side) for side in Language}
        entry = entry_of_article(article, language) if article else None
        order = sorted(Language, key=lambda side: side is not language)
        names = category_names(pages.texts, language, {*found.categories, content.category} - {""})
        return pages.page(
            request,
            "knowledge_base/article.html",
            standing=Standing(article=article, may_write=person.may(*WRITERS)),
            article=article,
            may_write=person.may(*WRITERS),
            content=content,
            sides=sides,
            panes=[*(str(side) for side in order), TOOLS],
            heading=entry.titles[0][1] if entry and entry.titles else "",
            categories=dict(sorted(names.items(), key=lambda pair: pair[1])),
            preview=preview_of(sides[str(order[0])]),
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
        standing = Standing(article=article, may_write=person.may(*WRITERS))
        return pages.page(request, "knowledge_base/head.html", standing=standing)


def _add_fragments(router: APIRouter, editing: Editing, gate: Gate, pages: Pages) -> None:
    @router.post("/knowledge/preview")
    async def preview(request: Request, body: PreviewBody) -> HTMLResponse:
        """One language side as website and Telegram show it."""
        await gate.require(request, *READERS)
        text = ArticleText(language=body.language, title=body.title, answer=body.answer, short=body.short, questions=())
        return pages.page(request, "knowledge_base/preview.html", preview=preview_of(text))

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
        joined = merge_drafts(base=base, theirs=content_of(newest), mine=body.content.to_draft())
        theirs = fields_of(content_of(newest))
        return pages.page(
            request,
            "knowledge_base/merge.html",
            newest=newest,
            theirs=joined.theirs,
            conflicts=joined.conflicts,
            merged={
                "version": newest.version,
                "content": ContentBody.of(joined.content).model_dump(mode="json"),
                "theirs": {change.field: theirs[change.field] for change in joined.conflicts},
            },
        )


def _side(content: Draft, language: Language) -> ArticleText:
    empty = ArticleText(language=language, title="", answer="", short="", questions=())
    return next((text for text in content.texts if text.language == language), empty)
