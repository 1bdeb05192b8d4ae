"""tests: a dialog that is still being fetched owns the keys: Escape calls it off and leaves nothing else."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.test_console import Floor, floor
from tests.browser.test_two_presses import serving_somebody
from tests.support.browser import Windows, held_back

pytestmark = pytest.mark.browser
__all__ = ["floor"]
DIALOGS = [("g", "invite", "**/invite"), ("t", "transfer", "**/transfer"), ("p", "customer", "**/customer?*")]
"""Key, dialog, what is fetched for it."""


@pytest.mark.parametrize(("key", "dialog", "address"), DIALOGS)
async def test_escape_calls_off_a_dialog_that_is_on_its_way(
    windows: Windows, floor: Floor, key: str, dialog: str, address: str
) -> None:
    page = await serving_somebody(windows, floor)
    async with page.expect_response(address), held_back(page, address, method="GET") as fetched:
        await page.keyboard.press(key)
        await page.keyboard.press("Escape")
        # By now the first one would be on the screen, were it not called off: keys after it are the page's again.
        await page.keyboard.press("r")
        await expect(page.locator("#composer textarea")).to_be_focused()
        assert len(fetched) == 1
    await expect(page.locator("#head h2")).to_have_text("周先生")
    await page.keyboard.press("Escape")
    await page.keyboard.press(key)
    await expect(page.locator(f"#{dialog}")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator(f"#{dialog}")).to_be_hidden()
    await expect(page.locator("#head h2")).to_have_text("周先生")


@pytest.mark.parametrize(("key", "dialog", "address"), DIALOGS)
async def test_a_key_pressed_while_a_dialog_is_fetched_does_nothing_behind_it(
    windows: Windows, floor: Floor, key: str, dialog: str, address: str
) -> None:
    page = await serving_somebody(windows, floor)
    async with held_back(page, address, method="GET"):
        await page.keyboard.press(key)
        await page.keyboard.press("e")
        await page.keyboard.press("n")
    await expect(page.locator(f"#{dialog}")).to_be_visible()
    await expect(page.locator("#resolve")).to_be_hidden()
    await expect(page.locator('button[data-mode="reply"]')).to_have_attribute("aria-pressed", "true")


async def test_a_dialog_of_a_conversation_that_was_left_does_not_come(windows: Windows, floor: Floor) -> None:
    page = await serving_somebody(windows, floor)
    await floor.customer("林女士", "发票怎么开")
    await page.keyboard.press("2")
    row = page.locator("li[data-conversation] button", has_text="林女士")
    async with page.expect_response("**/customer?*"), held_back(page, "**/customer?*", method="GET") as fetched:
        await page.keyboard.press("p")
        await row.click()
        await expect(page.locator("#head h2")).to_have_text("林女士")
        assert len(fetched) == 1
    await page.keyboard.press("n")
    await expect(page.locator("#composer textarea")).to_be_focused()
    await expect(page.locator("#customer")).to_be_hidden()
