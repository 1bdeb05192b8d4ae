"""tests: what is pressed twice in a hurry is done once, in every dialog of the console."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from handoff.contracts import Agent
from tests.browser.test_console import Floor, floor
from tests.browser.test_floor import account, held_by, supervisor
from tests.support.browser import Windows, held_back

pytestmark = pytest.mark.browser
__all__ = ["floor"]


async def serving_somebody(windows: Windows, floor: Floor) -> Page:
    """An agent who has taken a conversation, with the keys being keys."""
    await floor.customer("周先生", "发票怎么开")
    page = await floor.sit_down(windows)
    await floor.take_next(page)
    await page.keyboard.press("Escape")
    return page


async def test_a_note_on_a_customer_is_written_once(windows: Windows, floor: Floor) -> None:
    page = await serving_somebody(windows, floor)
    await page.keyboard.press("p")
    await page.locator("#customer-note").fill("只在晚上有空")
    button = page.locator('form[data-customer="note"] button')
    async with held_back(page, "**/customer/note") as posted:
        await button.press("Enter")
        await button.press("Enter")
    await expect(page.locator(".customer-note")).to_have_count(1)
    await expect(page.locator("#customer-note")).to_have_value("")
    assert len(posted) == 1


async def test_a_colleague_is_asked_in_once(windows: Windows, floor: Floor) -> None:
    page = await serving_somebody(windows, floor)
    await floor.console.desk.agents.arrive(Agent(id="agent-lin", name="林静"))
    # Also the dialog itself opens once: the second key would draw it anew over what is typed.
    async with held_back(page, "**/invite", method="GET") as opened:
        await page.keyboard.press("g")
        await page.keyboard.press("g")
    await expect(page.locator("#invite-to")).to_be_focused()
    assert len(opened) == 1
    await page.locator("#invite-reason").fill("她懂发票")
    async with held_back(page, "**/invite") as posted:
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
    await expect(page.locator("#invite")).to_be_hidden()
    await expect(page.locator("#head")).to_contain_text("已邀请 林静")
    assert len(posted) == 1


async def test_a_conversation_is_put_aside_once(windows: Windows, floor: Floor) -> None:
    page = await serving_somebody(windows, floor)
    await page.keyboard.press("z")
    async with held_back(page, "**/snooze") as posted:
        await page.locator("#snooze-words").press("Enter")
        await page.locator("#snooze-words").press("Enter")
    await expect(page.locator("#snooze")).to_be_hidden()
    await expect(page.locator('button[data-action="wake"]')).to_be_visible()
    assert len(posted) == 1


async def test_a_whisper_is_said_once(windows: Windows, floor: Floor) -> None:
    agent = await floor.sit_down(windows)
    mei = Agent(id=await account(floor, "mei"), name="Mei")
    handoff = await held_by(floor, await floor.customer("周先生"), mei)
    page = await supervisor(windows, floor, f"/desk?c={handoff.conversation_id}&view=all")
    await expect(page.locator("#head h2")).to_have_text("周先生")
    await page.keyboard.press("v")
    await page.locator("#supervise textarea").fill("先道歉")
    button = page.locator('form[data-supervise="whisper"] button')
    async with held_back(page, "**/whisper") as posted:
        await button.press("Enter")
        await button.press("Enter")
    await expect(page.locator("#supervise")).to_be_hidden()
    await expect(page.locator(".entry.note")).to_have_count(1)
    await expect(agent.locator("#told .notice")).to_have_count(1)
    assert len(posted) == 1
