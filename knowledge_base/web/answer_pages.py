"""knowledge_base: the page "how the answers do"."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from kit.web.pages import Pages
from knowledge_base.answer_figures import AnswerFigures
from knowledge_base.contracts import ArticleTally, Figures, Share, Tally
from knowledge_base.editing import READERS
from knowledge_base.proportions import share_of
from knowledge_base.unanswered import Window
from knowledge_base.web.charts import Column, columns
from knowledge_base.web.unanswered_pages import DAYS, window_of
from staff.ports import Gate

PATH = "/knowledge/answers"
USUAL_DAYS = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """What people ask of a tally."""

    tally: Tally
    answered: Share | None
    unknown: Share | None
    helped: Share | None
    """Of those who said whether it helped."""
    handed_over: Share | None


def shares_of(tally: Tally) -> Shares:
    """The shares of a tally with their intervals."""
    return Shares(
        tally=tally,
        answered=share_of(tally.answered, tally.questions),
        unknown=share_of(tally.unknown, tally.questions),
        helped=share_of(tally.helped, tally.helped + tally.not_helped),
        handed_over=share_of(tally.handed_over, tally.questions),
    )


def worst_first(articles: tuple[ArticleTally, ...]) -> list[tuple[ArticleTally, Shares]]:
    """Articles by the best that can be said of them: few "yes" among many words first, unjudged ones last."""
    found = [(each, shares_of(each.tally)) for each in articles if each.shown]
    return sorted(found, key=lambda pair: (pair[1].helped.high if pair[1].helped else 2.0, -pair[0].shown))


def day_columns(figures: Figures) -> tuple[Column, ...]:
    """Questions a day: answered, clarified, unknown."""
    return columns(
        [
            (
                f"{day:%Y-%m-%d}",
                [("answered", tally.answered), ("clarified", tally.clarified), ("unknown", tally.unknown)],
            )
            for day, tally in figures.days
        ]
    )


def build_answers_router(*, answers: AnswerFigures, gate: Gate, pages: Pages) -> APIRouter:
    """`/knowledge/answers`."""
    router = APIRouter()

    @router.get(PATH)
    async def show_answers(request: Request, language: str = "", channel: str = "", days: int = 0) -> HTMLResponse:
        """How the answers do in a window."""
        person = await gate.require(request, *READERS)
        window: Window = window_of(language=language, channel=channel, days=days or USUAL_DAYS, show="")
        figures = await answers.figures(person, window)
        ids = {each.article_id for each in figures.articles} | set(figures.never)
        ids |= {article_id for pair in figures.rivals for article_id in (pair.one, pair.other)}
        return pages.page(
            request,
            "knowledge_base/answers.html",
            figures=figures,
            total=shares_of(figures.total),
            articles=worst_first(figures.articles),
            by_channel=[(name, shares_of(tally)) for name, tally in figures.channels],
            chart=day_columns(figures),
            most_asked=max((times for _, times in figures.questions), default=1),
            most_said=max((times for _, times in figures.words), default=1),
            titles=await answers.titles(person, sorted(ids), pages.language(request)),
            window=window,
            narrowed=window != Window(days=USUAL_DAYS),
            windows=DAYS,
            channels=sorted({name for name, _ in figures.channels} | {window.channel} - {""}),
        )

    return router
