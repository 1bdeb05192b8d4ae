"""tests: a picture goes from the widget to the representative's console and back, seen by both."""

from __future__ import annotations

import pytest
from playwright.async_api import FilePayload, expect

from tests.bot.channels.web.desk import WebDesk
from tests.browser.test_console import Floor, floor
from tests.support.browser import Windows
from tests.support.pictures import picture

pytestmark = pytest.mark.browser
__all__ = ["floor"]


async def test_a_customer_sends_a_picture_from_the_widget_and_sees_it(windows: Windows, desk: WebDesk) -> None:
    page = await windows.open(f"{desk.url}/widget")
    await expect(page.locator("#presence")).not_to_have_attribute("data-look", "away")
    chosen = FilePayload(name="故障.png", mimeType="image/png", buffer=picture())
    await page.locator("#composer input[type=file]").set_input_files(chosen)
    shown = page.locator(".entry.customer .entry-file img")
    await expect(shown).to_have_attribute("alt", "故障.png")
    await expect(shown).to_have_js_property("naturalWidth", 40)
    await windows.shot(page, "widget-file")
    bad = FilePayload(name="a.svg", mimeType="image/svg+xml", buffer=b"<svg/>")
    windows.tolerate("422")
    await page.locator("#composer input[type=file]").set_input_files(bad)
    await expect(page.locator(".entry.failed .entry-failed")).to_contain_text("PDF")


async def test_a_representative_sends_a_picture_and_only_while_the_conversation_is_theirs(
    windows: Windows, floor: Floor
) -> None:
    handoff = await floor.customer("周先生")
    page = await floor.sit_down(windows)
    await page.keyboard.press("j")
    await expect(page.locator(".composer-attach")).to_be_disabled()
    await page.keyboard.press("c")
    await expect(page.locator(".composer-attach")).to_be_enabled()
    chosen = FilePayload(name="说明.png", mimeType="image/png", buffer=picture())
    await page.locator("#composer input[type=file]").set_input_files(chosen)
    await expect(page.locator(".entry.agent .entry-file img")).to_have_js_property("naturalWidth", 40)
    await windows.shot(page, "console-file")
    [line] = [
        one for one in await floor.console.desk.conversations.lines(handoff.conversation_id) if "file" in one.payload
    ]
    assert line.kind == "agent"
