"""tests: the customer's chat window as people see it: on a shop's page, alone, on a phone, in both languages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Frame, Locator, Page, expect

from bot.contracts import EntryKind, Owner
from kit.contracts import Language
from kit.sql import Database
from kit.texts import Texts
from tests.bot.channels.web.desk import AGENT, WebDesk, stored
from tests.bot.support.desk import Parts
from tests.support.browser import DESKTOP, PHONE, Windows, overflow, small_targets, unnamed
from tests.support.wait import until

pytestmark = pytest.mark.browser

LOOKS = [
    (Language.ZH, DESKTOP, False),
    (Language.EN, DESKTOP, True),
    (Language.EN, PHONE, False),
    (Language.ZH, PHONE, True),
]
ANSWER = {
    Language.ZH: "先别急，多数是没放平。请这样试：\n\n1. 关电源，轻推四角看是否晃动；\n2. 调节底脚至不晃；\n3. 衣物摊匀后**单独脱水**一次。",
    Language.EN: "Mostly it does not stand level. Please try this:\n\n1. Switch it off and push each corner;\n"
    "2. turn the feet until nothing rocks;\n3. spread the laundry and **spin once more**.",
}
WORDS: dict[Language, dict[str, str]] = {
    Language.ZH: {
        "hello": "您好，这里是澄家电器在线客服，我是智能助手。\n订单、配送、退换货、安装维修、发票、会员，您都可以直接问我。",
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
        "hello": "Hello, this is Clearhome support. I am an assistant.\nAsk me about orders, delivery, returns, repair.",
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
    desk.queue.ahead = 2
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
