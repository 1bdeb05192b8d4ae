"""tests: what is looked at and typed on the page of the conversation elements."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect


async def ready(page: Page) -> None:
    await expect(page.locator("#state")).to_have_text("online")


def box(page: Page) -> Locator:
    return page.locator("textarea")


def bubbles(page: Page) -> Locator:
    return page.locator(".bubble")


async def say(page: Page, text: str) -> None:
    await box(page).fill(text)
    await box(page).press("Enter")
