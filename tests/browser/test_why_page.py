"""tests: "why this answer" says at once that it is being worked out, what comes of it, and when it cannot be."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from kit.contracts import Language
from tests.browser.test_editor import WORDS, enter
from tests.support.browser import LOOKS, PHONE, Windows, held_back, overflow, small_targets, unnamed
from tests.support.editing import Library
from tests.support.serving import serving

pytestmark = pytest.mark.browser

QUESTION = "how do I return something within seven days"
REPLAY = "**/knowledge/why/*/replay"


@pytest.fixture
async def address(library: Library) -> AsyncIterator[str]:
    """Address of the running knowledge base, which has answered one question."""
    library.replies.put("reply", QUESTION, await library.ask(QUESTION))
    async with serving(library.house.app) as address:
        yield address


@pytest.mark.parametrize(("language", "width", "dark"), LOOKS)
async def test_the_page_is_there_while_the_search_is_made_again(
    windows: Windows, address: str, language: Language, width: int, *, dark: bool
) -> None:
    look = f"{language}-{width}-{'dark' if dark else 'light'}"
    page = await windows.open(language=language, width=width, dark=dark)
    await enter(page, address, WORDS[language].person)
    async with held_back(page, REPLAY, method="GET") as asked:
        await page.goto(f"{address}/knowledge/why/reply")
        await expect(page.locator("[role=status] #working")).to_be_visible()
        await expect(page.locator("#recorded .why-name").first).to_be_visible()
        await windows.shot(page, f"why-working-{look}")
        assert await overflow(page) == []
        assert await unnamed(page) == []
    await expect(page.locator("#then .why-name").first).to_be_visible()
    await expect(page.locator("#today .why-name").first).to_be_visible()
    await expect(page.locator("[role=status] .banner.ok")).to_be_visible()
    await expect(page.locator("#working, #recorded")).to_have_count(0)
    await windows.shot(page, f"why-done-{look}")
    assert len(asked) == 1


@pytest.mark.parametrize(("language", "width", "dark"), LOOKS[1:3])
async def test_a_failure_is_told_in_place_and_tried_again(
    windows: Windows, address: str, language: Language, width: int, *, dark: bool
) -> None:
    windows.tolerate("net::ERR_FAILED")
    page = await windows.open(language=language, width=width, dark=dark)
    await enter(page, address, WORDS[language].person)
    await page.route(REPLAY, lambda route: route.abort())
    await page.goto(f"{address}/knowledge/why/reply")
    await expect(page.locator("[role=status] .banner.danger")).to_be_visible()
    assert "trying again" not in await page.locator(".banner.danger p").inner_text(), "nothing is, until it is pressed"
    await windows.shot(page, f"why-failed-{language}-{width}")
    assert width != PHONE or await small_targets(page) == []
    await page.unroute(REPLAY)
    await page.locator("[data-again]").click()
    await expect(page.locator("#then")).to_be_visible()
    await expect(page.locator(".banner.danger")).to_have_count(0)


async def test_without_scripts_the_whole_page_is_asked_for(windows: Windows, address: str) -> None:
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom")
    bare = await page.context.browser.new_context(java_script_enabled=False) if page.context.browser else None
    assert bare is not None
    await bare.add_cookies(await page.context.cookies())  # type: ignore[arg-type]
    still = await bare.new_page()
    await still.goto(f"{address}/knowledge/why/reply")
    await expect(still.locator("#then .why-name").first).to_be_visible()
    await bare.close()
