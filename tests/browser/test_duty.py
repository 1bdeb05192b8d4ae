"""tests: the agent's own state and the attendance sheet as people use them."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from handoff.contracts import AgentProfile, AgentState
from kit.contracts import Language
from staff.contracts import Role
from tests.browser.test_console import Floor, floor, looked_at
from tests.browser.test_staff_pages import sign_in
from tests.support.browser import DESKTOP, PHONE, Windows

__all__ = ["floor"]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, False), (PHONE, True)])
async def test_a_break_is_chosen_from_the_menu_and_ended_with_one_key(
    windows: Windows, floor: Floor, language: Language, width: int, *, dark: bool
) -> None:
    page = await floor.sit_down(windows, language=language, width=width, dark=dark)
    desk = floor.console.desk
    [mei] = [one.agent for one in await desk.agents.on_duty()]
    await page.locator("#duty-count").click()
    menu = await page.locator("#duty").bounding_box()
    assert menu is not None
    assert menu["x"] >= 0
    await page.locator('#duty button[data-reason="meal"]').click()
    await expect(page.locator("#paused")).to_be_visible()
    await expect(page.locator('#duty button[data-reason="meal"]')).to_have_attribute("aria-pressed", "true")
    await looked_at(windows, page, f"duty-{language}-{width}-{'dark' if dark else 'light'}")
    assert (await desk.duty.state(mei)).state is AgentState.BREAK
    await page.keyboard.press("Escape")
    await page.keyboard.press("o")
    await expect(page.locator("#paused")).to_be_hidden()
    assert (await desk.duty.state(mei)).state is AgentState.ONLINE


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, False), (DESKTOP, True), (PHONE, False)])
async def test_the_attendance_sheet_has_room(
    windows: Windows, floor: Floor, language: Language, width: int, *, dark: bool
) -> None:
    desk = floor.console.desk
    await floor.console.agent("su", Role.SUPERVISOR, language=language)
    for name in ("mei", "lin"):
        agent = await floor.console.agent(name)
        await desk.team.save_profile(AgentProfile(account_id=agent.id, shifts=("early",) * 7), by="boss")
        if name == "mei":
            await desk.agents.arrive(agent)
    page = await windows.open(language=language, width=width, dark=dark)
    await sign_in(page, floor.address, "su")
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await page.goto(f"{floor.address}/team")
    await page.locator('a[href="/team/attendance"]').click()
    await expect(page.locator("table")).to_contain_text("Mei")
    await looked_at(windows, page, f"attendance-{language}-{width}-{'dark' if dark else 'light'}")
