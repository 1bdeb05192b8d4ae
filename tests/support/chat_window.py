"""tests: the customer's chat window in a browser: what is said in it, and what every look at it checks."""

from __future__ import annotations

from playwright.async_api import Frame, Locator, Page, expect

from kit.contracts import Language
from tests.bot.channels.web.desk import WebDesk
from tests.support.axe import AXE, faults_of
from tests.support.browser import Windows, overflow, small_targets, unnamed
from tests.support.wait import until

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
    """Everything said in the window."""
    return page.locator(".bubble")


async def say(page: Page | Frame, text: str) -> None:
    """Type a text and send it."""
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


async def scan(page: Page) -> list[str]:
    """What an automatic scan finds wrong, in the page and in the widget on it."""
    if not AXE.exists():
        return []
    return [fault for frame in page.frames for fault in await faults_of(frame)]
