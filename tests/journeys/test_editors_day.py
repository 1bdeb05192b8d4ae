"""tests: what nobody could answer yesterday becomes an article today; tomorrow the editor sees what came of it.

In real windows, in both languages: the cluster, the gate, the effect a day later, and an old reply weighed again.
"""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, expect

from bot.app.mind import build_base
from bot.settings import DeskSettings
from kit.contracts import Language
from kit.ids import new_id
from knowledge_base.adapters.build import build_filing
from knowledge_base.settings import EffectSettings
from nlu.adapters.reads_only import ReadsOnly
from nlu.ports import Encoder
from staff.contracts import Role
from tests.browser.test_staff_pages import sign_in
from tests.journeys.customers import WebCustomer, heard, web_customer
from tests.journeys.floor import sit_down
from tests.journeys.test_both_channels import words
from tests.support.browser import Windows
from tests.support.clock import MovableClock
from tests.support.desk import RunningDesk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ZH, EN = Language.ZH, Language.EN
QUESTION = {ZH: "你们的咖啡豆可以代客研磨吗", EN: "do you grind coffee beans for customers"}
UNKNOWN = {ZH: "答不上来", EN: "I don't have an answer"}
ANSWER = {ZH: "可以，下单时备注研磨度，免费。", EN: "Yes, free of charge: say how fine when you order."}
NONE, UNANSWERED, HELPED = ["0", "–", "–", "–"], ["1", "0%", "–", "0%"], ["1", "100%", "100%", "0%"]
"""Asked, answered, helped, handed over."""


@pytest.fixture
def settings(settings: DeskSettings) -> DeskSettings:
    """One question on each side is enough to conclude from."""
    base = settings.knowledge_base.model_copy(update={"effect": EffectSettings(questions=1)})
    return settings.model_copy(update={"knowledge_base": base})


@pytest.fixture
def desk_clock() -> MovableClock:
    """Ten in the morning."""
    return MovableClock()


async def file_misses(desk: RunningDesk, encoder: Encoder, clock: MovableClock) -> None:
    """What the worker does every few seconds: the running desk of tests leaves it to whoever brings a mind."""
    base = build_base(desk.ground, encoder=encoder, fits=False)
    await base.search.open()
    filing = build_filing(
        base,
        reader=ReadsOnly(encoder),
        database=desk.ground.database,
        zone=ZoneInfo("Asia/Shanghai"),
        new_id=new_id,
    )
    assert await filing.run(clock()) == 1
    await base.search.close()


async def publish_from_cluster(page: Page, address: str, language: Language) -> str:
    """Make an article of the only cluster and publish it through the gate; its address."""
    await page.goto(f"{address}/knowledge/misses")
    await page.locator(".clusters .question").filter(has_text=QUESTION[language]).click()
    await expect(page.locator("[data-step=draft]")).to_be_visible()
    await page.wait_for_load_state()  # keys are heard once the page's module runs
    await page.keyboard.press("m")
    await expect(page.locator(f"[name='{language}.title']")).to_have_value(QUESTION[language])
    await page.locator(f"[name='{language}.answer']").fill(ANSWER[language])
    await expect(page.locator("#saved-state")).to_have_class(re.compile("dirty"))
    await page.keyboard.press("Control+Enter")
    gate = page.locator("dialog.merge-dialog")
    await expect(gate).to_contain_text(QUESTION[language])
    await gate.locator("button.primary").click()
    await expect(page.locator("#article-head .chip.ok")).to_be_visible()
    return page.url.partition("?")[0]


async def test_yesterdays_unanswered_question_is_an_answer_with_an_effect(
    desk: RunningDesk,
    windows: Windows,
    visitor: WebCustomer,
    encoder: Encoder,
    *,
    desk_clock: MovableClock,
    language: Language,
) -> None:
    await visitor.arrive()
    await heard(visitor, words("hello", language))
    await visitor.say(QUESTION[language])
    await heard(visitor, UNKNOWN[language])
    await file_misses(desk, encoder, desk_clock)

    desk_clock.forward(days=1)
    editor = await sit_down(windows, desk, "mei", role=Role.EDITOR, language=language, path="/knowledge")
    article = await publish_from_cluster(editor.page, desk.url, language)
    await editor.page.goto(f"{desk.url}/knowledge/misses")
    await expect(editor.page.locator(".empty")).to_be_visible()
    desk_clock.forward(minutes=5)
    async with web_customer(desk, language) as another:
        await another.arrive()
        await another.say(QUESTION[language])
        await heard(another, ANSWER[language])
        await another.press(words("helped", language))
        await heard(another, words("glad", language))

    desk_clock.forward(days=1)
    await sign_in(editor.page, desk.url, "mei")  # nobody stays signed in over night
    await editor.page.goto(f"{article}/history")
    await expect(editor.page.locator("table.effect")).to_have_count(2)
    rows = [
        await row.locator("th, td").all_inner_texts() for row in await editor.page.locator(".effect tbody tr").all()
    ]
    # A new article has no "before" of its own; of all questions the same one went unanswered.
    assert [row[1:] for row in rows] == [NONE, HELPED, UNANSWERED, HELPED]
    sticks_out = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).length"
    assert await editor.page.eval_on_selector_all(".history .card", sticks_out) == 0
    await windows.shot(editor.page, f"editors-effect-{language}")

    # The reply of the first day, found again where its conversation is taken over.
    agent = await sit_down(windows, desk, "lin", language=language)
    await desk.rooms.agents.beat(agent.agent)
    await visitor.say(words("ask_person", language))
    await agent.accept()
    unknown = agent.page.locator(".entry.bot").filter(has_text=UNKNOWN[language])
    async with agent.page.expect_popup() as opened:
        await unknown.locator("a.entry-why").click()
    why = await opened.value
    await expect(why.locator("blockquote")).to_have_text(QUESTION[language])
    await expect(why.locator("#then .verdict .chip")).to_have_class("chip warn")
    await expect(why.locator("#today .verdict .chip")).to_have_class("chip ok")
    await expect(why.locator("#today .why-name").first).to_contain_text(QUESTION[language])
    await windows.shot(why, f"editors-why-{language}")
