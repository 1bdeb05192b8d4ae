"""nlu: the pages of teaching by use, over a real store, in both languages."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import pytest

from kit.contracts import Language
from kit.ids import new_id
from kit.sql import Database
from kit.texts import Texts
from nlu.adapters.teaching import build_teaching
from nlu.contracts import ExampleState, Figure, Learned, Severity
from nlu.starter_content import HELD_OUT, Labelled, read_rows
from nlu.teaching import Teaching
from nlu.web.corrections import Names, build_corrections_router
from staff.contracts import Role
from staff.ports import WebRequest
from tests.support.clock import START, MovableClock
from tests.support.web import House, build_house, sign_in

NAMES = Names(
    categories=("delivery",),
    category=lambda name, language: f"{name}-{language.value}",
    severity=lambda name, language: f"{name}!-{language.value}",
    intent=lambda name, language: f"<{name}-{language.value}>",
)


@pytest.fixture
def teaching(sqlite_database: Database, clock: MovableClock) -> Teaching:
    return build_teaching(sqlite_database, clock=clock, new_id=new_id)


@dataclass(slots=True)
class ScriptedLearning:
    """Fits `nlu.ports.Learning`."""

    found: Learned | None = None

    async def last(self) -> Learned | None:
        return self.found


@pytest.fixture
def learning() -> ScriptedLearning:
    return ScriptedLearning()


@pytest.fixture
def house(
    sqlite_database: Database, texts: Texts, clock: MovableClock, teaching: Teaching, learning: ScriptedLearning
) -> House:
    plain = build_house(sqlite_database, texts, clock=clock)

    class Colleagues:
        async def proposer(self, request: WebRequest) -> str:
            return (await plain.gate.require(request, Role.AGENT, Role.EDITOR)).id

        async def reviewer(self, request: WebRequest) -> str:
            return (await plain.gate.require(request, Role.EDITOR)).id

    pages = plain.pages
    router = build_corrections_router(teaching=teaching, learning=learning, pages=pages, who=Colleagues(), names=NAMES)
    return build_house(sqlite_database, texts, clock=clock, routers=[router])


@pytest.mark.parametrize("language", list(Language))
async def test_an_agent_corrects_and_an_editor_approves(house: House, teaching: Teaching, language: Language) -> None:
    await house.add("ann", Role.AGENT, language=language)
    await house.add("ed", Role.EDITOR, language=language)
    async with house.client(language=language) as agent:
        await sign_in(agent, "ann")
        said = {"text": "我的电话13812345678 快递丢了", "heard": "greet"}
        form = await agent.post("/corrections/new", data=said)
        assert "13812345678" not in form.text
        assert f"&lt;greet-{language.value}&gt;" in form.text
        meant = {"intent": "complaint", "category": "delivery", "severity": "serious"}
        sent = await agent.post("/corrections", data={**said, **meant})
        assert sent.status_code == 200
        assert (await agent.get("/corrections")).status_code == 403
    assert await teaching.approved() == []
    (waiting,) = await teaching.listed(ExampleState.PROPOSED)
    assert (waiting.category, waiting.severity) == ("delivery", Severity.SERIOUS)
    async with house.client(language=language) as editor:
        await sign_in(editor, "ed")
        page = await editor.get("/corrections")
        assert f"delivery-{language.value}" in page.text
        assert re.search(rf"<option value=\"serious\" selected>serious!-{language.value}", page.text)
        assert re.search(r"<option value=\"complaint\" selected>", page.text)
        body = {
            "do": "approve",
            "text": "快递丢了",
            "intent": "complaint",
            "category": "delivery",
            "severity": "critical",
        }
        assert (await editor.post(f"/corrections/{waiting.id}", data=body)).status_code == 303
        again = await editor.post(f"/corrections/{waiting.id}", data=body)
        assert again.status_code == 409
        taught = await teaching.approved_corrections()
        assert [(each.category, each.severity) for each in taught] == [("delivery", Severity.CRITICAL)]
        assert await teaching.approved() == [Labelled(text="快递丢了", label="complaint")]
        assert (await editor.post(f"/corrections/{waiting.id}", data={"do": "discard"})).status_code == 303
    assert await teaching.approved() == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("used", [True, False])
async def test_editors_see_what_came_of_learning(
    house: House, learning: ScriptedLearning, texts: Texts, language: Language, *, used: bool
) -> None:
    await house.add("ed", Role.EDITOR, language=language)
    async with house.client(language=language) as editor:
        await sign_in(editor, "ed")
        assert texts("nlu.learned.title", language) not in (await editor.get("/corrections")).text
        fell = Figure(name="category_zh", before=0.77, after=0.7, worse=not used)
        learning.found = Learned(at=START, corrections=3, left_out=2, used=used, figures=(fell,))
        page = (await editor.get("/corrections")).text
    said = html.unescape(page)
    assert texts("nlu.learned.title", language) in said
    assert texts("nlu.learned.left_out", language, count=2) in said
    assert texts("nlu.learned.name.category_zh", language) in said
    assert "0.700" in said
    assert (f">{texts('nlu.learned.worse', language)}<" in said) is not used


async def test_a_measured_question_is_refused_with_a_sentence_and_can_be_discarded(
    house: House, teaching: Teaching, texts: Texts
) -> None:
    await house.add("ed", Role.EDITOR)
    measured = read_rows(HELD_OUT)[0]
    async with house.client() as editor:
        await sign_in(editor, "ed")
        await editor.post("/corrections", data={"text": measured.text, "intent": "greet"})
        (waiting,) = await teaching.listed(ExampleState.PROPOSED)
        body = {"text": waiting.text, "intent": "greet"}
        refused = await editor.post(f"/corrections/{waiting.id}", data={**body, "do": "approve"})
        assert refused.status_code == 409
        assert texts("refusal.held_out_text", Language.EN) in refused.text
        assert (await editor.post(f"/corrections/{waiting.id}", data={**body, "do": "discard"})).status_code == 303
    assert (await teaching.counts())[ExampleState.DISCARDED] == 1


@pytest.mark.parametrize("path", ["/corrections", "/corrections/new", "/corrections/x"])
async def test_nobody_teaches_without_signing_in_or_without_the_token(
    house: House, teaching: Teaching, path: str
) -> None:
    body = {"text": "快递丢了", "intent": "complaint", "do": "approve"}
    async with house.client(html=False) as stranger:
        assert (await stranger.post(path, data=body)).status_code == 401
    await house.add("ed", Role.EDITOR)
    async with house.client(html=False) as editor:
        await sign_in(editor, "ed")
        del editor.headers["X-CSRF-Token"]
        assert (await editor.post(path, data=body)).status_code == 403
    assert await teaching.listed(ExampleState.PROPOSED) == ()
