"""Promises of "how the answers do": right sums, honest intervals, and what a publication changed."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import httpx
import pytest

from kit.contracts import Language
from kit.ids import new_id
from kit.sql import Database
from knowledge_base.adapters.build import build_question_log
from knowledge_base.adapters.figure_store import SqlFigureStore
from knowledge_base.answer_figures import AnswerFigures, count_words
from knowledge_base.contracts import (
    Asked,
    AskedOutcome,
    Helped,
    NoHelp,
    Publication,
    PublicationKind,
    Rivals,
)
from knowledge_base.proportions import share_of
from knowledge_base.settings import EffectSettings
from knowledge_base.unanswered import Window
from knowledge_base.web.charts import columns, sparkline
from tests.support.articles import MEI
from tests.support.clock import MovableClock
from tests.support.editing import Library
from tests.support.editor_programs import RETURN
from tests.support.web import sign_in

ZONE = ZoneInfo("Asia/Shanghai")


class Customers:
    """Ask, and say whether it helped."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self._database, self._clock = database, clock
        self._log = build_question_log(database, zone=ZONE, new_id=new_id)

    async def ask(
        self,
        outcome: AskedOutcome = AskedOutcome.ANSWERED,
        *,
        article: str | None = "a",
        question: str = "Where is my parcel?",
        channel: str = "widget",
        rival: str | None = None,
        helped: Helped | None = None,
        reason: NoHelp | None = None,
        person: bool = False,
    ) -> None:
        asked = Asked(
            id=new_id(),
            customer=new_id(),
            channel=channel,
            language=Language.EN,
            at=self._clock(),
            question=question,
            outcome=outcome,
            article_id=article,
            article_version=1,
            rival_id=rival,
        )
        await self._database.write(partial(self._log.record_asked, asked=asked))
        if helped is not None:
            await self._log.record_helped(asked.id, helped)
        if reason is not None:
            await self._database.write(partial(self._log.record_reason, asked_id=asked.id, reason=reason))
        if person:
            await self._database.write(partial(self._log.record_handover, customer=asked.customer, at=self._clock()))


@pytest.fixture
def customers(database: Database, clock: MovableClock) -> Customers:
    return Customers(database, clock)


@pytest.fixture
def answers(database: Database, clock: MovableClock) -> AnswerFigures:
    settings = EffectSettings(days=2, questions=2)
    return AnswerFigures(store=SqlFigureStore(database), settings=settings, zone=ZONE, clock=clock)


async def test_questions_are_added_up_by_day_and_channel(
    customers: Customers, answers: AnswerFigures, clock: MovableClock
) -> None:
    await customers.ask(helped=Helped.YES)
    clock.forward(days=1)
    await customers.ask(helped=Helped.NO, reason=NoHelp.WRONG, person=True)
    await customers.ask(AskedOutcome.CLARIFIED, channel="telegram")
    await customers.ask(AskedOutcome.CHOSEN, article="b", rival="a", channel="telegram")
    await customers.ask(AskedOutcome.UNKNOWN, article=None)
    found = await answers.figures(MEI, Window(days=3))
    assert [tally.questions for _, tally in found.days] == [0, 1, 3]
    total = found.total
    assert (total.questions, total.answered, total.clarified, total.unknown) == (4, 2, 1, 1)
    assert (total.helped, total.not_helped, total.handed_over) == (1, 1, 1)
    assert dict(found.channels)["telegram"].questions == 1
    assert found.reasons == ((NoHelp.WRONG, 1),)
    assert {each.article_id: each.shown for each in found.articles} == {"a": 2, "b": 1}
    assert found.rivals == (Rivals(one="a", other="b", times=1),)
    assert (await answers.figures(MEI, Window(days=3, channel="telegram"))).total.questions == 1
    assert (await answers.figures(MEI, Window(days=3, language=Language.ZH))).total.questions == 0


async def test_the_same_question_counts_once_however_it_is_punctuated(
    customers: Customers, answers: AnswerFigures
) -> None:
    for question in ("Where is my parcel?", "where is my parcel", "WHERE IS MY PARCEL!!", "Do you engrave?"):
        await customers.ask(question=question)
    found = await answers.figures(MEI, Window(days=1))
    assert [times for _, times in found.questions] == [3, 1]
    assert dict(found.words)["parcel"] == 3


async def test_articles_that_no_question_led_to_are_named(library: Library, mei: httpx.AsyncClient) -> None:
    returned = await library.article_id(RETURN)
    asked = Asked(
        id=new_id(),
        customer="c",
        channel="widget",
        language=Language.EN,
        at=library.clock(),
        question="send it back?",
        outcome=AskedOutcome.ANSWERED,
        article_id=returned,
        article_version=1,
    )
    await library.database.write(lambda tx: library.log.record_asked(tx, asked))
    page = (await mei.get("/knowledge/answers")).text
    never = page[page.index('class="never"') :]
    assert f"/knowledge/articles/{returned}" in page
    assert f"/knowledge/articles/{returned}" not in never
    assert never.count("/knowledge/articles/") >= 10
    assert 'id="does"' in (await mei.get(f"/knowledge/articles/{returned}")).text


async def test_a_publications_effect_compares_equal_spans_and_says_when_it_is_too_early(
    customers: Customers, answers: AnswerFigures, clock: MovableClock
) -> None:
    clock.forward(days=10)
    for _ in range(2):
        await customers.ask(AskedOutcome.UNKNOWN, helped=None, person=True)
    clock.forward(hours=1)
    publication = Publication(
        version=7, kind=PublicationKind.PUBLISH, article_id="a", article_version=2, at=clock(), by="Mei"
    )
    clock.forward(hours=1)
    for _ in range(2):
        await customers.ask(helped=Helped.YES)
    [early] = await answers.effects(MEI, "a", [publication])
    assert not early.ready
    clock.forward(days=1)
    [effect] = await answers.effects(MEI, "a", [publication])
    assert effect.ready
    assert effect.enough
    assert (effect.before.unknown, effect.before.handed_over, effect.after.answered, effect.after.helped) == (
        2,
        2,
        2,
        2,
    )
    [other] = await answers.effects(MEI, "b", [publication])
    assert other.all_after.questions == 2
    assert not other.enough
    clock.forward(days=30)
    [settled] = await answers.effects(MEI, "a", [publication])
    assert settled.until == publication.at + timedelta(days=2)


def test_wilsons_interval_stays_within_bounds_and_narrows() -> None:
    assert share_of(0, 0) is None
    few, many = share_of(3, 3), share_of(300, 300)
    assert few is not None
    assert many is not None
    assert few.high == many.high == 1.0
    assert few.low < 0.5
    assert many.low > 0.98
    half = share_of(50, 100)
    assert half is not None
    assert (round(half.low, 3), round(half.high, 3)) == (0.404, 0.596)  # Wilson 1927, as in any table


def test_words_are_counted_by_questions() -> None:
    counted = dict(count_words((("where is my parcel", 3), ("parcel lost", 2), ("包裹丢了怎么办", 1))))
    assert counted == {"parcel": 5, "lost": 2, "包裹": 1}


def test_charts_fit_their_picture() -> None:
    line = sparkline((0, 0, 2, 4))
    assert line.points.split()[0] == "0.0,22.0"
    assert (line.last_x, line.last_y, line.rises) == (100.0, 2.0, True)
    assert sparkline(()).points
    first, second = columns([("a", [("x", 1), ("y", 1)]), ("b", [("x", 1)])])
    assert [height for _, _, height in first.parts] == [50.0, 50.0]
    assert second.parts == (("x", 50.0, 50.0),)
    assert columns([("a", [("x", 0)])])[0].parts == (("x", 100.0, 0.0),)


async def test_a_day_after_a_publication_its_effect_stands_beside_it(
    library: Library, mei: httpx.AsyncClient, clock: MovableClock
) -> None:
    customers, article_id = Customers(library.database, clock), await library.article_id(RETURN)
    for _ in range(20):
        await customers.ask(AskedOutcome.UNKNOWN, article=article_id, person=True)
    clock.forward(hours=1)
    path = f"/api/v1/knowledge/articles/{article_id}"
    article = (await mei.get(path)).json()
    texts = [side | {"answer": f"{side['answer']}\n\nNew."} for side in article["content"]["texts"]]
    body = {"expected_version": article["version"], "content": article["content"] | {"texts": texts}}
    saved = (await mei.put(path, json=body)).json()
    assert (await mei.post(f"{path}/publish", json={"expected_version": saved["version"]})).status_code == 200
    clock.forward(minutes=1)
    for number in range(20):
        await customers.ask(article=article_id, helped=Helped.YES if number < 15 else Helped.NO)
    history = f"/knowledge/articles/{article_id}/history"
    assert "The effect is shown a day after the publication." in (await mei.get(history)).text
    clock.forward(days=1)
    await sign_in(mei, "mei")
    page = (await mei.get(history)).text
    rows = re.findall(r'<th scope="row">(\w+)</th>((?:<td class="num">[^<]*</td>)+)', page)[:2]
    shown = {name: re.findall(r">([^<]+)</td>", cells) for name, cells in rows}
    assert shown == {"Before": ["20", "0%", "–", "100%"], "After": ["20", "100%", "75%", "0%"]}
    publications = (await mei.get(f"{path}/publications")).json()
    effect = publications[0]["effect"]
    assert (effect["ready"], effect["enough"], effect["days"]) == (True, True, pytest.approx(1.0, abs=0.01))
    assert [effect["after"][name] for name in ("questions", "answered", "helped", "not_helped")] == [20, 20, 15, 5]
    assert effect["before"]["handed_over"] == 20
