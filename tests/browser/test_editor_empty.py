"""tests: an editors' page with nothing on it says what to do next, and has room for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from kit.contracts import Language
from kit.sql import Database
from kit.texts import Texts
from tests.browser.test_editor import WORDS, enter, looked_at
from tests.support.browser import LOOKS, PHONE, Windows
from tests.support.clock import MovableClock
from tests.support.editing import Library, open_library
from tests.support.serving import serving

pytestmark = pytest.mark.browser

NOTHING = (
    ("list", "/knowledge", ("/knowledge/articles/new", "/knowledge/exchange")),
    ("filtered", "/knowledge?deleted=true", ("/knowledge",)),
    ("golden", "/knowledge/golden", ("/knowledge",)),
    ("misses", "/knowledge/misses", ()),
    ("misses-filtered", "/knowledge/misses?days=7", ("/knowledge/misses",)),
    ("answers", "/knowledge/answers", ()),
    ("answers-filtered", "/knowledge/answers?language=zh", ("/knowledge/answers",)),
    ("replace", "/knowledge/replace?find=%E5%88%BB%E5%AD%97", ("/knowledge?words=%E5%88%BB%E5%AD%97",)),
)
"""What a page without a line is called, where it is, and where it leads."""


@pytest.fixture
async def empty(sqlite_database: Database, texts: Texts, clock: MovableClock, tmp_path: Path) -> AsyncIterator[Library]:
    """A knowledge base in which nothing was written yet."""
    async with open_library(sqlite_database, texts, clock=clock, folder=tmp_path) as library:
        await library.hire()
        yield library


@pytest.mark.parametrize(("language", "width", "dark"), LOOKS)
async def test_every_empty_page_leads_on(
    windows: Windows, empty: Library, language: Language, width: int, *, dark: bool
) -> None:
    page = await windows.open(language=language, width=width, dark=dark)
    look, phone = f"{language}-{width}-{'dark' if dark else 'light'}", width == PHONE
    async with serving(empty.house.app) as address:
        await enter(page, address, WORDS[language].person)
        for name, path, leads in NOTHING:
            await page.goto(address + path)
            nothing = page.locator(".empty")
            await expect(nothing.locator("b + p")).to_be_visible()
            for where in leads:
                await expect(nothing.locator(f'a[href="{where}"]')).to_be_visible()
            await looked_at(windows, page, f"empty-{name}-{look}", phone=phone)


async def test_who_only_reads_is_not_told_to_write(windows: Windows, empty: Library) -> None:
    page = await windows.open(language=Language.EN)
    async with serving(empty.house.app) as address:
        await enter(page, address, "ann")
        await expect(page.locator(".empty p")).to_have_text("The articles that the editors write show up here.")
        await expect(page.locator(".empty a")).to_have_count(0)
