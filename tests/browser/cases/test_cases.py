"""tests: cases as colleagues see them: list, file, watch list, a file by hand; both languages, dark, phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import expect

from kit.contracts import Language
from nlu.contracts import Severity
from staff.contracts import Role
from tests.browser.cases.support import enter
from tests.browser.test_staff_pages import looked_at
from tests.cases.office import Office
from tests.cases.support import MEI, a_complaint
from tests.support.browser import DESKTOP, PHONE, Windows, held_back

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, False), (DESKTOP, True), (PHONE, False)])
async def test_every_page_of_the_room_has_room(
    windows: Windows, office: Office, address: str, language: Language, width: int, *, dark: bool
) -> None:
    files = office.files
    await office.house.add("mei", Role.SUPERVISOR, language=language)
    case = await files.open()
    await files.open(a_complaint("b", severity=Severity.CRITICAL, customer_name="A. Very Long Name of Somebody"))
    file = await files.go(case, "confirmed", "assigned", "working")
    due = files.clock() + timedelta(hours=2)
    file = await files.handling.add_task(
        case.number, department="technical_support", what="检测主板并拍照", due_at=due, by=MEI, version=file.version
    )
    await files.handling.promise(
        case.number, text="六点前回电", due_at=files.clock() + timedelta(hours=8), by=MEI, version=file.version
    )
    files.clock.forward(hours=7)
    await files.promises.run_due(files.clock())
    page = await windows.open(language=language, width=width, dark=dark)
    look, phone = f"{language}-{width}-{'dark' if dark else 'light'}", width == PHONE
    await enter(page, address, "/cases")
    await looked_at(windows, page, f"cases-{look}", phone=phone)
    for path, name in (("/watch", "cases-watch"), (f"/{case.number}", "case"), ("/new", "case-new")):
        await page.goto(f"{address}/cases{path}")
        await looked_at(windows, page, f"{name}-{look}", phone=phone)


@pytest.mark.parametrize("language", list(Language))
async def test_on_a_phone_the_filters_stay_folded_until_somebody_wants_them(
    windows: Windows, office: Office, address: str, language: Language
) -> None:
    await office.house.add("mei", Role.SUPERVISOR, language=language)
    await office.files.open()
    critical = await office.files.open(a_complaint("b", severity=Severity.CRITICAL))
    page = await windows.open(language=language, width=PHONE)
    await enter(page, address, "/cases")
    await expect(page.locator("#files tbody tr").first).to_be_in_viewport()
    severity = page.locator('select[name="severity"]')
    await expect(severity).to_be_hidden()
    await page.locator("#unfold").press("Space")
    await severity.select_option("critical")
    await expect(page.locator("#files tbody tr")).to_have_count(1)
    await expect(page.locator("#files tbody")).to_contain_text(critical.number)
    await looked_at(windows, page, f"cases-filtered-{language}", phone=True)
    await page.reload()
    await expect(severity).to_have_value("critical")
    await expect(severity).to_be_visible()


async def test_a_decision_is_made_with_the_keyboard_and_its_missing_grounds_are_asked_for(
    windows: Windows, office: Office, address: str
) -> None:
    await office.house.add("mei", Role.AGENT, language=Language.EN)
    case = await office.files.open(a_complaint("n", severity=Severity.NORMAL))
    await office.files.go(case, "confirmed", "assigned", "working")
    page = await windows.open(language=Language.EN)
    await enter(page, address, f"/cases/{case.number}")
    fold = page.locator("details", has=page.locator('input[value="decided"]'))
    await fold.locator("summary").focus()
    await page.keyboard.press("Enter")
    await fold.locator("[name=decision]").fill("A new machine")
    await fold.get_by_role("button").click()
    await expect(fold.locator("[name=grounds]")).to_be_focused()  # the browser asks for what is missing
    await fold.locator("[name=grounds]").fill("Broken after three days")
    async with page.expect_navigation():
        await fold.get_by_role("button").click()
    await expect(page.locator(".banner.ok")).to_be_visible()
    await expect(page.locator(".facts", has_text="A new machine").first).to_be_visible()
    assert (await office.files.cases.load(case.number)).case.step == "decided"


async def test_a_task_added_by_two_presses_is_added_once(windows: Windows, office: Office, address: str) -> None:
    await office.house.add("mei", Role.AGENT, language=Language.EN)
    case = await office.files.open(a_complaint("n", severity=Severity.NORMAL))
    page = await windows.open(language=Language.EN)
    await enter(page, address, f"/cases/{case.number}")
    form = page.locator("form[action$='/tasks']")
    await page.locator("details", has=form).locator("summary").click()
    await form.locator("[name=what]").fill("Call the factory")
    await form.locator("button.primary").focus()
    async with held_back(page, "**/tasks") as posted:
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
    await expect(page.locator(".task-end")).to_have_count(1)
    assert len(posted) == 1
