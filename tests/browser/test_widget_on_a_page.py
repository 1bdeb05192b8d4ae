"""tests: the chat window on a shop's page: its launcher, the keyboard, unread answers and strangers' messages."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from kit.contracts import Language
from tests.bot.channels.web.desk import WebDesk, stored
from tests.support.browser import LOOKS, PHONE, Windows
from tests.support.chat_window import (
    WORDS,
    bubbles,
    looked_at,
    say,
    scan,
    visitor_of,
    window_of,
)
from tests.support.identities import signed
from tests.support.serving import serving
from tests.support.wait import until

pytestmark = pytest.mark.browser


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


ICON = '<link rel="icon" href="data:,"><title>'
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


async def test_whom_the_shop_signed_is_known_and_the_next_one_at_the_same_computer_reads_none_of_it(
    desk: WebDesk, windows: Windows
) -> None:
    signed_in = signed("10023", desk.parts.clock(), name="周雨桐")

    async def shop(_: Request) -> HTMLResponse:
        page = HOST_PAGE.replace("async", f'async data-identity="{signed_in}"').replace("<title>", ICON)
        return HTMLResponse(page.format(desk=desk.url))

    async with serving(Starlette(routes=[Route("/", shop)])) as other:
        windows.tolerate("favicon")
        page = await windows.open(other, language=Language.EN)
        await page.locator("#desk-widget button").click()
        window = await window_of(page)
        first = await visitor_of(window)
        await say(window, "where is my parcel")
        await expect(window.locator(".thread-log .own")).to_have_count(1)
        home = await desk.parts.store.find(await desk.conversation_of(first))
        assert home is not None
        assert home.customer_name == "周雨桐"
        signed_in = signed("20077", desk.parts.clock(), name="李梅")
        await page.reload()
        await page.locator("#desk-widget button").click()
        window = await window_of(page)
        await expect(window.locator("#expired")).to_be_hidden()
        await say(window, "hello")
        await expect(window.locator(".thread-log .own")).to_have_count(1)
        await expect(window.locator(".thread-log")).not_to_contain_text("parcel")
        assert await visitor_of(window) != first
        await page.close()
