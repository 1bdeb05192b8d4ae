"""tests: what is pressed twice in a hurry is done once, in every dialog of the console."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from handoff.contracts import Agent
from tests.browser.test_console import Floor, floor
from tests.support.browser import Windows

pytestmark = pytest.mark.browser
__all__ = ["floor"]


class Held:
    """Requests to a path wait until `go`."""

    def __init__(self) -> None:
        self._released = asyncio.Event()
        self.asked = 0

    async def on(self, page: Page, path: str) -> Held:
        """Hold what `page` sends there."""
        await page.route(path, self._hold)
        return self

    def go(self) -> None:
        """Let everything through."""
        self._released.set()

    async def _hold(self, route: Route) -> None:
        self.asked += 1
        await self._released.wait()
        await route.continue_()


async def serving_somebody(windows: Windows, floor: Floor) -> Page:
    """An agent who has taken a conversation, with the keys being keys."""
    await floor.customer("周先生", "发票怎么开")
    page = await floor.sit_down(windows)
    await page.keyboard.press("j")
    await page.keyboard.press("c")
    await expect(page.locator("#composer textarea")).to_be_focused()
    await page.keyboard.press("Escape")
    return page


async def test_a_note_on_a_customer_is_written_once(windows: Windows, floor: Floor) -> None:
    page = await serving_somebody(windows, floor)
    held = await Held().on(page, "**/customer/note")
    await page.keyboard.press("p")
    await page.locator("#customer-note").fill("只在晚上有空")
    button = page.locator('form[data-customer="note"] button')
    await button.press("Enter")
    await button.press("Enter")
    held.go()
    await expect(page.locator(".customer-note")).to_have_count(1)
    await expect(page.locator("#customer-note")).to_have_value("")
    assert held.asked == 1


async def test_a_colleague_is_asked_in_once(windows: Windows, floor: Floor) -> None:
    page = await serving_somebody(windows, floor)
    await floor.console.desk.agents.arrive(Agent(id="agent-lin", name="林静"))
    held = await Held().on(page, "**/invite")
    # Also the dialog itself opens once: the second key would draw it anew over what is typed.
    await page.keyboard.press("g")
    await page.keyboard.press("g")
    held.go()
    await expect(page.locator("#invite-to")).to_be_focused()
    assert held.asked == 1
    sent = await Held().on(page, "**/invite")
    await page.locator("#invite-reason").fill("她懂发票")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    sent.go()
    await expect(page.locator("#invite")).to_be_hidden()
    await expect(page.locator("#head")).to_contain_text("已邀请 林静")
    assert sent.asked == 1


async def test_a_conversation_is_put_aside_once(windows: Windows, floor: Floor) -> None:
    page = await serving_somebody(windows, floor)
    held = await Held().on(page, "**/snooze")
    await page.keyboard.press("z")
    await page.locator("#snooze-words").press("Enter")
    await page.locator("#snooze-words").press("Enter")
    held.go()
    await expect(page.locator("#snooze")).to_be_hidden()
    await expect(page.locator('button[data-action="wake"]')).to_be_visible()
    assert held.asked == 1
