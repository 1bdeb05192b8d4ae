"""tests: how a colleague gets to a page of the cases room."""

from __future__ import annotations

from playwright.async_api import Page

from tests.browser.test_staff_pages import sign_in


async def enter(page: Page, address: str, path: str) -> None:
    """Sign in and go to `path`."""
    await page.goto(f"{address}/sign-in")
    await sign_in(page, address)
    await page.goto(address + path)
