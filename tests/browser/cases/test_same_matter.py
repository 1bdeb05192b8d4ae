"""tests: files that may be one matter, fields of a kind, the digest, in a browser; both languages, dark, phone."""

from __future__ import annotations

from dataclasses import replace
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
from tests.cases.test_merging import two
from tests.support.browser import LOOKS, PHONE, Windows

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width", "dark"), LOOKS)
async def test_two_reports_are_made_one_and_the_pages_have_room(
    windows: Windows, office: Office, address: str, language: Language, width: int, *, dark: bool
) -> None:
    files = office.files
    await office.house.add("mei", Role.AGENT, Role.SUPERVISOR, language=language)
    first, second = await two(files)
    critical = replace(a_complaint("c", severity=Severity.CRITICAL), conversation_id=None)
    file = await files.handling.register(critical, by=MEI)
    due = files.clock() + timedelta(minutes=30)
    await files.handling.promise(file.case.number, text="六点前回电", due_at=due, by=MEI, version=1)
    files.clock.forward(minutes=45)
    page = await windows.open(language=language, width=width, dark=dark)
    look, phone = f"{language}-{width}-{'dark' if dark else 'light'}", width == PHONE
    await enter(page, address, "/cases/digest")
    await looked_at(windows, page, f"digest-{look}", phone=phone)
    await page.goto(f"{address}/cases/new?kind=return_refund")
    await looked_at(windows, page, f"new-case-{look}", phone=phone)
    await page.goto(f"{address}{files.links.opening_path('x')}?kind=return_refund")
    await looked_at(windows, page, f"customer-opens-{look}", phone=phone)
    await page.goto(f"{address}/cases/{second.number}")
    await looked_at(windows, page, f"same-matter-{look}", phone=phone)
    await page.locator(f"button[formaction$='/{second.number}/merge']").focus()
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name=second.number)).to_be_visible()
    await page.goto(f"{address}/cases/{second.number}")
    await expect(page.get_by_role("link", name=first.number)).to_be_visible()
    await looked_at(windows, page, f"merged-{look}", phone=phone)
