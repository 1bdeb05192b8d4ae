"""tests: what helps an agent to write: canned replies."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from handoff.contracts import Suggestion
from kit.contracts import Language
from tests.browser.test_console import Floor, floor
from tests.support.browser import Windows

pytestmark = pytest.mark.browser
__all__ = ["floor"]


async def test_a_canned_reply_is_found_by_initials_and_put_in_without_the_mouse(windows: Windows, floor: Floor) -> None:
    canned = floor.console.desk.canned
    for title, text in (("退款进度", "{customer}您好，投诉单{case}的退款已到账。"), ("换货说明", "您好，可以换货。")):
        await canned.save(reply_id=None, title=title, text=text, language=Language.ZH, department="", by="su")
    handoff = await floor.customer("周先生")
    page = await floor.sit_down(windows)
    await page.keyboard.press("j")
    await page.keyboard.press("c")
    box = page.locator("#composer textarea")
    await expect(box).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await expect(page.locator("#canned [role=option]")).to_have_count(2)
    await windows.shot(page, "console-canned")
    await page.keyboard.type("hh")
    await expect(page.locator("#canned [role=option]")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("您好，可以换货。")
    await expect(page.locator("#canned")).to_be_hidden()
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry.agent .bubble")).to_contain_text("您好，可以换货。")
    assert await floor.texts(handoff, "agent") == ["您好，可以换货。"]


async def test_one_key_puts_the_suggested_answer_in_and_never_over_what_is_written(
    windows: Windows, floor: Floor
) -> None:
    answer = Suggestion(id="returns", title="七天无理由退货", text="签收七天内可以退货。", confidence=0.91)
    floor.console.desk.articles.known["退"] = answer
    handoff = await floor.customer("周先生", "我想退货，几天内可以")
    page = await floor.sit_down(windows)
    await page.keyboard.press("j")
    await expect(page.locator("#suggestions")).to_be_hidden()
    await page.keyboard.press("c")
    box = page.locator("#composer textarea")
    await expect(box).to_be_focused()
    await expect(page.locator("#suggestions button")).to_contain_text("七天无理由退货")
    await windows.shot(page, "console-suggestion")
    await page.keyboard.press("ArrowUp")
    await expect(box).to_have_value(answer.text)
    await page.keyboard.press("ArrowUp")
    await expect(box).to_have_value(answer.text)
    floor.console.desk.articles.known.clear()
    await floor.says(handoff, "发票怎么开")
    await expect(page.locator("#suggestions")).to_be_hidden()
    await expect(box).to_have_value(answer.text)
