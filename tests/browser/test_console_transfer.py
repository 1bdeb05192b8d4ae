"""tests: giving a conversation on, from the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from handoff.contracts import Agent
from tests.browser.test_console import Floor, floor
from tests.support.browser import Windows

pytestmark = pytest.mark.browser
__all__ = ["floor"]


async def test_a_conversation_is_given_to_a_colleague_with_a_reason_and_both_see_it(
    windows: Windows, floor: Floor
) -> None:
    windows.tolerate("422")
    handoff = await floor.customer("周先生")
    lin = Agent(id="agent-lin", name="林静")
    page = await floor.sit_down(windows)
    await floor.take_next(page)
    await page.keyboard.press("Escape")
    await floor.console.desk.agents.arrive(lin)
    await page.keyboard.press("t")
    await expect(page.locator("#transfer-to")).to_be_focused()
    await expect(page.locator("#transfer-to")).to_have_value("agent:agent-lin")
    await windows.shot(page, "console-transfer")
    await page.locator("#transfer-reason").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#transfer [role=alert]")).to_contain_text("请简单写明原因")
    await page.keyboard.type("她懂发票")
    await page.keyboard.press("Enter")
    await expect(page.locator("#transfer")).to_be_hidden()
    await expect(page.locator(".toast")).to_contain_text("已转交：林静")
    await expect(page.locator("#head")).to_contain_text("林静")
    assert [one.id for one in await floor.console.desk.agents.mine(lin)] == [handoff.id]


async def test_a_colleague_asked_in_joins_from_the_keyboard_helps_and_leaves(windows: Windows, floor: Floor) -> None:
    handoff = await floor.customer("周先生", "发票怎么开")
    lin = await floor.sit_down(windows, name="lin")
    page = await floor.sit_down(windows)
    await floor.take_next(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press("g")
    await expect(page.locator("#invite-to")).to_be_focused()
    await page.locator("#invite-reason").focus()
    await page.keyboard.type("她懂发票")
    await windows.shot(page, "console-invite")
    await page.keyboard.press("Enter")
    await expect(page.locator("#invite")).to_be_hidden()
    await expect(page.locator("#head")).to_contain_text("已邀请 Lin")

    await expect(lin.locator("#told")).to_contain_text("Mei 邀请您加入与周先生的会话")
    await lin.locator("#told button[data-open]").press("Enter")
    await expect(lin.locator("#head")).to_contain_text("Mei 邀请")
    await expect(lin.locator("#composer textarea")).to_be_disabled()
    await windows.shot(lin, "console-invited")
    await lin.keyboard.press("a")
    await expect(lin.locator("#composer textarea")).to_be_focused()
    await lin.keyboard.type("发票我来开")
    await lin.keyboard.press("Enter")
    await expect(page.locator("#thread")).to_contain_text("发票我来开")
    await expect(page.locator("#head")).to_contain_text("Lin 已加入")
    assert await floor.texts(handoff, "agent") == ["发票我来开"]

    await lin.keyboard.press("Escape")
    await lin.keyboard.press("l")
    await expect(lin.locator("#composer textarea")).to_be_disabled()
    await expect(page.locator("#head")).not_to_contain_text("Lin 已加入")
    await expect(page.locator("#composer textarea")).to_be_enabled()
