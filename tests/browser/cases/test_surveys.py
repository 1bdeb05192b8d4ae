"""tests: a survey as its customer sees it on a phone, and its results as colleagues see them."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from cases.contracts.surveys import Why
from kit.contracts import Language
from staff.contracts import Role
from tests.browser.cases.support import enter
from tests.browser.test_staff_pages import looked_at
from tests.cases.office import LINKS, Office
from tests.cases.support import MEI
from tests.support.browser import DESKTOP, PHONE, Windows

pytestmark = pytest.mark.browser


async def surveyed(office: Office, number: int, *, stars: int | None, why: Why = Why.CONVERSATION_RESOLVED) -> str:
    """A survey, answered with so many stars."""
    files = office.files
    offered = await files.database.write(
        lambda tx: files.offering.offer(
            tx, case_id=None, conversation_id=f"t{number}", why=why, at=files.clock(), about=MEI, key=f"k{number}"
        )
    )
    assert offered is not None
    if stars is not None:
        await files.answers.fill(offered.survey_id, {"satisfied": stars}, {"words": f"No. {number}"})
    return offered.survey_id


@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, False), (PHONE, True)])
@pytest.mark.parametrize("language", list(Language))
async def test_survey_and_results_have_room(
    windows: Windows, office: Office, address: str, language: Language, width: int, *, dark: bool
) -> None:
    await office.house.add("mei", Role.SUPERVISOR, language=language)
    for number, stars in enumerate((5, 4, 1)):
        await surveyed(office, number, stars=stars)
    survey = await surveyed(office, 9, stars=None)
    page = await windows.open(language=language, width=width, dark=dark)
    look, phone = f"{language}-{width}-{'dark' if dark else 'light'}", width == PHONE
    await page.goto(address + LINKS.address(survey))
    await looked_at(windows, page, f"survey-{look}", phone=phone)
    await enter(page, address, "/cases/surveys")
    await looked_at(windows, page, f"survey-results-{look}", phone=phone)


async def test_a_survey_is_answered_with_the_keyboard(windows: Windows, office: Office, address: str) -> None:
    survey = await surveyed(office, 1, stars=None)
    page = await windows.open(language=Language.EN, width=PHONE)
    await page.goto(address + LINKS.address(survey))
    await page.locator("input[value='3']").focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("input[value='2']")).to_be_checked()
    await page.locator("textarea").fill("too slow")
    await page.get_by_role("button", name="Send").press("Enter")
    await expect(page.locator(".banner.ok")).to_contain_text("A colleague will get back to you")
