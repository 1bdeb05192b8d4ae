"""tests: what takes the editors' desk a while says that it is under way, and is done once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

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


async def test_bulk_work_says_that_it_is_under_way_and_is_asked_once(
    windows: Windows, library: Library, address: str
) -> None:
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom")
    await page.locator(f"[data-tick='{await library.article_id(RETURN)}']").check()
    publish, retire = page.locator("[data-bulk=publish]"), page.locator("[data-bulk=retire]")
    async with held_back(page, "**/bulk/gate") as looked:
        await publish.press("Enter")
        await retire.press("Enter")
        await expect(page.locator("#bulk-count")).to_have_text("Working on 1 article…")
        await expect(publish).to_have_attribute("aria-busy", "true")
        await windows.shot(page, "bulk-working")
    await expect(page.get_by_role("dialog")).to_have_count(1)
    assert len(looked) == 1
    await page.keyboard.press("Escape")
    await expect(page.locator("#bulk-count")).to_have_text("1 ticked")
    await retire.press("Enter")
    async with held_back(page, "**/bulk/retire") as posted:
        await page.get_by_role("dialog").locator("button.primary").press("Enter")
        await expect(page.locator("#bulk-count")).to_have_text("Working on 1 article…")
        await retire.press("Enter")
    await expect(page.locator("#bulk-outcome .banner.ok")).to_be_visible()
    assert len(posted) == 1


async def test_a_replacement_says_that_it_is_under_way(windows: Windows, address: str) -> None:
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom", "/knowledge/replace")
    await page.locator("#find").fill("return")
    await page.locator("#put").fill("sending back")
    # Asked in the same breath: the next page may be there a moment later.
    pressed = """button => { button.click(); return button.getAttribute('aria-busy') }"""
    assert await page.locator(".filters button").evaluate(pressed) == "true"
    button = page.locator("#replace button")
    await expect(button).to_be_visible()
    async with held_back(page, "**/bulk/replace"):
        await button.press("Enter")
        await expect(page.locator("#replace-outcome")).to_contain_text("Replacing in")
        await expect(button).to_have_attribute("aria-busy", "true")
        await windows.shot(page, "replace-working")
    await expect(page.locator("#replace-outcome .banner.ok")).to_be_visible()


async def test_a_golden_question_is_kept_once(windows: Windows, address: str) -> None:
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom", "/knowledge/golden")
    await page.locator("#golden-question").fill("What is the weather like?")
    button = page.locator("#golden-none button")
    async with held_back(page, "**/knowledge/golden") as posted:
        await button.press("Enter")
        await button.press("Enter")
        await expect(button).to_have_attribute("aria-busy", "true")
    await expect(page.locator(".goldens tbody tr")).to_have_count(1)
    assert len(posted) == 1
