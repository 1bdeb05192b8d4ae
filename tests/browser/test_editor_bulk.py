"""tests: many articles at once in a real browser: ticked by key, published through one gate, changed, replaced."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from kit.contracts import Language
from tests.browser.test_editor import enter, looked_at
from tests.support.articles import MEI, draft
from tests.support.browser import DESKTOP, PHONE, Windows, held_back
from tests.support.editing import Library
from tests.support.serving import serving

pytestmark = pytest.mark.browser

PERSON = {Language.ZH: "mei", Language.EN: "tom"}


@pytest.fixture
async def address(library: Library) -> AsyncIterator[str]:
    """Address of the running knowledge base, with two whole drafts and one without an answer."""
    for key, title, answer in (
        ("ring-engraving", "Do you engrave wedding rings?", "Yes, zorblax free."),
        ("ring-cleaning", "Do you clean wedding rings?", "Yes, with Zorblax."),
        ("ring-empty", "Do you melt wedding rings?", ""),
    ):
        await library.editing.create(MEI, draft(key, title, answer=answer))
    async with serving(library.house.app) as address:
        yield address


async def tick_all_rings(page: Page, address: str) -> None:
    """Show the three drafts and tick them by keyboard."""
    await page.goto(f"{address}/knowledge?words=wedding+rings&status=draft")
    rows = page.locator("#results tbody tr")
    await expect(rows).to_have_count(3)
    for at in range(3):
        await rows.nth(at).locator("a").focus()
        await page.keyboard.press("x")
    await expect(page.locator("#bulk-count")).to_contain_text("3")


async def test_ticked_articles_are_published_together_and_the_unfit_one_is_named(
    windows: Windows, library: Library, address: str
) -> None:
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom")
    await tick_all_rings(page, address)
    await page.locator("[data-bulk=publish]").press("Enter")
    gate = page.locator("dialog.bulk-dialog")
    await expect(gate.locator("[data-ready='2']")).to_be_visible()
    await expect(gate.locator(".banner.warn")).to_contain_text("Do you melt wedding rings?")
    await windows.shot(page, "bulk-gate")
    await gate.locator("button.primary").press("Enter")
    await expect(page.locator("#bulk-outcome .banner")).to_contain_text("Do you melt wedding rings?")
    assert await library.answers("do you engrave wedding rings") == "ring-engraving"
    await expect(page.locator("#results tbody tr")).to_have_count(1)  # the list shows drafts


async def test_ticked_articles_move_and_a_wording_is_replaced_where_it_is_ticked(
    windows: Windows, library: Library, address: str
) -> None:
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom")
    await tick_all_rings(page, address)
    await page.locator("[data-bulk=change]").press("Enter")
    await page.locator("#bulk-category").fill("rings")
    await page.locator("#bulk-add").fill("gold, silver")
    await page.locator("#bulk-owner").select_option("mei")
    await page.locator("#bulk-change button.primary").press("Enter")
    await expect(page.locator("#bulk-outcome .banner.ok")).to_contain_text("3")
    moved = await library.editing.find("ring-cleaning")
    assert moved is not None
    assert (moved.category, moved.products, moved.details.owner) == ("rings", ("gold", "silver"), "mei")

    await page.goto(f"{address}/knowledge/replace?find=zorblax&put=soap")
    cards = page.locator("#replace section")
    await expect(cards).to_have_count(2)
    await expect(cards.first.locator("ins")).to_contain_text("soap")
    await cards.filter(has_text="engrave").locator("[data-tick]").press("Space")
    replace = page.locator("#replace button.primary")
    async with held_back(page, "**/bulk/replace") as asked:
        await replace.press("Enter")
        await replace.press("Enter")
    await expect(page.locator("#replace-outcome .banner.ok")).to_be_visible()
    await expect(cards).to_have_count(1)
    assert len(asked) == 1
    clean, engrave = await library.editing.find("ring-cleaning"), await library.editing.find("ring-engraving")
    assert clean is not None
    assert engrave is not None
    assert (clean.texts[0].answer, engrave.texts[0].answer) == ("Yes, with soap.", "Yes, zorblax free.")


@pytest.mark.parametrize(("language", "width", "dark"), [(Language.ZH, DESKTOP, True), (Language.EN, PHONE, False)])
async def test_bulk_work_has_room(
    windows: Windows, address: str, language: Language, width: int, *, dark: bool
) -> None:
    page = await windows.open(language=language, width=width, dark=dark)
    await enter(page, address, PERSON[language])
    await tick_all_rings(page, address)
    look, phone = f"{language}-{width}-{'dark' if dark else 'light'}", width == PHONE
    await looked_at(windows, page, f"bulk-list-{look}", phone=phone)
    await page.locator("[data-bulk=change]").press("Enter")
    await expect(page.locator("#bulk-change")).to_be_visible()
    await looked_at(windows, page, f"bulk-change-{look}", phone=phone)
    await page.goto(f"{address}/knowledge/replace?find=zorblax&put=soap")
    await expect(page.locator("#replace section")).to_have_count(2)
    await looked_at(windows, page, f"bulk-replace-{look}", phone=phone)
