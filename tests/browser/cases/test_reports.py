"""tests: complaint reports and root causes as colleagues see them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.async_api import expect

from cases.contracts.reports import CauseKind
from kit.contracts import Language
from nlu.contracts import Severity
from staff.contracts import Role
from tests.browser.cases.support import enter
from tests.browser.test_staff_pages import looked_at
from tests.cases.office import Office
from tests.cases.support import MEI, a_complaint
from tests.support.browser import DESKTOP, PHONE, Windows
from tests.support.clock import MovableClock

pytestmark = pytest.mark.browser


@pytest.fixture
def clock() -> MovableClock:
    """The third of November."""
    return MovableClock(datetime(2026, 11, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [(Language.ZH, DESKTOP, False), (Language.EN, PHONE, True), (Language.EN, DESKTOP, True)],
)
async def test_reports_and_causes_have_room(
    windows: Windows, office: Office, address: str, language: Language, width: int, *, dark: bool
) -> None:
    files = office.files
    await office.house.add("mei", Role.SUPERVISOR, language=language)
    case = await files.open()
    await files.open(a_complaint("b", severity=Severity.CRITICAL, category="delivery", conversation_id="talk-2"))
    await files.go(case, "confirmed", "assigned", "working", "decided", "told")
    await files.customer_says(case, settled=True)
    await files.causes.name(case.number, kind=CauseKind.CAUSE, product="洗衣机 A1", what="水泵密封圈渗漏", by=MEI)
    for survey in files.letters.asked:
        await files.answers.fill(survey.removeprefix("survey:"), {"satisfied": 4, "easy": 6}, {})
    [counted] = await files.causes.counts()
    page = await windows.open(language=language, width=width, dark=dark)
    look, phone = f"{language}-{width}-{'dark' if dark else 'light'}", width == PHONE
    await enter(page, address, "/cases/reports")
    await looked_at(windows, page, f"reports-{look}", phone=phone)
    for path, name in (
        ("reports/month/2026-11-01", "report"),
        ("causes", "causes"),
        (f"causes/{counted.cause.id}", "cause"),
        (case.number, "case-causes"),
    ):
        await page.goto(f"{address}/cases/{path}")
        await looked_at(windows, page, f"{name}-{look}", phone=phone)


async def test_a_finished_report_is_made_again_and_compared_and_a_cause_is_named_when_closing(
    windows: Windows, office: Office, address: str
) -> None:
    files = office.files
    await office.house.add("mei", Role.SUPERVISOR, language=Language.EN)
    case = await files.open()
    await files.go(case, "confirmed", "assigned", "working", "decided", "told")
    page = await windows.open(language=Language.EN)
    await enter(page, address, f"/cases/{case.number}")
    fold = page.locator("details", has=page.locator('input[value="closed"]'))
    await fold.locator("summary").press("Enter")
    await fold.locator("[name=product]").fill("A1")
    await fold.locator("[name=cause]").fill("pump leaks")
    await fold.get_by_role("button").press("Enter")
    await expect(page.get_by_role("link", name="pump leaks")).to_be_visible()
    files.clock.forward(days=30)
    await enter(page, address, "/cases/reports/month/2026-11-01")  # the session has ended long ago
    await page.get_by_role("button", name="Make it again").press("Enter")
    await expect(page.locator(".banner.ok")).to_contain_text("byte for byte")
    await expect(page.locator("section", has=page.locator("#causes"))).to_contain_text("pump leaks")
