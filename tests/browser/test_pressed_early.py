"""tests: what is pressed before a page's modules have run is done once they have, and no page waits for a module."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from kit.contracts import Language
from tests.browser.test_editor import RETURN, enter
from tests.support.browser import Windows, held_back
from tests.support.editing import Library
from tests.support.serving import serving

pytestmark = pytest.mark.browser


@pytest.fixture
async def address(library: Library) -> AsyncIterator[str]:
    """Address of the running knowledge base."""
    async with serving(library.house.app) as address:
        yield address


async def at_a_cluster(windows: Windows, library: Library, address: str) -> tuple[Page, str]:
    """An editor who is signed in, and the address of a question that got no answer."""
    await library.miss("do you engrave wedding rings?", Language.EN)
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom", "/knowledge/misses")
    path = await page.locator(".clusters .question").get_attribute("href")
    assert path
    return page, address + path


async def test_a_button_pressed_too_early_is_pressed_once_its_module_has_run(
    windows: Windows, library: Library, address: str
) -> None:
    page, cluster = await at_a_cluster(windows, library, address)
    button = page.locator("[data-pick]")
    async with held_back(page, "**/misses.js", method="GET"):
        await page.goto(cluster, wait_until="commit")
        await button.click()
        await button.click()
        await expect(button).to_have_attribute("aria-busy", "true")
        await windows.shot(page, "pressed-early")
    await expect(page.locator("#pick")).to_be_visible()
    await expect(page.locator("#pick-found button").first).to_be_visible()
    assert await button.get_attribute("aria-busy") is None


async def test_a_form_sent_too_early_is_sent_in_its_modules_way(windows: Windows, address: str) -> None:
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom", "/knowledge/golden")
    async with held_back(page, "**/golden.js", method="GET"):
        await page.goto(f"{address}/knowledge/golden", wait_until="commit")
        await page.locator("#golden-question").fill("What is the weather like?")
        await page.keyboard.press("Enter")
        await expect(page.locator("#golden-none button")).to_have_attribute("aria-busy", "true")
    await expect(page.locator(".goldens tbody tr")).to_contain_text("What is the weather like?")
    assert "question=" not in page.url


async def test_a_box_ticked_too_early_counts(windows: Windows, library: Library, address: str) -> None:
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom")
    async with held_back(page, "**/bulk.js", method="GET"):
        await page.goto(f"{address}/knowledge", wait_until="commit")
        await page.locator(f"[data-tick='{await library.article_id(RETURN)}']").check()
        await expect(page.locator("#bulk")).to_be_hidden()
    await expect(page.locator("#bulk")).to_be_visible()


async def test_a_search_typed_too_early_is_made(windows: Windows, address: str) -> None:
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom")
    async with held_back(page, "**/list.js", method="GET"):
        await page.goto(f"{address}/knowledge", wait_until="commit")
        await page.locator("#words").fill("zzzz")
    await expect(page.locator("#results .empty")).to_be_visible()


async def test_without_its_module_a_page_still_shows_and_what_needs_none_works(
    windows: Windows, library: Library, address: str
) -> None:
    windows.tolerate("net::ERR_FAILED")
    page, cluster = await at_a_cluster(windows, library, address)
    await page.route("**/misses.js", lambda route: route.abort())
    await page.goto(cluster, wait_until="commit")
    await page.locator("[data-step=dismiss]").click()
    await expect(page.locator(".empty")).to_be_visible()
