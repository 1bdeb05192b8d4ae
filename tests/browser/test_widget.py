"""tests: the customer's chat window as people see it: on a shop's page, alone, on a phone, in both languages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Frame, Locator, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bot.contracts import EntryKind, Owner
from handoff.contracts import WaitRange
from kit.contracts import Language
from kit.sql import Database
from kit.texts import Texts
from tests.bot.channels.web.desk import AGENT, WebDesk, stored
from tests.bot.support.desk import Parts
from tests.support.axe import AXE, faults_of, need_axe
from tests.support.browser import DESKTOP, PHONE, Windows, overflow, small_targets, unnamed
from tests.support.serving import serving
from tests.support.wait import until

pytestmark = pytest.mark.browser

LOOKS = [
    (Language.ZH, DESKTOP, False),
    (Language.EN, DESKTOP, True),
    (Language.EN, PHONE, False),
    (Language.ZH, PHONE, True),
]
ANSWER = {
    Language.ZH: "先别急，多数是没放平。请这样试：\n\n1. 关电源，轻推四角看是否晃动；\n"
    "2. 调节底脚至不晃；\n3. 衣物摊匀后**单独脱水**一次。",
    Language.EN: "Mostly it does not stand level. Please try this:\n\n1. Switch it off and push each corner;\n"
    "2. turn the feet until nothing rocks;\n3. spread the laundry and **spin once more**.",
}
WORDS: dict[Language, dict[str, str]] = {
    Language.ZH: {
        "hello": "您好，这里是澄家电器在线客服，我是智能助手。\n订单、配送、退换货、安装维修、发票，都可以直接问我。",
        "ask": "洗衣机脱水响得厉害咋办",
        "again": "没解决，才买三天，能换不",
        "which": "您想了解的是下面哪一个？",
        "a": "7 天内换一台新的",
        "b": "先上门检修（免费）",
        "c": "都不是",
        "yes": "有帮助",
        "no": "没解决",
        "title": "洗衣机脱水异响怎么办",
        "joined": "林静已接入，为您服务。",
        "agent": "您好，我是林静。看到您说洗衣机脱水异响，我来帮您安排换新。",
    },
    Language.EN: {
        "hello": "Hello, this is Clearhome support. I am an assistant.\nAsk me about orders, delivery, returns.",
        "ask": "my washer is terribly loud when it spins",
        "again": "didn't help, I bought it three days ago, can I swap it",
        "which": "Which of these do you mean?",
        "a": "Exchange within 7 days",
        "b": "A technician's visit (free)",
        "c": "None of these",
        "yes": "It helped",
        "no": "Not solved",
        "title": "What to do when a washing machine is loud",
        "joined": "Lin Jing has joined the conversation.",
        "agent": "Hello, I am Lin Jing. I see your washer is loud; let me arrange the exchange for you.",
    },
}


@pytest.fixture
async def desk(sqlite_database: Database, texts: Texts) -> AsyncIterator[WebDesk]:
    """The website's channel, with nobody who answers but the test."""
    async with WebDesk(parts=Parts(database=sqlite_database, texts=texts)).running() as desk:
        yield desk


async def window_of(page: Page) -> Frame:
    """The widget inside a shop's page, connected."""
    await until(lambda: len(page.frames) > 1)
    window = page.frames[1]
    await expect(window.locator("#presence")).to_have_attribute("data-look", "bot")
    return window


async def visitor_of(page: Page | Frame) -> str:
    """The token this window talks under."""
    token: str = await page.evaluate("localStorage.getItem('desk:visitor')")
    return token


async def greeted(desk: WebDesk, page: Page, language: Language) -> str:
    """Wait for the conversation, greet the customer; returns the token."""
    await expect(page.locator("main.loading")).to_have_count(0)
    token = await visitor_of(page)
    await desk.write(token, WORDS[language]["hello"])
    await expect(bubbles(page)).to_have_count(1)
    return token


def bubbles(page: Page | Frame) -> Locator:
    return page.locator(".bubble")


async def say(page: Page | Frame, text: str) -> None:
    box = page.locator("textarea")
    await box.fill(text)
    await box.press("Enter")


async def looked_at(windows: Windows, page: Page, name: str, *, phone: bool) -> None:
    """Everything has room and a name, and on a phone a finger's size."""
    await windows.shot(page, f"widget-{name}")
    assert await overflow(page) == []
    assert await unnamed(page) == []
    if phone:
        assert await small_targets(page) == []


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


@pytest.mark.parametrize(("language", "width", "dark"), LOOKS)
async def test_the_shop_shows_the_widget(
    desk: WebDesk, windows: Windows, language: Language, width: int, *, dark: bool
) -> None:
    look = f"{language}-{width}-{'dark' if dark else 'light'}"
    page = await windows.open(desk.url, language=language, width=width, dark=dark)
    await looked_at(windows, page, f"shop-{look}", phone=width == PHONE)
    await page.locator("[data-desk-open]").first.click()
    window = await window_of(page)
    await desk.write(await visitor_of(window), WORDS[language]["hello"])
    await expect(bubbles(window)).to_have_count(1)
    await windows.shot(page, f"widget-shop-open-{look}")
    faults = await scan(page)
    assert faults == []


async def scan(page: Page) -> list[str]:
    """What an automatic scan finds wrong, in the page and in the widget on it."""
    if not AXE.exists():
        return []
    return [fault for frame in page.frames for fault in await faults_of(frame)]


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


async def test_after_a_reload_everything_stands_as_before_and_nothing_twice(desk: WebDesk, windows: Windows) -> None:
    page = await windows.open(f"{desk.url}/widget?lang=zh")
    token = await greeted(desk, page, Language.ZH)
    await say(page, "洗衣机脱水响得厉害咋办")
    choices: list[Any] = [{"id": "article:1", "label": "换一台新的"}, {"id": "human", "label": "找人工"}]
    await desk.write(token, "您要办的是：", payload={"choices": choices})
    await page.get_by_role("button", name="换一台新的").click()
    await expect(bubbles(page)).to_have_count(4)
    await page.locator("textarea").fill("还没写完的话")
    before = await bubbles(page).all_inner_texts()
    await page.reload()
    await expect(bubbles(page)).to_have_count(4)
    assert await bubbles(page).all_inner_texts() == before
    pressed = page.get_by_role("button", name="换一台新的")
    await expect(pressed).to_have_attribute("aria-pressed", "true")
    await expect(pressed).to_have_attribute("aria-disabled", "true")
    await expect(page.locator("textarea")).to_have_value("还没写完的话")
    await expect(page.locator("#hint")).to_be_hidden()
    assert await stored(desk, token) == [
        WORDS[Language.ZH]["hello"],
        "洗衣机脱水响得厉害咋办",
        "您要办的是：",
        "换一台新的",
    ]


async def test_what_is_written_offline_goes_out_once_even_over_a_reload(desk: WebDesk, windows: Windows) -> None:
    windows.tolerate("WebSocket connection to|ERR_INTERNET_DISCONNECTED")
    page = await windows.open(f"{desk.url}/widget?lang=en", language=Language.EN)
    token = await greeted(desk, page, Language.EN)
    await page.context.set_offline(offline=True)
    await expect(page.locator("#offline")).to_be_visible()
    for text in ("one", "two"):
        await say(page, text)
    await expect(page.locator(".thread-pending .entry")).to_have_count(2)
    await desk.write(token, "while you were away")
    await page.context.set_offline(offline=False)
    await page.reload()
    await expect(page.locator("#offline")).to_be_hidden()
    await expect(page.locator(".thread-pending .entry")).to_have_count(0)
    await expect(bubbles(page)).to_have_count(4)
    assert await stored(desk, token) == [WORDS[Language.EN]["hello"], "while you were away", "one", "two"]
    assert await page.evaluate("localStorage.getItem('desk:widget:waiting')") is None


async def test_a_cut_in_the_middle_of_sending_neither_loses_nor_doubles(desk: WebDesk, windows: Windows) -> None:
    windows.tolerate("WebSocket connection to|ERR_INTERNET_DISCONNECTED")
    page = await windows.open(f"{desk.url}/widget?lang=zh")
    token = await greeted(desk, page, Language.ZH)
    texts = [f"第 {number} 条" for number in range(12)]
    for number, text in enumerate(texts):
        await say(page, text)
        if number % 3 == 1:
            await page.context.set_offline(offline=True)
            await page.context.set_offline(offline=False)
    await expect(page.locator(".thread-pending .entry")).to_have_count(0)
    await expect(page.locator(".thread-log .own")).to_have_count(12)
    assert sorted((await stored(desk, token))[1:]) == sorted(texts)
    shown = await page.locator(".thread-log .own .bubble").all_inner_texts()
    assert [text.splitlines()[-1] for text in shown] == (await stored(desk, token))[1:]


async def test_two_windows_of_one_visitor_show_the_same(desk: WebDesk, windows: Windows) -> None:
    here = await windows.open(f"{desk.url}/widget?lang=zh")
    token = await greeted(desk, here, Language.ZH)
    there = await here.context.new_page()
    await there.goto(f"{desk.url}/widget?lang=zh")
    await say(here, "这边说的")
    await say(there, "那边说的")
    for page in (here, there):
        await expect(page.locator(".thread-log .own")).to_have_count(2)
        await expect(page.locator(".thread-pending .entry")).to_have_count(0)
    assert len(await stored(desk, token)) == 3


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


async def test_a_token_the_desk_does_not_know_begins_a_new_conversation_and_keeps_what_was_not_sent(
    desk: WebDesk, windows: Windows
) -> None:
    page = await windows.open(f"{desk.url}/widget?lang=zh")
    token = await greeted(desk, page, Language.ZH)
    await page.evaluate("localStorage.setItem('desk:visitor', 'not.a.token')")
    await page.evaluate(
        "localStorage.setItem('desk:widget:waiting', JSON.stringify("
        "[{frame: {t: 'send', key: 'left-over', text: '没发出去的话'}, at: new Date().toISOString()}]))"
    )
    await page.reload()
    await expect(page.locator(".thread-log .own")).to_have_count(1)
    fresh = await visitor_of(page)
    assert fresh not in {token, "not.a.token"}
    assert await stored(desk, fresh) == ["没发出去的话"]


async def test_too_many_messages_are_kept_and_can_be_sent_again(
    sqlite_database: Database, texts: Texts, windows: Windows
) -> None:
    parts = Parts(database=sqlite_database, texts=texts)
    async with WebDesk(parts=parts, messages_per_minute=2).running() as desk:
        page = await windows.open(f"{desk.url}/widget?lang=zh")
        token = await greeted(desk, page, Language.ZH)
        for text in ("一", "二", "三"):
            await say(page, text)
        failed = page.locator(".entry.failed")
        await expect(failed).to_contain_text("30 秒后再点重发")
        await windows.shot(page, "widget-too-many")
        desk.visits.rate._buckets.clear()  # noqa: SLF001 - the half minute is over
        await failed.get_by_role("button", name="重发").click()
        await expect(page.locator(".thread-log .own")).to_have_count(3)
        await expect(failed).to_have_count(0)
        assert (await stored(desk, token))[1:] == ["一", "二", "三"]
        await page.close()


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


async def test_everything_can_be_reached_and_left_by_keyboard(desk: WebDesk, windows: Windows) -> None:
    page = await windows.open(desk.url)
    launcher = page.locator("#desk-widget button")
    await launcher.focus()
    await page.keyboard.press("Enter")
    window = await window_of(page)
    await expect(window.locator("textarea")).to_be_focused()
    await desk.write(await visitor_of(window), "?", payload={"choices": [{"id": "human", "label": "找人工"}]})
    await expect(bubbles(window)).to_have_count(1)
    reached = []
    for _ in range(8):
        await page.keyboard.press("Shift+Tab")
        reached.append(await window.evaluate("document.activeElement.textContent.trim() || document.activeElement.id"))
    assert {"找人工", "知道了", "close", "English", "转人工"} <= set(reached)
    await window.locator("textarea").focus()
    await page.keyboard.press("Escape")
    await expect(launcher).to_be_focused()
    await expect(launcher).to_have_attribute("aria-expanded", "false")
    await expect(page.locator("#desk-widget iframe")).to_be_hidden()


async def test_an_answer_while_the_window_is_closed_is_counted_on_the_launcher(desk: WebDesk, windows: Windows) -> None:
    page = await windows.open(desk.url)
    await page.locator("[data-desk-open]").first.click()
    window = await window_of(page)
    token = await visitor_of(window)
    await desk.write(token, "您好")
    await expect(bubbles(window)).to_have_count(1)
    launcher = page.locator("#desk-widget button")
    await launcher.click()
    await desk.write(token, "我看了一下")
    await desk.write(token, "可以换新")
    await expect(page.locator("#desk-widget b")).to_have_text("2")
    await expect(launcher).to_have_accessible_name("打开在线客服 (2 条新消息)")
    await windows.shot(page, "widget-unread")
    await page.reload()  # whoever talked to us before is connected again without opening the window
    await until(lambda: desk.hub.open == 1)
    await expect(page.locator("#desk-widget iframe")).to_be_hidden()
    await desk.write(token, "还在吗")
    await expect(page.locator("#desk-widget b")).to_have_text("1")
    await launcher.click()
    await expect(page.locator("#desk-widget b")).to_be_hidden()


HOST_PAGE = """<!doctype html><html lang="en"><title>Shop</title><p>A shop of somebody else</p>
<script src="{desk}/widget.js" async data-position="left"></script>"""


async def test_on_a_strict_page_of_another_site_the_widget_works_and_hears_nobody_but_its_own_page(
    desk: WebDesk, windows: Windows
) -> None:
    policy = f"default-src 'none'; script-src {desk.url}; frame-src {desk.url}; base-uri 'none'"

    async def shop(_: Request) -> HTMLResponse:
        return HTMLResponse(HOST_PAGE.format(desk=desk.url), headers={"Content-Security-Policy": policy})

    async with serving(Starlette(routes=[Route("/", shop)])) as other:
        site = other.replace("127.0.0.1", "localhost")
        windows.tolerate("favicon")
        page = await windows.open(site, language=Language.EN)
        launcher = page.locator("#desk-widget button")
        await launcher.click()
        window = await window_of(page)
        assert f"host={site.replace(':', '%3A').replace('/', '%2F')}" in window.url
        token = await visitor_of(window)
        await say(window, "hello from a shop")
        await expect(window.locator(".thread-log .own")).to_have_count(1)
        assert await stored(desk, token) == ["hello from a shop"]
        box = await page.locator("#desk-widget iframe").bounding_box()
        assert box is not None
        assert box["x"] < 100
        # Words from the page that are none of ours, and ours from the wrong window, do nothing.
        for message in ("null", "7", "'close'", "{desk: 7}", "{desk: 'close'}", "{desk: 'unread', count: 99}"):
            await page.evaluate(f"window.postMessage({message}, '*')")
        await page.evaluate(
            "document.querySelector('#desk-widget').shadowRoot.querySelector('iframe')"
            ".contentWindow.postMessage({desk: 'hidden', nonsense: true}, location.origin)"
        )
        await expect(launcher).to_have_attribute("aria-expanded", "true")
        await expect(page.locator("#desk-widget b")).to_be_hidden()
        await window.get_by_role("button", name="Close the support chat").click()
        await expect(launcher).to_have_attribute("aria-expanded", "false")
        await page.close()


async def test_where_no_socket_gets_through_the_window_talks_over_http(
    sqlite_database: Database, texts: Texts, windows: Windows
) -> None:
    windows.tolerate("WebSocket connection to")
    async with WebDesk(parts=Parts(database=sqlite_database, texts=texts), sockets=False).running() as desk:
        page = await windows.open(f"{desk.url}/widget?lang=en", language=Language.EN)
        token = await greeted(desk, page, Language.EN)
        await expect(page.locator("#offline")).to_be_hidden()
        for text in ("one", "two"):
            await say(page, text)
        await expect(page.locator(".thread-pending .entry")).to_have_count(0)
        await desk.write(token, "an answer")
        await expect(bubbles(page)).to_have_count(4)
        await desk.own(token, Owner.AGENT, agent_id=AGENT)
        await expect(page.locator("#presence")).to_have_attribute("data-look", "agent")
        await page.reload()
        await expect(bubbles(page)).to_have_count(4)
        assert await stored(desk, token) == [WORDS[Language.EN]["hello"], "one", "two", "an answer"]
