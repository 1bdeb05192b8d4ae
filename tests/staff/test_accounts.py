"""tests: administrators manage accounts; everybody manages their own."""

from __future__ import annotations

import re

import pytest

from kit.contracts import Language
from staff.contracts import Role
from staff.passwords import check_password, clean_display_name, new_password
from staff.refusals import BadDisplayName
from tests.support.web import PASSWORD, House, csrf_of, sign_in


async def test_an_administrator_makes_an_account_whose_password_is_shown_once(house: House) -> None:
    await house.add("boss", Role.ADMIN)
    async with house.client() as browser:
        await sign_in(browser, "boss")
        form = {"name": "mei", "display_name": "小梅", "language": "zh", "roles": ["agent", "editor"]}
        made = await browser.post("/staff", data=form)
        password = re.findall(r"<code>([a-z0-9-]{19})</code>", made.text)
        assert len(password) == 1
        assert password[0] not in (await browser.get("/staff")).text
    async with house.client() as browser:
        response = await sign_in(browser, "mei", password[0])
        assert response.headers["location"] == "/account/password"
    [_, mei] = await house.staff.accounts()
    assert (mei.display_name, mei.roles, mei.language) == ("小梅", frozenset({Role.AGENT, Role.EDITOR}), Language.ZH)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AGENT, Role.EDITOR, None])
async def test_nobody_but_administrators_sees_or_changes_accounts(house: House, role: Role | None) -> None:
    boss = await house.add("boss", Role.ADMIN)
    await house.add("mei", *([role] if role else []))
    async with house.client() as browser:
        await sign_in(browser, "mei")
        for path in ("/staff", "/staff/audit", f"/staff/accounts/{boss}"):
            page = await browser.get(path, headers={"Accept": "text/html"})
            assert page.status_code == 403
            assert "<h1>No access</h1>" in page.text
        for path in ("", "/close", "/reopen", "/reset-password"):
            assert (await browser.post(f"/staff/accounts/{boss}{path}")).status_code == 403
        assert (await browser.post("/staff", data={"name": "x1", "display_name": "x"})).status_code == 403
    assert len(await house.staff.accounts()) == 2


@pytest.mark.parametrize(
    ("form", "field", "status"),
    [
        ({"name": "boss", "display_name": "B"}, "name", 409),
        ({"name": "a b", "display_name": "B"}, "name", 422),
        ({"name": "", "display_name": "B"}, "name", 422),
        ({"name": "mei", "display_name": " \x00\u200b "}, "display_name", 422),
        ({"name": "mei", "display_name": "x" * 41}, "display_name", 422),
    ],
)
async def test_an_account_that_cannot_be_is_refused_at_its_field(
    house: House, form: dict[str, str], field: str, status: int
) -> None:
    await house.add("boss", Role.ADMIN)
    async with house.client() as browser:
        await sign_in(browser, "boss")
        response = await browser.post("/staff", data=form)
        assert response.status_code == status
        assert re.search(rf'id="field-{field}"[^>]*aria-invalid="true"', response.text)
    assert len(await house.staff.accounts()) == 1


async def test_a_change_of_roles_holds_in_open_sessions_at_once(house: House) -> None:
    admin = await house.add("boss", Role.ADMIN)
    second = await house.add("mei", Role.ADMIN)
    async with house.client() as browser:
        await sign_in(browser, "mei")
        assert (await browser.get("/staff")).status_code == 200
        await house.staff.change_account(second, by=admin, roles=[Role.AGENT])
        assert (await browser.get("/staff")).status_code == 403


async def test_closing_an_account_signs_it_out_and_reopening_does_not_sign_it_in(house: House) -> None:
    await house.add("boss", Role.ADMIN)
    mei = await house.add("mei")
    async with house.client() as boss, house.client() as browser:
        await sign_in(boss, "boss")
        await sign_in(browser, "mei")
        assert (await boss.post(f"/staff/accounts/{mei}/close")).status_code == 303
        assert (await browser.get("/account")).status_code == 303
        assert (await sign_in(browser, "mei")).status_code == 401
        await boss.post(f"/staff/accounts/{mei}/reopen")
        assert (await browser.get("/account")).status_code == 303
        assert (await sign_in(browser, "mei")).status_code == 303


async def test_a_reset_password_must_be_changed_and_ends_every_session(house: House) -> None:
    await house.add("boss", Role.ADMIN)
    mei = await house.add("mei")
    async with house.client() as boss, house.client() as browser:
        await sign_in(boss, "boss")
        await sign_in(browser, "mei")
        shown = (await boss.post(f"/staff/accounts/{mei}/reset-password")).text
        [password] = re.findall(r"<code>([a-z0-9-]{19})</code>", shown)
        assert (await browser.get("/account")).status_code == 303
        assert (await sign_in(browser, "mei", PASSWORD)).status_code == 401
        assert (await sign_in(browser, "mei", password)).headers["location"] == "/account/password"


async def test_a_first_password_stands_in_nobodys_way(house: House) -> None:
    await house.add("boss", Role.ADMIN)
    mei = await house.add("mei")
    async with house.client() as boss, house.client() as browser:
        await sign_in(boss, "boss")
        shown = (await boss.post(f"/staff/accounts/{mei}/reset-password")).text
        [first] = re.findall(r"<code>([a-z0-9-]{19})</code>", shown)
        body = {"name": "mei", "password": first, "next": "/knowledge?status=draft"}
        there = (await browser.post("/sign-in", data=body)).headers["location"]
        assert there == "/account/password?next=%2Fknowledge%3Fstatus%3Ddraft"
        page = (await browser.get(there)).text
        assert 'name="next" value="/knowledge?status=draft"' in page
        browser.headers["X-CSRF-Token"] = csrf_of(page)
        for goal, reached in (
            ("https://elsewhere.example", "/"),
            ("/knowledge?status=draft", "/knowledge?status=draft"),
        ):
            body = {"present": first, "password": f"{PASSWORD} {reached}", "next": goal}
            changed = await browser.post("/account/password", data=body)
            assert changed.headers["location"] == reached
            first = body["password"]
            browser.headers["X-CSRF-Token"] = csrf_of((await browser.get("/account/password")).text)


async def test_the_last_administrator_and_ones_own_account_cannot_be_closed(house: House) -> None:
    boss = await house.add("boss", Role.ADMIN)
    async with house.client() as browser:
        await sign_in(browser, "boss")
        assert (await browser.post(f"/staff/accounts/{boss}", data={"roles": ["agent"]})).status_code == 409
        assert (await browser.post(f"/staff/accounts/{boss}/close")).status_code == 409
        assert (await browser.get("/staff")).status_code == 200


async def test_one_can_change_ones_own_name_and_language(house: House) -> None:
    mei = await house.add("mei", language=Language.EN)
    async with house.client(language=Language.ZH) as browser:
        await sign_in(browser, "mei")
        assert "<h2>Profile</h2>" in (await browser.get("/account")).text
        await browser.post("/account", data={"display_name": "小梅", "language": "zh"})
        assert "<h2>个人资料</h2>" in (await browser.get("/account")).text
    assert await house.staff.display_name(mei) == "小梅"


async def test_the_trail_tells_who_did_what_before_and_after(house: House) -> None:
    await house.add("boss", Role.ADMIN)
    mei = await house.add("mei", Role.AGENT)
    async with house.client() as browser:
        await sign_in(browser, "boss")
        await browser.post(f"/staff/accounts/{mei}", data={"roles": ["editor"]})
        trail = (await browser.get("/staff/audit")).text
    assert "Changed account" in trail
    assert re.search(r"<del>mei \(Mei\), agent, en, active</del>\s*mei \(Mei\), editor, en, active", trail)
    [change, *_] = (await house.staff.audit_page()).records
    assert (change.action, change.subject) == ("staff.change_account", f"account:{mei}")


async def test_no_password_or_token_is_ever_written_to_the_trail(house: House) -> None:
    await house.add("boss", Role.ADMIN)
    signed_in = await house.staff.sign_in(name="boss", password=PASSWORD, address="")
    made = await house.staff.create_account(
        name="mei", display_name="Mei", roles=[], language=Language.EN, by=signed_in.person.id
    )
    await house.staff.change_password(signed_in.person.id, present=PASSWORD, new="three quiet otters")
    trail = repr((await house.staff.audit_page()).records)
    for secret in (PASSWORD, "three quiet otters", made.password, signed_in.token, signed_in.person.csrf):
        assert secret not in trail


@pytest.mark.parametrize("language", list(Language))
async def test_every_page_is_whole_in_both_languages(house: House, language: Language) -> None:
    boss = await house.add("boss", Role.ADMIN, language=language)
    async with house.client(language=language) as browser:
        await sign_in(browser, "boss")
        for path in ("/staff", "/staff/audit", f"/staff/accounts/{boss}", "/account", "/account/password"):
            page = await browser.get(path)
            assert page.status_code == 200
            assert f'<html lang="{"zh-CN" if language is Language.ZH else "en"}"' in page.text
            assert " style=" not in page.text
            assert not re.search(r"<script(?![^>]*(src=|application/json))", page.text)


def test_made_up_passwords_pass_the_rules_and_differ() -> None:
    passwords = {new_password() for _ in range(200)}
    assert len(passwords) == 200
    for password in passwords:
        check_password(password, name="mei", length=10)


def test_a_display_name_loses_what_cannot_be_seen() -> None:
    assert clean_display_name(" 林\u202e\n 静 ") == "林 静"
    with pytest.raises(BadDisplayName):
        clean_display_name("\u200b")
