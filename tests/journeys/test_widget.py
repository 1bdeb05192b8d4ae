"""tests: a customer in the browser, from the shop's page to a representative, as they see it."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Frame, Page, expect

from handoff.contracts import Agent
from kit.contracts import Language
from tests.journeys.test_both_channels import NUMBER, claimed_by, words
from tests.support.browser import DESKTOP, PHONE, Windows, overflow
from tests.support.desk import RunningDesk
from tests.support.wait import until

pytestmark = pytest.mark.browser


MILD = {
    Language.ZH: words("complaint", Language.ZH),
    Language.EN: "I want to complain, my delivery was two days late",
}
"""A complaint that asks for the order number; a serious one goes to a person first."""


async def opened(page: Page) -> Frame:
    """The widget, opened from the shop's page and greeted in."""
    await page.locator("[data-desk-open]").first.click()
    await until(lambda: len(page.frames) > 1)
    window = page.frames[1]
    await expect(window.locator(".entry.bot").first).to_be_visible()
    return window


async def say(window: Frame, text: str) -> None:
    await window.locator("textarea").fill(text)
    await window.locator("textarea").press("Enter")


async def test_from_the_shop_to_an_answer_a_file_number_and_a_person(
    desk: RunningDesk, windows: Windows, agent: Agent, language: Language
) -> None:
    width = PHONE if language is Language.ZH else DESKTOP
    page = await windows.open(desk.url, language=language, width=width, dark=language is Language.EN)
    window = await opened(page)

    async def look(name: str) -> None:
        await windows.shot(page, f"journey-{name}-{language}")
        assert await overflow(page) == []

    await look("1-hello")
    await say(window, words("question", language))
    answer = window.locator(".entry.bot .bubble.rich")
    await expect(answer).to_contain_text("10:00–21:30")
    await look("2-answer")
    await window.get_by_role("button", name=words("helped", language)).click()
    await say(window, MILD[language])
    await expect(window.locator(".thread-log")).to_contain_text(NUMBER)
    await expect(window.get_by_role("button", name=words("skip", language), exact=True)).to_be_visible()
    await look("3-complaint")
    await window.locator("#person").click()
    await expect(window.locator("#waiting")).to_be_visible()
    await look("4-waiting")
    handoff = await claimed_by(desk, agent)
    await desk.rooms.agents.reply(handoff.conversation_id, agent, key="r", text="您好，我来处理。", epoch=handoff.epoch)
    await expect(window.locator(".entry.agent .bubble")).to_contain_text("您好，我来处理。")
    await expect(window.locator("#presence")).to_contain_text("林静")
    await look("5-person")
    shown = await window.locator(".bubble").all_inner_texts()
    await page.reload()
    window = await opened(page)
    await expect(window.locator(".bubble")).to_have_count(len(shown))
    assert await window.locator(".bubble").all_inner_texts() == shown
    assert re.search(NUMBER, " ".join(shown))
