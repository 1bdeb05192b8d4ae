"""tests: the follow-up desk in a browser: the list and one customer being asked; both languages, dark, phone."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from cases.contracts import Closure
from cases.customer import CUSTOMER
from kit.contracts import Language
from staff.contracts import Role
from tests.browser.cases.support import enter
from tests.browser.test_staff_pages import looked_at
from tests.cases.office import Office
from tests.cases.support import MEI, Files, a_complaint
from tests.cases.test_handling import TO_TOLD
from tests.support.browser import DESKTOP, LOOKS, PHONE, Windows

pytestmark = pytest.mark.browser


async def to_ask(files: Files) -> str:
    """A case whose follow-up a person has to make; its number."""
    case = await files.open(a_complaint("one", customer_name="A. Very Long Name of Somebody Far Away"))
    await files.go(case, *TO_TOLD, "follow_up")
    await files.rounds.run(files.clock())
    return case.number


@pytest.mark.parametrize(("language", "width", "dark"), LOOKS)
async def test_the_follow_up_desk_has_room(
    windows: Windows, office: Office, address: str, language: Language, width: int, *, dark: bool
) -> None:
    await office.house.add("mei", Role.AGENT, language=language)
    await to_ask(office.files)
    page = await windows.open(language=language, width=width, dark=dark)
    look, phone = f"{language}-{width}-{'dark' if dark else 'light'}", width == PHONE
    await enter(page, address, "/cases/follow-ups")
    await looked_at(windows, page, f"follow-ups-{look}", phone=phone)
    [one] = (await office.files.follow_ups.today()).due
    await page.goto(f"{address}/cases/follow-ups/{one.id}")
    await page.locator("form[action$='/take'] button").focus()
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await expect(page.locator("button[name=answer]").first).to_be_visible()
    await looked_at(windows, page, f"follow-up-{look}", phone=phone)


async def test_a_colleague_goes_through_the_questions_with_the_keyboard(
    windows: Windows, office: Office, address: str
) -> None:
    await office.house.add("mei", Role.AGENT, language=Language.EN)
    number = await to_ask(office.files)
    [one] = (await office.files.follow_ups.today()).due
    page = await windows.open(language=Language.EN)
    await enter(page, address, f"/cases/follow-ups/{one.id}")
    for button in ("form[action$='/take'] button", "button[value=yes]", "button[value=yes]"):
        await page.locator(button).focus()
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
    await expect(page.get_by_text("This follow-up is over: Reached.")).to_be_visible()
    assert (await office.files.cases.load(number)).case.closure is Closure.CONFIRMED


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [(Language.ZH, PHONE, False), (Language.EN, PHONE, True), (Language.EN, DESKTOP, False)],
)
async def test_a_customers_own_page_has_room(
    windows: Windows, office: Office, address: str, language: Language, width: int, *, dark: bool
) -> None:
    case = await office.files.open(a_complaint("one"))
    await office.files.go(case, *TO_TOLD)
    await office.files.attaching.add(case.number, name="漏水.png", content=b"\x89PNG\r\n\x1a\n", by=CUSTOMER)
    page = await windows.open(language=language, width=width, dark=dark)
    await page.goto(address + office.files.links.path(case.number))
    look = f"{language}-{width}-{'dark' if dark else 'light'}"
    await looked_at(windows, page, f"own-case-{look}", phone=width == PHONE)


@pytest.mark.parametrize(("language", "width", "dark"), [(Language.ZH, DESKTOP, False), (Language.EN, PHONE, True)])
async def test_a_repair_and_the_ledger_of_parts_have_room(
    windows: Windows, office: Office, address: str, language: Language, width: int, *, dark: bool
) -> None:
    files = office.files
    await office.house.add("mei", Role.AGENT, language=language)
    case = await files.open(a_complaint("repair", kind="repair", category="repair_warranty"))
    await files.go(case, "confirmed", "working")
    await files.after_sales.need(case.number, "drain_pump", 1, by=MEI)
    await files.after_sales.move_stock("door_seal", 3, "到货", key="stock:1", by=MEI)
    await files.after_sales.need(case.number, "door_seal", 1, by=MEI)
    await files.after_sales.book(case.number, (await files.after_sales.free_visits(case))[0][0], by=MEI)
    await files.after_sales.add_cost(case.number, "上门费", 8850, by_customer=True, by=MEI)
    page = await windows.open(language=language, width=width, dark=dark)
    look, phone = f"{language}-{width}-{'dark' if dark else 'light'}", width == PHONE
    await enter(page, address, f"/cases/{case.number}")
    await looked_at(windows, page, f"repair-{look}", phone=phone)
    await page.goto(f"{address}/cases/parts")
    await looked_at(windows, page, f"parts-{look}", phone=phone)
