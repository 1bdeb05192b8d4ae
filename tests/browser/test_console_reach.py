"""tests: the palette, and being told of news while one looks elsewhere."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from playwright.async_api import Route, expect

from kit.contracts import Language
from kit.sql import Database
from kit.texts import Texts
from tests.browser.test_console import Floor, floor
from tests.support.browser import Windows
from tests.support.clock import MovableClock
from tests.support.console import ALWAYS_OPEN, build_console
from tests.support.serving import serving

pytestmark = pytest.mark.browser
__all__ = ["floor"]

ELSEWHERE = """
  window.told = [];
  window.Notification = class extends EventTarget {
    static permission = "default";
    static async requestPermission() { return (this.permission = "granted"); }
    constructor(title, options) { super(); window.told.push(options.body); }
  };
  document.hasFocus = () => false;
"""
"""A desktop that writes down its notifications, seen from another window."""


async def test_the_palette_finds_customers_and_actions_by_a_part_of_their_name(windows: Windows, floor: Floor) -> None:
    await floor.customer("周先生", "退货")
    await floor.customer("Kim", "发票")
    page = await floor.sit_down(windows)
    await expect(page.locator("li[data-conversation]")).to_have_count(2)
    await page.keyboard.press("Control+k")
    await expect(page.locator("#palette input")).to_be_focused()
    await windows.shot(page, "console-palette")
    await page.keyboard.type("kim")
    await expect(page.locator("#palette [role=option]")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.locator("#head h2")).to_have_text("Kim")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("接入")
    await expect(page.locator("#palette [aria-selected=true]")).to_contain_text("接入")
    await page.keyboard.press("Enter")
    await expect(page.locator('button[data-action="resolve"]')).to_be_visible()


async def test_news_reach_the_desktop_only_after_consent_and_without_the_customers_words(
    windows: Windows, floor: Floor
) -> None:
    handoff = await floor.customer("周先生", "转人工")
    page = await floor.sit_down(windows)
    await page.add_init_script(ELSEWHERE)
    await page.reload()
    await expect(page.locator("#connection.ok")).to_be_attached()
    await page.keyboard.press("j")
    await page.keyboard.press("c")
    owed = page.locator("li[data-mine] .row.owed")
    await expect(owed).to_have_count(1)
    await expect(page.locator("#composer textarea")).to_be_focused()  # the list is drawn before
    await page.keyboard.type("您好")
    await page.keyboard.press("Enter")
    await expect(owed).to_have_count(0)
    await floor.says(handoff, "我的密码是 123")
    await expect(owed).to_have_count(1)
    assert await page.evaluate("window.told") == []
    await page.locator("#duty-count").click()
    await page.locator("input[data-notice=desktop]").check()
    await windows.shot(page, "console-notices")
    await page.locator("#composer textarea").fill("好的")
    await page.keyboard.press("Enter")
    await expect(owed).to_have_count(0)
    await floor.says(handoff, "谢谢")
    await expect(owed).to_have_count(1)
    assert await page.evaluate("window.told") == ["周先生 在等您回复"]


async def test_a_tag_is_put_on_and_taken_off_from_the_keyboard_and_stands_in_the_list(
    windows: Windows, floor: Floor
) -> None:
    handoff = await floor.customer("周先生")
    page = await floor.sit_down(windows)
    await page.keyboard.press("j")
    await expect(page.locator("#head h2")).to_have_text("周先生")
    await page.keyboard.press("#")
    await expect(page.locator("input[name=tag]")).to_be_focused()
    await page.keyboard.type("#退款")
    await page.keyboard.press("Enter")
    row = page.locator(f'li[data-conversation="{handoff.conversation_id}"]')
    await expect(row).to_contain_text("#退款")
    await expect(page.locator("#context")).to_contain_text("#退款")
    await windows.shot(page, "console-tag")
    await page.locator("button[data-untag]").press("Enter")
    await expect(row).not_to_contain_text("#退款")
    assert await floor.console.desk.tagging.of([handoff.conversation_id]) == {}


MUTATED = """() => {
  window.touched = new Set();
  const note = (list) => list.forEach(({ target }) => {
    if (target.nodeName === "TIME" || target.parentElement?.nodeName === "TIME") return; // the clocks go on
    const row = target.parentElement?.closest("li[data-conversation]") ?? target;
    window.touched.add(row.dataset?.conversation ?? row.nodeName);
  });
  new MutationObserver(note).observe(document.getElementById("list"), {
    childList: true, subtree: true, attributes: true, characterData: true,
  });
}"""


async def test_a_customers_word_touches_no_row_but_its_own(windows: Windows, floor: Floor) -> None:
    talk = [await floor.customer(f"客户 {number}") for number in range(5)][-1]
    page = await floor.sit_down(windows)
    await expect(page.locator("li[data-conversation]")).to_have_count(5)
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    row = page.locator("li[data-conversation] button").nth(1)
    await expect(row).to_have_attribute("aria-current", "true")
    await expect(row).to_be_focused()
    await expect(page.locator("#head h2")).to_have_text("客户 1")
    await page.evaluate(MUTATED)
    await floor.says(talk, "还在吗")
    await expect(page.locator(f'li[data-conversation="{talk.conversation_id}"]')).to_contain_text("还在吗")
    assert await page.evaluate("[...window.touched]") == [talk.conversation_id]
    await expect(row).to_be_focused()


TOP = "item => Math.round(item.getBoundingClientRect().top)"


async def test_a_very_long_conversation_opens_at_its_end_and_all_of_it_comes_without_moving_what_is_read(
    windows: Windows, floor: Floor
) -> None:
    talk = await floor.customer("王芳")
    for number in range(400):
        await floor.console.desk.conversations.customer_says(
            talk.conversation_id, f"第 {number} 句", key=f"long-{number}", at=floor.console.desk.clock()
        )
    page = await floor.sit_down(windows)
    held = page.locator(".bubble", has_text="第 350 句")
    # The parts are let through one by one, so that there is time to read in between.
    may_come = asyncio.Event()

    async def later(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    await page.route("**/lines?before=*", later)
    await page.keyboard.press("j")
    await expect(page.locator(".bubble", has_text="第 399 句")).to_be_in_viewport()
    await expect(page.locator(".thread-log .entry.customer")).to_have_count(60)
    await held.evaluate("item => item.scrollIntoView({block: 'center'})")
    where = await held.evaluate(TOP)
    may_come.set()
    await expect(page.locator(".thread-log .entry.customer")).to_have_count(401)
    assert await held.evaluate(TOP) == where
    await page.locator(".thread-scroller").focus()
    await page.keyboard.press("Home")
    await expect(page.locator(".bubble", has_text="第 0 句")).to_be_in_viewport()
    days = await page.locator(".entry-day").all_text_contents()
    assert len(days) == len(set(days)), "a day is named where it begins"


async def test_words_one_has_not_seen_are_marked_until_one_looks(windows: Windows, floor: Floor) -> None:
    first, second = [await floor.customer(name) for name in ("王芳", "李雷")]
    page = await floor.sit_down(windows)
    for name in ("王芳", "李雷"):
        await page.keyboard.press("2")
        await page.locator("li[data-conversation]", has_text=name).locator("button").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#head h2")).to_have_text(name)
        await page.keyboard.press("c")
        await expect(page.locator("#composer textarea")).to_be_focused()
        await page.keyboard.press("Escape")
    await page.keyboard.press("1")
    await expect(page.locator("li[data-mine]")).to_have_count(2)
    open_row, other_row = [page.locator(f'li[data-conversation="{one.conversation_id}"]') for one in (second, first)]
    await expect(open_row.locator("button")).to_have_attribute("aria-current", "true")
    await floor.says(first, "还在吗")
    await expect(other_row).to_contain_text("未读")
    await floor.says(second, "我也在等")
    await expect(open_row).to_contain_text("我也在等")
    await expect(open_row.locator(".unread-mark")).to_be_hidden()
    await other_row.locator("button").focus()
    await page.keyboard.press("Enter")
    await expect(other_row.locator(".unread-mark")).to_be_hidden()


class Interpreter:
    """Fits `handoff.ports.Translates`."""

    async def translate(self, text: str, to: Language) -> str:
        return f"[{to.value}] {text}"


async def test_customers_words_are_translated_on_request(
    windows: Windows, sqlite_database: Database, texts: Texts
) -> None:
    console = await build_console(
        sqlite_database, texts, MovableClock(datetime.now(UTC)), desk_settings=ALWAYS_OPEN, translator=Interpreter()
    )
    async with console.live, serving(console.app) as address:
        floor = Floor(console=console, address=address)
        await floor.customer("王芳", "发票开错了")
        page = await floor.sit_down(windows, language=Language.EN)
        await page.keyboard.press("j")
        words = page.locator(".entry.customer", has_text="发票开错了")
        await words.get_by_role("button", name="Translate").press("Enter")
        await expect(words.locator(".entry-translation")).to_have_text("[en] 发票开错了")


async def test_without_a_translator_there_is_no_button_for_it(windows: Windows, floor: Floor) -> None:
    await floor.customer("王芳", "发票开错了")
    page = await floor.sit_down(windows, language=Language.EN)
    await page.keyboard.press("j")
    words = page.locator(".entry.customer", has_text="发票开错了")
    await expect(words).to_be_visible()
    await expect(words.get_by_role("button", name="Translate")).to_have_count(0)
