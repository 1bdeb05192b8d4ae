"""tests: an automatic scan of every page the house links to, for people who cannot see or use it well.

Somebody with every role follows each link once a kind of page, on a desk where a customer has complained, a person was
called and answers are published; so a page that is added is scanned without anybody thinking of it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page

from handoff.contracts import Agent
from kit.contracts import Language
from staff.contracts import Role
from tests.browser.test_staff_pages import sign_in
from tests.journeys.customers import WebCustomer, heard
from tests.journeys.test_both_channels import claimed_by, words
from tests.support.axe import faults_of, need_axe
from tests.support.browser import DESKTOP, PHONE, Windows, broken_words, overflow
from tests.support.desk import RunningDesk
from tests.support.web import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

DOORS = ("/desk", "/floor", "/team", "/cases", "/knowledge", "/staff", "/account")
NAME = re.compile(r"(?<=/)(?=[^/]*\d)[^/]+")
"""A part of an address that names one thing: every page of its kind looks alike."""
FILES = re.compile(r"(\.csv|/pdf|/xlsx|/export|/files/.*|/evidence/.*|/api/.*|/static/.*|/sign-out)$")
EXPECTED = {
    *("/desk", "/desk?c", "/floor", "/team", "/team/attendance", "/team/replies", "/account", "/account/password"),
    *("/cases", "/cases/*", "/cases/new", "/cases/digest", "/cases/reports", "/cases/surveys", "/cases/follow-ups"),
    *("/knowledge", "/knowledge/articles/*", "/knowledge/articles/new", "/knowledge/exchange", "/knowledge/misses"),
    *("/staff", "/staff/accounts/*", "/staff/audit", "/staff/tokens", "/staff/webhooks"),
}


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [(Language.ZH, DESKTOP, False), (Language.EN, PHONE, True)],
    indirect=["language"],
)
async def test_no_page_has_a_fault_that_a_scan_finds(
    desk: RunningDesk,
    windows: Windows,
    visitor: WebCustomer,
    agent: Agent,
    language: Language,
    *,
    width: int,
    dark: bool,
) -> None:
    need_axe()
    await visitor.arrive()
    await visitor.say(words("complaint", language))
    await heard(visitor, "TS")
    await visitor.say(words("ask_person", language))
    held = await claimed_by(desk, agent)
    await desk.rooms.staff.create_account(
        name="all", display_name="全能", roles=list(Role), language=language, password=PASSWORD
    )
    page = await windows.open(language=language, width=width, dark=dark)
    windows.tolerate("Applying inline style")  # the scan's own, kept out by the pages' content policy
    await sign_in(page, desk.url, "all")
    assert await broken_words(page, ".rail a") == []
    assert await overflow(page) == []
    found = await follow(page, desk.url, [*DOORS, f"/desk?c={held.conversation_id}&view=all"])
    assert set(found) >= EXPECTED, EXPECTED - set(found)
    assert {where: faults for where, faults in found.items() if faults} == {}


async def follow(page: Page, address: str, doors: list[str]) -> dict[str, list[str]]:
    """What the scan found on each kind of page that can be reached from `doors`."""
    found: dict[str, list[str]] = {}
    ways = [(kind_of(door), door) for door in doors]
    while ways:
        kind, way = ways.pop(0)
        if kind in found:
            continue
        await page.goto(f"{address}{way}")
        found[kind] = await faults_of(page)
        links: list[str] = await page.eval_on_selector_all("a[href]", "(all) => all.map((one) => one.href)")
        ours = [link.removeprefix(address) for link in links if link.startswith(f"{address}/")]
        ways += [(kind_of(link), link) for link in ours if not FILES.search(urlsplit(link).path)]
    return found


def kind_of(link: str) -> str:
    """The kind of page an address leads to; an open conversation is one of its own."""
    parts = urlsplit(link)
    return NAME.sub("*", parts.path) + ("?c" if parts.query.startswith("c=") else "")
