"""tests: the head of the chat window says who is there on one line each, also where it is narrow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Frame, expect

from bot.contracts import Owner
from kit.contracts import Language
from kit.ids import now
from tests.bot.channels.web.desk import AGENT, WebDesk
from tests.support.browser import DESKTOP, PHONE, Windows
from tests.support.chat_window import visitor_of, window_of

pytestmark = pytest.mark.browser

SMALLEST = 320
LINES = """(element) => {
  const words = document.createRange();
  words.selectNodeContents(element);
  return {
    lines: new Set([...words.getClientRects()].map((box) => Math.round(box.top))).size,
    cut: element.scrollWidth > element.clientWidth,
  };
}"""
"""How many lines the words of an element take, and whether any are left out."""


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "dark"), [(SMALLEST, False), (PHONE, True), (DESKTOP, False)])
async def test_the_head_holds_on_one_line_whoever_is_there(
    desk: WebDesk, windows: Windows, language: Language, width: int, *, dark: bool
) -> None:
    page = await windows.open(desk.url, language=language, width=width, dark=dark)
    await page.locator("[data-desk-open]").first.click()
    window = await window_of(page)
    token = await visitor_of(window)

    async def held(moment: str) -> None:
        await windows.shot(page, f"widget-head-{moment}-{language}-{width}-{'dark' if dark else 'light'}")
        for where in ("h1", "#presence"):
            found = await window.locator(where).evaluate(LINES)
            assert found["lines"] == 1, (moment, where, found)
            assert width == SMALLEST or not found["cut"], (moment, where, found)

    await held("bot")
    desk.queue.ahead = 2
    await desk.own(token, Owner.QUEUE)
    await look(window, "queue")
    await held("queue")
    desk.queue.open_now, desk.queue.opens_at = False, now() + timedelta(days=2)
    await desk.parts.signals.publish("desk", {})
    await expect(window.locator("#more")).to_contain_text(":")
    await held("closed")
    await desk.own(token, Owner.AGENT, agent_id=AGENT)
    await look(window, "agent")
    await held("agent")


async def look(window: Frame, owner: str) -> None:
    """Wait until the window knows who is there."""
    await expect(window.locator("#presence")).to_have_attribute("data-look", owner)
