"""tests: the staff room as people see it: both languages, light and dark, desktop and phone."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from kit.contracts import Language
from kit.sql import Database
from staff.contracts import AuditRecord, Role
from tests.support.browser import LOOKS, PHONE, Windows, overflow, small_targets, unnamed
from tests.support.clock import MovableClock
from tests.support.web import PASSWORD, House

pytestmark = pytest.mark.browser


async def sign_in(page: Page, address: str, name: str = "mei", password: str = PASSWORD, *, at: str = "") -> None:
    """Sign in, at the page one was sent to or at the door."""
    await page.goto(at or f"{address}/sign-in")
    await page.locator("input[name=name]").fill(name)
    await page.locator("input[name=password]").fill(password)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def looked_at(windows: Windows, page: Page, name: str, *, phone: bool) -> None:
    """Everything has room and a name, and on a phone a finger's size."""
    await windows.shot(page, name)
    assert await overflow(page) == []
    assert await unnamed(page) == []
    if phone:
        assert await small_targets(page) == []


@pytest.mark.parametrize(("language", "width", "dark"), LOOKS)
async def test_every_page_has_room_for_its_words(
    windows: Windows,
    house: House,
    address: str,
    sqlite_database: Database,
    clock: MovableClock,
    *,
    language: Language,
    width: int,
    dark: bool,
) -> None:
    mei = await house.add("mei", Role.ADMIN, Role.EDITOR, language=language)
    await sqlite_database.write(
        lambda tx: house.staff.audit(
            tx,
            AuditRecord(
                at=clock(),
                account_id=mei,
                action="knowledge_base.answered_an_unanswered_question_by_an_article",
                subject="cluster:1",
                before="",
                after="",
            ),
        )
    )
    jing = await house.add("lin.jing", Role.AGENT)
    await house.add("a.very.long.name.of.somebody.far.away", Role.AGENT, Role.EDITOR, Role.SUPERVISOR)
    await house.staff.change_account(jing, by="", active=False)
    windows.tolerate("status of (401|404)")
    page = await windows.open(f"{address}/sign-in", language=language, width=width, dark=dark)
    look = f"{language}-{width}-{'dark' if dark else 'light'}"
    phone = width == PHONE
    await looked_at(windows, page, f"sign-in-{look}", phone=phone)
    await sign_in(page, address, password="wrong")
    await expect(page.get_by_role("alert")).to_be_visible()
    await looked_at(windows, page, f"sign-in-refused-{look}", phone=phone)
    await sign_in(page, address)
    await page.wait_for_url(f"{address}/staff")
    await looked_at(windows, page, f"accounts-{look}", phone=phone)
    for path, name in (
        (f"/staff/accounts/{jing}", "account"),
        ("/staff/audit", "audit"),
        ("/account", "own-account"),
        ("/account/password", "password"),
    ):
        await page.goto(address + path)
        await looked_at(windows, page, f"{name}-{look}", phone=phone)
    await page.goto(f"{address}/no-such-page")
    await looked_at(windows, page, f"not-found-{look}", phone=phone)


async def test_a_first_sign_in_goes_by_way_of_a_new_password(windows: Windows, house: House, address: str) -> None:
    await house.staff.ensure_first_account(PASSWORD)
    page = await windows.open(address + "/staff")
    await page.wait_for_url(f"{address}/sign-in?next=/staff")
    await sign_in(page, address, "admin")
    await page.wait_for_url(f"{address}/account/password")
    await page.locator("input[name=present]").fill(PASSWORD)
    await page.locator("input[name=password]").fill("三只水獭在河边")
    await page.keyboard.press("Enter")
    windows.tolerate("422")
    await expect(page.locator("#about-password")).to_contain_text("10")
    await page.locator("input[name=present]").fill(PASSWORD)
    await page.locator("input[name=password]").fill("三只水獭在河边晒太阳")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{address}/staff")


async def test_closing_an_account_asks_first(windows: Windows, house: House, address: str) -> None:
    await house.add("mei", Role.ADMIN)
    jing = await house.add("jing", Role.AGENT)
    page = await windows.open(language=Language.EN)
    await sign_in(page, address)
    await page.goto(f"{address}/staff/accounts/{jing}")
    await page.get_by_role("button", name="Close account").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Close the account of Jing?")
    await windows.shot(page, "ask")
    await dialog.get_by_role("button", name="Cancel").click()
    assert (await house.staff.account(jing)).active
    await page.get_by_role("button", name="Close account").click()
    await dialog.get_by_role("button", name="Close account").click()
    await page.wait_for_url(f"{address}/staff?saved=jing")
    assert not (await house.staff.account(jing)).active


async def test_language_and_theme_switch_in_place(windows: Windows, house: House, address: str) -> None:
    await house.add("mei", Role.ADMIN, language=Language.ZH)
    page = await windows.open(language=Language.ZH)
    await sign_in(page, address)
    await expect(page.get_by_role("heading", level=1)).to_have_text("账号管理")
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Accounts")
    await page.get_by_role("button", name="Appearance").click()
    await page.get_by_role("button", name="Appearance").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 21, 20)"
    assert page.url == f"{address}/staff"


async def test_htmx_carries_the_csrf_token_and_shows_refusals_without_disturbing_the_page(
    windows: Windows, house: House, address: str
) -> None:
    await house.add("mei", Role.ADMIN)
    page = await windows.open(language=Language.EN)
    windows.tolerate("status of 404")
    await sign_in(page, address)
    await page.evaluate(
        """() => {
          const box = document.createElement('div');
          box.innerHTML = '<button id=wrong hx-post="/no-such-page">wrong</button>'
            + '<button id=right hx-post="/sign-out">right</button>';
          document.getElementById('main').append(box);
          htmx.process(box);
        }"""
    )
    await page.locator("#wrong").click()
    await expect(page.get_by_role("alert")).to_contain_text("Not found")
    await expect(page.locator("#wrong")).to_have_text("wrong")
    await windows.shot(page, "toast")
    await page.get_by_role("button", name="Got it").click()
    await expect(page.get_by_role("alert")).to_have_count(0)
    async with page.expect_request("**/sign-out") as sent:
        await page.locator("#right").click()
    request = await sent.value
    answer = await request.response()
    assert answer is not None
    assert answer.status == 303


async def test_the_whole_way_can_be_gone_by_keyboard(windows: Windows, house: House, address: str) -> None:
    await house.add("mei", Role.ADMIN)
    page = await windows.open(language=Language.EN)
    await sign_in(page, address)
    await page.wait_for_url(f"{address}/staff")
    await page.keyboard.press("Tab")
    await expect(page.get_by_text("Skip to content")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#main")).to_be_focused()
    await page.locator("summary").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    await windows.shot(page, "menu")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    await expect(page.locator("summary")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Sign out").press("Enter")
    await page.wait_for_url(f"{address}/sign-in")


async def test_staff_see_moments_by_the_desks_clock_wherever_they_sit(
    windows: Windows, house: House, address: str
) -> None:
    await house.add("mei", Role.ADMIN)
    page = await windows.open()
    await sign_in(page, address)
    assert await page.locator("html").get_attribute("data-zone") == "Asia/Shanghai"
    shown = await page.evaluate(
        """async () => {
          const clock = await import("/static/kit/clock.js");
          const moment = new Date("2026-11-22T23:30:00Z");
          const said = () => [clock.timeOfDay(moment), clock.dayKey(moment)];
          const here = said();
          document.documentElement.dataset.zone = "Europe/London";
          const elsewhere = said();
          delete document.documentElement.dataset.zone;
          return { here, elsewhere, customer: said() };
        }"""
    )
    assert shown == {
        "here": ["07:30", "2026-11-23"],
        "elsewhere": ["23:30", "2026-11-22"],
        "customer": ["07:30", "2026-11-23"],
    }, "the last one is the browser's own zone, which is Shanghai here"
