"""tests: what helps an agent to write: canned replies."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, expect

from handoff.contracts import Deliveries, KnownArticle, Suggestion
from kit.contracts import Language
from kit.ids import now
from kit.sql import Database
from kit.texts import Texts
from tests.browser.test_console import Floor, floor
from tests.browser.test_staff_pages import sign_in
from tests.support.browser import Windows
from tests.support.clock import MovableClock
from tests.support.console import ALWAYS_OPEN, build_console
from tests.support.serving import serving

pytestmark = pytest.mark.browser
__all__ = ["floor"]
SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The desk's own clock."""


@pytest.fixture
async def patient_floor(sqlite_database: Database, texts: Texts) -> AsyncIterator[Floor]:
    """A console that keeps replies for longer than a test takes: only what a person does makes them leave."""
    console = await build_console(
        sqlite_database, texts, MovableClock(now()), undo_seconds=300, desk_settings=ALWAYS_OPEN
    )
    async with console.live, serving(console.app) as address:
        yield Floor(console=console, address=address)


async def test_a_canned_reply_is_found_by_initials_and_put_in_without_the_mouse(windows: Windows, floor: Floor) -> None:
    canned = floor.console.desk.canned
    for title, text in (("退款进度", "{customer}您好，投诉单{case}的退款已到账。"), ("换货说明", "您好，可以换货。")):
        await canned.save(reply_id=None, title=title, text=text, language=Language.ZH, department="", by="su")
    handoff = await floor.customer("周先生")
    page = await floor.sit_down(windows)
    box = await floor.take_next(page)
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


async def test_a_canned_reply_with_something_unknown_in_it_is_not_sent(windows: Windows, floor: Floor) -> None:
    canned, text = floor.console.desk.canned, "{customer}您好，退款已到账。"
    await canned.save(reply_id=None, title="退款进度", text=text, language=Language.ZH, department="", by="su")
    handoff = await floor.customer("")
    page = await floor.sit_down(windows)
    box = await floor.take_next(page)
    await page.keyboard.press("/")
    await expect(page.locator("#canned [role=option]")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(box).to_have_value(re.compile(r"^\[.+\]您好，退款已到账。$"))
    await page.keyboard.press("Enter")
    await expect(page.locator(".toast")).to_contain_text("[")
    await expect(box).to_have_value(re.compile(r"\["))
    await page.keyboard.type("周先生")
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry.agent .bubble")).to_have_count(1)
    assert await floor.texts(handoff, "agent") == ["周先生您好，退款已到账。"]


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


async def test_a_suggestion_goes_with_the_answer_and_comes_with_the_next_question(
    windows: Windows, patient_floor: Floor
) -> None:
    floor = patient_floor
    floor.console.desk.articles.known["退"] = Suggestion(
        id="returns", title="七天无理由退货", text="签收七天内可以退货。", confidence=0.91
    )
    handoff = await floor.customer("周先生", "我想退货，几天内可以")
    floor.console.desk.clock.forward(minutes=1)  # the customers write by the wall's clock
    page = await floor.sit_down(windows)
    await floor.take_next(page)
    shown = page.locator("#suggestions")
    await expect(shown).to_contain_text("七天无理由退货")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(shown).to_be_hidden()
    await windows.shot(page, "console-suggestion-answered")
    await page.keyboard.press("Escape")
    await page.keyboard.press("u")
    await expect(shown).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(shown).to_be_hidden()
    await floor.says(handoff, "谢谢")
    await expect(page.locator(".entry.customer")).to_have_count(2)
    await page.keyboard.press("Escape")
    await page.keyboard.press("g")  # what comes next lets the reply leave
    await expect(page.locator(".entry.pending")).to_have_count(0)
    await expect(page.locator("#invite")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(shown).to_be_hidden()
    await floor.says(handoff, "退货运费谁出")
    await expect(shown).to_contain_text("退货运费谁出")


async def test_a_reply_can_be_taken_back_until_it_leaves_and_nothing_overtakes_it(
    windows: Windows, patient_floor: Floor
) -> None:
    floor = patient_floor
    handoff = await floor.customer("周先生")
    page = await floor.sit_down(windows)
    box = await floor.take_next(page)
    await page.keyboard.type("发错的话")
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry.pending")).to_contain_text("撤回")
    await windows.shot(page, "console-undo")
    await page.keyboard.press("Escape")
    await page.keyboard.press("u")
    await expect(box).to_have_value("发错的话")
    await expect(page.locator(".entry.pending")).to_have_count(0)
    await box.fill("改好的话")
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry.pending")).to_contain_text("改好的话")
    await page.keyboard.press("Escape")
    await page.keyboard.press("e")
    await expect(page.locator("#resolve")).to_be_visible()
    await expect(page.locator(".entry.agent .bubble")).to_contain_text("改好的话")
    assert await floor.texts(handoff, "agent") == ["改好的话"]


async def test_what_was_not_taken_back_leaves_when_the_page_is_closed(windows: Windows, patient_floor: Floor) -> None:
    floor = patient_floor
    handoff = await floor.customer("周先生")
    page = await floor.sit_down(windows)
    await floor.take_next(page)
    await page.keyboard.type("马上为您办理")
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry.pending")).to_contain_text("撤回")
    await page.reload()
    await expect(page.locator(".entry.agent .bubble")).to_contain_text("马上为您办理")
    assert await floor.texts(handoff, "agent") == ["马上为您办理"]


async def test_articles_are_looked_up_put_in_and_flagged_by_keyboard(windows: Windows, floor: Floor) -> None:
    asked = KnownArticle(
        id="returns",
        title="七天无理由退货",
        language=Language.ZH,
        answer="签收**七天**内可以退货。",
        text="签收七天内可以退货。",
        confidence=0.91,
        staff_only=False,
    )
    inside = replace(asked, id="inside", title="退货例外（内部）", text="主管可以放宽到十四天。", staff_only=True)
    floor.console.desk.articles.library |= {"退": asked, "货": inside}
    await floor.customer("周先生")
    page = await floor.sit_down(windows)
    box = await floor.take_next(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press("f")
    await expect(page.locator("#articles input")).to_be_focused()
    await page.keyboard.type("退货")
    await expect(page.locator("#articles [role=option]")).to_have_count(2)
    await expect(page.locator("#articles-preview strong")).to_have_text("七天")
    await windows.shot(page, "console-articles")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("#articles [data-about]")).to_contain_text("只能放进备注")
    await page.keyboard.press("Enter")  # for staff only: it stays where it is
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(page.locator("#articles")).to_be_hidden()
    await expect(box).to_have_value(asked.text)
    await page.keyboard.press("Escape")
    await page.keyboard.press("f")
    await expect(page.locator("#articles [role=option]")).to_have_count(2)
    await page.locator("#articles [data-flag=open]").press("Enter")
    await expect(page.locator("#articles-words")).to_be_focused()
    await page.keyboard.type("现在是十四天")
    await windows.shot(page, "console-articles-flag")
    await page.locator("#articles-flag .primary").press("Enter")
    await expect(page.locator("#articles-flag")).to_be_hidden()
    [(article, *_, words)] = floor.console.desk.articles.flagged
    assert (article, words) == ("returns", "现在是十四天")


async def test_a_reply_says_how_far_it_has_come_and_a_failed_one_goes_again_with_one_press(
    windows: Windows, floor: Floor
) -> None:
    handoff = await floor.customer("周先生")
    page = await floor.sit_down(windows)
    await floor.take_next(page)
    await page.keyboard.type("马上为您查")
    await page.keyboard.press("Enter")
    status = page.locator(".entry.agent .entry-status")
    await expect(status).to_have_text("已保存")
    [seq] = [
        line.seq for line in await floor.console.desk.agents.lines(handoff.conversation_id) if line.kind == "agent"
    ]

    async def told(found: Deliveries) -> None:
        floor.console.desk.deliveries.now = found
        await floor.console.desk.signals.publish(f"conversation:{handoff.conversation_id}", {"receipt": True})

    await told(Deliveries(pushed=True, failed=(seq,)))
    await expect(status).to_have_text("未送达")
    await windows.shot(page, "console-undelivered")
    await page.locator(".entry-again").press("Enter")
    await expect(status).to_have_text("发送中")
    await told(Deliveries(pushed=True))
    await expect(status).to_have_text("已发出")
    await told(Deliveries(pushed=False, delivered=seq))
    await expect(status).to_have_text("已送达")
    await told(Deliveries(pushed=False, delivered=seq, read=seq))
    await expect(status).to_have_text("已读")


async def test_a_colleague_is_named_in_a_note_told_and_led_to_the_conversation(windows: Windows, floor: Floor) -> None:
    await floor.console.agent("lin")
    await floor.customer("周先生")
    page = await floor.sit_down(windows)
    await page.keyboard.press("j")
    await expect(page.locator("#thread .entry")).to_have_count(1)
    await page.keyboard.press("n")
    box = page.locator("#composer textarea")
    await expect(box).to_be_focused()
    await page.keyboard.type("这批次请@li")
    await expect(page.locator("#colleagues [role=option]")).to_have_text(["Lin"])
    await windows.shot(page, "console-mention")
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("这批次请@Lin ")
    await page.keyboard.type("看一下")
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry.note:not(.pending)")).to_contain_text("@Lin 看一下")
    other = await windows.open()
    await sign_in(other, floor.address, "lin")
    await other.wait_for_url(lambda url: "/sign-in" not in url)
    await other.goto(f"{floor.address}/desk")
    await expect(other.locator(".notice")).to_contain_text("@Lin 看一下")
    await windows.shot(other, "console-mentioned")
    await other.locator(".notice [data-open]").press("Enter")
    await expect(other.locator("#thread .entry.note")).to_contain_text("@Lin 看一下")


async def test_a_conversation_is_put_aside_and_comes_back_with_the_customers_word(
    windows: Windows, floor: Floor
) -> None:
    first = await floor.customer("周先生")
    other = await floor.customer("吴女士")
    page = await floor.sit_down(windows)
    [mei] = [load.agent for load in await floor.console.desk.agents.on_duty()]
    for handoff in (first, other):
        await floor.console.desk.agents.claim(handoff.id, mei)
    clock = floor.console.desk.clock
    clock.forward(minutes=1)  # the customers wrote by the wall's clock
    await page.goto(f"{floor.address}/desk?c={first.conversation_id}")
    rows = page.locator("#list li[data-conversation]")
    await expect(rows).to_have_count(2)
    await expect(page.locator("#head h2")).to_have_text("周先生")
    await expect(page.locator('button[data-action="snooze"]')).to_be_visible()
    await page.locator('button[data-action="snooze"]').press("Enter")
    await expect(page.locator("#snooze-for")).to_be_focused()
    await page.locator("#snooze-words").fill("问仓库")
    await windows.shot(page, "console-snooze")
    await page.locator("#snooze-words").press("Enter")
    await expect(page.locator('button[data-action="wake"]')).to_be_visible()
    await expect(rows.last.locator(".row.aside")).to_contain_text("周先生")
    await windows.shot(page, "console-aside")
    where, later = first.conversation_id, clock() + timedelta(minutes=1)
    seq = await floor.console.desk.conversations.customer_says(where, "在吗", key="again", at=later)
    await floor.console.desk.signals.publish(f"conversation:{where}", {"seq": seq})
    await expect(page.locator(".row.aside")).to_have_count(0)


@pytest.mark.parametrize("language", list(Language))
async def test_it_is_put_aside_by_the_desks_clock_wherever_the_agent_is(
    windows: Windows, floor: Floor, language: Language
) -> None:
    handoff = await floor.customer("周先生")
    page = await floor.sit_down(windows, language=language, zone="America/New_York")
    [mei] = [load.agent for load in await floor.console.desk.agents.on_duty()]
    await floor.console.desk.agents.claim(handoff.id, mei)
    await page.goto(f"{floor.address}/desk?c={handoff.conversation_id}")
    begun = now()

    await put_aside(page, "tomorrow")
    await expect(page.locator(".toast").last).to_contain_text("9:00")
    [tomorrow] = (await floor.console.desk.snoozing.of(mei)).values()
    assert tomorrow.until in {nine_on_the_day_after(begun), nine_on_the_day_after(now())}  # midnight may have passed

    await page.locator('button[data-action="wake"]').press("Enter")
    afternoon = (nine_on_the_day_after(begun) + timedelta(days=1)).replace(hour=14, minute=30)
    await put_aside(page, "moment", at=f"{afternoon:%Y-%m-%dT%H:%M}")
    [later] = (await floor.console.desk.snoozing.of(mei)).values()
    assert later.until == afternoon


def nine_on_the_day_after(moment: datetime) -> datetime:
    """Nine in the morning of the desk's next day."""
    return datetime.combine(moment.astimezone(SHANGHAI).date() + timedelta(days=1), time(9), SHANGHAI)


async def put_aside(page: Page, choice: str, *, at: str = "") -> None:
    """Put the open conversation aside, by keyboard."""
    await page.locator('button[data-action="snooze"]').press("Enter")
    await page.locator("#snooze-for").select_option(choice)
    if at:
        await page.locator("#snooze-at").fill(at)
    await page.locator("#snooze-words").press("Enter")
    await expect(page.locator('button[data-action="wake"]')).to_be_visible()
