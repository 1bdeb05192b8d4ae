"""tests: the console's dialogs and menus and the page of canned replies have room, names and a finger's size."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from handoff.contracts import Agent, Suggestion
from kit.contracts import Language
from staff.contracts import Role
from tests.browser.test_console import Floor, floor, looked_at
from tests.browser.test_staff_pages import sign_in
from tests.support.browser import DESKTOP, PHONE, Windows

pytestmark = pytest.mark.browser
__all__ = ["floor"]


@pytest.mark.parametrize(
    ("language", "width", "dark"), [(Language.ZH, DESKTOP, False), (Language.EN, PHONE, True)], ids=["zh", "en-phone"]
)
async def test_what_an_agent_opens_has_room(
    windows: Windows, floor: Floor, language: Language, width: int, *, dark: bool
) -> None:
    look = f"{language}-{width}-{'dark' if dark else 'light'}"
    desk = floor.console.desk
    for title in ("退款进度", "换货说明"):
        text = "{customer}，您的订单 {order} 正在处理，投诉单 {case}。" * 3
        await desk.canned.save(reply_id=None, title=title, text=text, language=Language.ZH, department="", by="su")
    desk.articles.known["退"] = Suggestion(id="r", title="七天无理由退货怎么办理", text="签收七天内。", confidence=0.91)
    await floor.customer("周先生", "我想退货")
    page = await floor.sit_down(windows, language=language, width=width, dark=dark)
    await page.locator("li[data-conversation] button").first.click()
    await page.locator('button[data-action="claim"]').click()
    await expect(page.locator("#suggestions button")).to_be_visible()
    await page.locator('button[data-action="canned"]').click()
    await expect(page.locator("#canned [role=option]")).to_have_count(2)
    await looked_at(windows, page, f"writing-{look}")
    await page.keyboard.press("Escape")
    await desk.agents.arrive(Agent(id="agent-lin", name="林静"))
    await page.locator('button[data-action="transfer"]').click()
    await expect(page.locator("#transfer-to")).to_be_focused()
    await looked_at(windows, page, f"transfer-{look}")
    await page.keyboard.press("Escape")
    await page.locator('button[data-action="resolve"]').click()
    await expect(page.locator("#resolve")).to_be_visible()
    await looked_at(windows, page, f"resolve-{look}")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await expect(page.locator("#palette [role=option]").first).to_be_visible()
    await looked_at(windows, page, f"palette-{look}")


@pytest.mark.parametrize(
    ("language", "width", "dark"), [(Language.EN, DESKTOP, True), (Language.ZH, PHONE, False)], ids=["en", "zh-phone"]
)
async def test_the_page_of_canned_replies_says_what_is_wrong_and_keeps_what_was_typed(
    windows: Windows, floor: Floor, language: Language, width: int, *, dark: bool
) -> None:
    windows.tolerate("422")
    await floor.console.agent("su", Role.SUPERVISOR, language=language)
    page = await windows.open(language=language, width=width, dark=dark)
    await sign_in(page, floor.address, "su")
    await expect(page).not_to_have_url(re.compile("/sign-in"))
    await page.goto(f"{floor.address}/team/replies")
    await page.locator("#reply-new summary").click()
    await page.locator("#title-new").fill("查单")
    await page.locator("#text-new").fill("{who} 您好")
    await page.locator("#reply-new button.primary").click()
    await expect(page.locator("#reply-new [role=alert]")).to_contain_text("who")
    await expect(page.locator("#text-new")).to_have_value("{who} 您好")
    await looked_at(windows, page, f"replies-{language}-{width}-{'dark' if dark else 'light'}")
    await page.locator("#text-new").fill("{customer} 您好")
    await page.locator("#reply-new button.primary").click()
    await expect(page.locator("details.member[open] [role=status]")).to_be_visible()
