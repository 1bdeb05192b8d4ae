"""tests: the customer's chat window as people see it: every moment of a conversation, on a phone, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from bot.contracts import EntryKind, Owner
from handoff.contracts import WaitRange
from kit.contracts import Language
from tests.bot.channels.web.desk import AGENT, WebDesk, stored
from tests.support.axe import need_axe
from tests.support.browser import LOOKS, PHONE, Windows, overflow
from tests.support.chat_window import (
    ANSWER,
    WORDS,
    bubbles,
    greeted,
    looked_at,
    say,
    scan,
    visitor_of,
)
from tests.support.wait import until

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width", "dark"), LOOKS)
async def test_every_moment_of_a_conversation_has_room_for_its_words(
    desk: WebDesk, windows: Windows, language: Language, width: int, *, dark: bool
) -> None:
    windows.tolerate("WebSocket connection to|ERR_INTERNET_DISCONNECTED")
    words, phone = WORDS[language], width == PHONE
    look = f"{language}-{width}-{'dark' if dark else 'light'}"
    page = await windows.open(f"{desk.url}/widget?lang={language}", language=language, width=width, dark=dark)
    token = await greeted(desk, page, language)
    await looked_at(windows, page, f"1-hello-{look}", phone=phone)
    await say(page, words["ask"])
    await expect(page.locator(".thread-typing")).to_be_visible()
    await looked_at(windows, page, f"2-thinking-{look}", phone=phone)
    helped: list[Any] = [{"id": "helped:yes", "label": words["yes"]}, {"id": "helped:no", "label": words["no"]}]
    payload: dict[str, Any] = {"format": "markdown", "source": {"title": words["title"]}, "choices": helped}
    await desk.write(token, ANSWER[language], payload=payload)
    await page.get_by_role("button", name=words["no"]).click()
    await say(page, words["again"])
    choices: list[Any] = [{"id": name, "label": words[name]} for name in "abc"]
    await desk.write(token, words["which"], payload={"choices": choices})
    await expect(page.get_by_role("button", name=words["b"])).to_be_visible()
    await looked_at(windows, page, f"3-choices-{look}", phone=phone)
    desk.queue.ahead, desk.queue.wait = 2, WaitRange(low=timedelta(minutes=12), high=timedelta(minutes=31))
    await desk.own(token, Owner.QUEUE)
    await expect(page.locator("#waiting")).to_be_visible()
    await looked_at(windows, page, f"4-waiting-{look}", phone=phone)
    desk.queue.ahead = None
    await desk.write(token, words["joined"], kind=EntryKind.EVENT, payload={"code": "x", "slots": {}, "public": True})
    await desk.own(token, Owner.AGENT, agent_id=AGENT)
    await desk.write(token, words["agent"], kind=EntryKind.AGENT, author="林静")
    await desk.parts.signals.publish(
        f"conversation:{await desk.conversation_of(token)}", {"typing": True, "who": "agent"}
    )
    await expect(page.locator(".thread-typing")).to_be_visible()
    await looked_at(windows, page, f"5-agent-{look}", phone=phone)
    await page.context.set_offline(offline=True)
    await expect(page.locator("#offline")).to_be_visible()
    await say(page, words["again"])
    await page.locator("textarea").fill(words["ask"] * 70)
    await looked_at(windows, page, f"6-offline-{look}", phone=phone)


async def test_a_scan_finds_no_fault_in_any_state(desk: WebDesk, windows: Windows) -> None:
    need_axe()
    page = await windows.open(f"{desk.url}/widget?lang=zh")
    token = await greeted(desk, page, Language.ZH)
    assert await scan(page) == []
    helped: list[Any] = [{"id": "helped:yes", "label": "有帮助"}, {"id": "helped:no", "label": "没解决"}]
    await desk.write(token, ANSWER[Language.ZH], payload={"format": "markdown", "choices": helped})
    await page.get_by_role("button", name="没解决").click()
    desk.queue.ahead = 1
    await desk.own(token, Owner.QUEUE)
    await expect(page.locator("#waiting")).to_be_visible()
    await desk.write(token, "您好", kind=EntryKind.AGENT, author="林静")
    await expect(bubbles(page)).to_have_count(4)
    assert await scan(page) == []


async def test_a_person_is_one_press_away_and_the_queue_can_be_left(desk: WebDesk, windows: Windows) -> None:
    page = await windows.open(f"{desk.url}/widget?lang=zh")
    token = await greeted(desk, page, Language.ZH)
    await page.get_by_role("button", name="转人工").click()
    await until(lambda: pressed(desk, token, "human"))
    desk.queue.ahead = 2
    await desk.own(token, Owner.QUEUE)
    await expect(page.locator("#place")).to_have_text("前面还有 2 位")
    await expect(page.locator("#person")).to_have_text("排队中")
    desk.queue.ahead = 0
    await desk.parts.signals.publish("desk", {})
    await expect(page.locator("#place")).to_have_text("您是下一位")
    desk.queue.wait = WaitRange(low=timedelta(minutes=2), high=timedelta(minutes=6))
    await desk.parts.signals.publish("desk", {})
    await expect(page.locator("#place")).to_have_text("您是下一位 · 预计 2–6 分钟")
    await page.get_by_role("button", name="约回电").click()
    await until(lambda: pressed(desk, token, "callback"))
    await page.get_by_role("button", name="留言").click()
    await until(lambda: pressed(desk, token, "message"))
    await page.get_by_role("button", name="不等了").click()
    await until(lambda: pressed(desk, token, "leave_queue"))
    await desk.own(token, Owner.BOT)
    await expect(page.locator("#waiting")).to_be_hidden()
    await expect(page.locator("#person")).to_have_text("转人工")


async def pressed(desk: WebDesk, token: str, choice: str) -> bool:
    """Whether the visitor's last line is that button."""
    entries = await desk.parts.store.entries(await desk.conversation_of(token))
    return entries[-1].payload.get("choice") == choice


@pytest.mark.parametrize(("language", "closed"), [(Language.ZH, True), (Language.EN, False), (Language.EN, True)])
async def test_when_nobody_is_on_duty_the_customer_hears_what_happens_next(
    desk: WebDesk, windows: Windows, language: Language, *, closed: bool
) -> None:
    page = await windows.open(f"{desk.url}/widget?lang={language}", language=language, width=PHONE)
    token = await greeted(desk, page, language)
    desk.queue.ahead, desk.queue.on_duty, desk.queue.open_now = 0, 0, not closed
    desk.queue.opens_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
    await desk.own(token, Owner.QUEUE)
    expected = {
        (Language.ZH, True): "现在不是人工服务时间",
        (Language.EN, True): "Our people are off duty",
        (Language.EN, False): "Nobody is online right now",
    }[language, closed]
    await expect(page.locator("#more")).to_contain_text(expected)
    await looked_at(windows, page, f"nobody-{language}-{'closed' if closed else 'open'}", phone=True)


@pytest.mark.parametrize(("zone", "clock"), [("Asia/Shanghai", ""), ("Europe/London", "(GMT+8)")])
async def test_when_the_desk_opens_is_told_by_its_own_clock_and_by_name_abroad(
    desk: WebDesk, windows: Windows, zone: str, clock: str
) -> None:
    page = await windows.open(f"{desk.url}/widget?lang=en", language=Language.EN, zone=zone)
    token = await greeted(desk, page, Language.EN)
    opens_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
    desk.queue.ahead, desk.queue.on_duty, desk.queue.open_now, desk.queue.opens_at = 0, 0, False, opens_at
    await desk.own(token, Owner.QUEUE)
    local = opens_at.astimezone(ZoneInfo("Asia/Shanghai"))
    await expect(page.locator("#more")).to_contain_text(f"{local:%A} {f'{local:%H:%M} {clock}'.strip()}")
    await expect(page.locator("#presence")).to_have_text("We reply when we open")
    await expect(page.locator("#place")).to_have_text("You are first in line")


async def test_somebody_who_reads_further_up_is_not_moved_but_told(desk: WebDesk, windows: Windows) -> None:
    page = await windows.open(f"{desk.url}/widget?lang=zh")
    token = await greeted(desk, page, Language.ZH)
    for number in range(30):
        await desk.write(token, f"第 {number} 行\n" * 3, tell=number == 29)
    await expect(bubbles(page)).to_have_count(31)
    scroller = page.locator(".thread-scroller")
    await scroller.evaluate("(box) => { box.scrollTop = 0 }")
    await desk.write(token, "新的一条")
    await expect(page.locator(".thread-pill")).to_have_text("有 1 条新消息")
    assert await scroller.evaluate("(box) => box.scrollTop") == 0
    await windows.shot(page, "widget-pill")
    await page.locator(".thread-pill").click()
    await expect(page.locator(".thread-pill")).to_be_hidden()
    await expect(bubbles(page).last).to_be_in_viewport()


async def test_the_language_can_be_switched_in_the_middle_and_stays(desk: WebDesk, windows: Windows) -> None:
    page = await windows.open(f"{desk.url}/widget?lang=zh")
    token = await greeted(desk, page, Language.ZH)
    await say(page, "你们几点开门")
    await page.get_by_role("button", name="English").click()
    await expect(page.locator("h1")).to_have_text("Clearhome support")
    await expect(bubbles(page)).to_have_count(2)
    assert await visitor_of(page) == token
    await page.goto(f"{desk.url}/widget?lang=zh")
    await expect(page.locator("h1")).to_have_text("Clearhome support")


async def test_a_text_that_is_too_long_cannot_be_sent_and_says_why(desk: WebDesk, windows: Windows) -> None:
    page = await windows.open(f"{desk.url}/widget?lang=en", language=Language.EN)
    token = await greeted(desk, page, Language.EN)
    await page.locator("textarea").fill("x" * 2001)
    await page.locator("textarea").press("Enter")
    await expect(page.locator(".composer-about")).to_contain_text("2000")
    await page.locator("textarea").fill("x" * 2000)
    await page.locator("textarea").press("Enter")
    await expect(page.locator(".thread-log .own")).to_have_count(1)
    assert await overflow(page) == []
    assert (await stored(desk, token))[1:] == ["x" * 2000]


async def test_enter_while_an_input_method_composes_sends_nothing(desk: WebDesk, windows: Windows) -> None:
    page = await windows.open(f"{desk.url}/widget?lang=zh")
    token = await greeted(desk, page, Language.ZH)
    box = page.locator("textarea")
    await box.focus()
    keyboard = await page.context.new_cdp_session(page)
    await keyboard.send("Input.imeSetComposition", {"text": "tuihuo", "selectionStart": 6, "selectionEnd": 6})
    await box.evaluate(
        "(box) => box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    await keyboard.send("Input.insertText", {"text": "退货"})
    await expect(box).to_have_value("退货")
    assert (await stored(desk, token))[1:] == []
    await box.press("Enter")
    await expect(page.locator(".thread-log .own")).to_have_count(1)
    assert (await stored(desk, token))[1:] == ["退货"]


async def test_the_own_cases_open_in_a_tab_of_their_own(desk: WebDesk, windows: Windows) -> None:
    windows.tolerate("404")  # the desk of these tests has no cases room
    page = await windows.open(f"{desk.url}/widget?lang=en", language=Language.EN)
    token = await greeted(desk, page, Language.EN)
    async with page.context.expect_page() as opened:
        await page.get_by_role("button", name="My cases").click()
    await expect(await opened.value).to_have_url(f"{desk.url}/c/mine/{await desk.conversation_of(token)}")
