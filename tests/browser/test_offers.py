"""tests: offers and the team page as people use them: both languages, keyboard, phone."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from handoff.contracts import HandoffState
from kit.contracts import Language
from staff.contracts import Role
from tests.browser.test_console import Floor, floor, looked_at
from tests.browser.test_staff_pages import sign_in
from tests.support.browser import DESKTOP, PHONE, Windows

__all__ = ["floor"]

pytestmark = pytest.mark.browser


async def offer_all(floor: Floor) -> None:
    """What the worker's sweep does, once."""
    desk = floor.console.desk
    await desk.dispatcher.run(desk.clock())


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, False), (DESKTOP, True), (PHONE, False), (PHONE, True)])
async def test_an_offer_says_who_and_why_and_has_room(
    windows: Windows, floor: Floor, language: Language, width: int, *, dark: bool
) -> None:
    page = await floor.sit_down(windows, language=language, width=width, dark=dark)
    await floor.customer("周先生", "洗衣机脱水响得厉害咋办，没解决，才买三天")
    await offer_all(floor)
    await expect(page.locator("#offer .offer-want")).to_be_visible()
    await looked_at(windows, page, f"offer-{language}-{width}-{'dark' if dark else 'light'}")


async def test_an_offer_is_accepted_with_one_key_and_does_not_disturb_who_is_writing(
    windows: Windows, floor: Floor
) -> None:
    held = await floor.customer("周先生")
    page = await floor.sit_down(windows)
    await floor.take_next(page)
    await page.keyboard.type("写到一半 ad")
    offered = await floor.customer("李女士")
    await offer_all(floor)
    await expect(page.locator("#offer")).to_contain_text("李女士")
    await page.keyboard.type(" aaa")
    await expect(page.locator("#composer textarea")).to_have_value("写到一半 ad aaa")
    await expect(page.locator("#offer")).to_contain_text("李女士")
    await page.keyboard.press("Escape")
    await page.keyboard.press("a")
    await expect(page.locator("#head h2")).to_have_text("李女士")
    await expect(page.locator("#composer textarea")).to_be_focused()
    await expect(page.locator("#offer .offer-card")).to_have_count(0)
    states = [(await floor.console.desk.agents.load(one.id)).state for one in (held, offered)]
    assert states == [HandoffState.ACTIVE, HandoffState.ACTIVE]


@pytest.mark.parametrize("language", list(Language))
async def test_an_offer_is_seen_on_a_phone_in_the_middle_of_a_conversation(
    windows: Windows, floor: Floor, language: Language
) -> None:
    await floor.customer("周先生")
    page = await floor.sit_down(windows, language=language, width=PHONE)
    await page.locator("li[data-conversation] button").first.click()
    await page.locator('button[data-action="claim"]').click()
    await expect(page.locator("#composer textarea")).to_be_focused()
    await floor.customer("李女士")
    await offer_all(floor)
    await expect(page.locator("#offer .offer-card")).to_be_in_viewport()
    await expect(page.locator("#composer textarea")).to_be_in_viewport()
    await expect(page.locator("#list")).to_be_hidden()
    await looked_at(windows, page, f"offer-in-talk-{language}")
    await page.locator('#offer [data-action="accept"]').click()
    await expect(page.locator("#head h2")).to_have_text("李女士")
    await expect(page.locator("#offer .offer-card")).to_be_hidden()


async def test_a_declined_offer_goes_away_and_the_customer_keeps_waiting(windows: Windows, floor: Floor) -> None:
    page = await floor.sit_down(windows)
    offered = await floor.customer("李女士")
    await offer_all(floor)
    await expect(page.locator("#offer")).to_contain_text("李女士")
    await page.keyboard.press("d")
    await expect(page.locator("#offer .offer-card")).to_have_count(0)
    await expect(page.locator('[data-count="waiting"]')).to_have_text("1")
    assert (await floor.console.desk.agents.load(offered.id)).state is HandoffState.WAITING


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, False), (PHONE, True)])
async def test_a_supervisor_says_what_each_agent_takes(
    windows: Windows, floor: Floor, language: Language, width: int, *, dark: bool
) -> None:
    await floor.console.agent("lin")
    await floor.console.agent("su", Role.SUPERVISOR, language=language)
    page = await windows.open(language=language, width=width, dark=dark)
    await sign_in(page, floor.address, "su")
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await page.goto(f"{floor.address}/team")
    look = f"{language}-{width}-{'dark' if dark else 'light'}"
    await page.locator("details.member summary").first.focus()
    await page.keyboard.press("Enter")
    member = page.locator("details.member").first
    await member.locator('input[value="complaints"]').check()
    await member.locator('input[name="capacity"]').fill("3")
    await looked_at(windows, page, f"team-{look}")
    await member.locator("button.primary").click()
    await expect(page.locator("details.member .banner.ok")).to_be_visible()
    profiles = {account.name: profile for account, profile in await floor.console.desk.team.members()}
    assert (profiles["lin"].capacity, profiles["lin"].departments) == (3, frozenset({"complaints"}))


async def test_a_supervisor_marks_a_key_account_from_the_context(windows: Windows, floor: Floor) -> None:
    handoff = await floor.customer("周先生")
    await floor.console.agent("su", Role.SUPERVISOR, language=Language.ZH)
    page = await windows.open(language=Language.ZH, width=DESKTOP)
    await sign_in(page, floor.address, "su")
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await page.goto(f"{floor.address}/desk?c={handoff.conversation_id}")
    form = page.locator("form.key-account")
    await form.locator('input[name="key_account"]').check()
    await form.locator("select").select_option(label="Su")
    await form.locator("button").click()
    await expect(page.locator(".toast")).to_contain_text("已保存客户标记")
    await expect(form.locator('input[name="key_account"]')).to_be_checked()
    assert (await floor.console.desk.team.customer(handoff.conversation_id)).key_account
