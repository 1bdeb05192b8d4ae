"""tests: signing in and out, sessions and their end."""

from __future__ import annotations

import asyncio
import re

import pytest

from kit.contracts import Language
from kit.refusals import TooMany
from staff.contracts import Role
from staff.refusals import WrongCredentials
from tests.support.clock import MovableClock
from tests.support.web import PASSWORD, House, csrf_of, sign_in


async def test_the_right_password_opens_the_desk_and_the_wrong_one_does_not(house: House) -> None:
    await house.add("mei", Role.ADMIN)
    async with house.client() as browser:
        wrong = await browser.post("/sign-in", data={"name": "mei", "password": "not this one"})
        assert wrong.status_code == 401
        assert "desk_session" not in browser.cookies
        right = await sign_in(browser, " MEI ")
        assert (right.status_code, right.headers["location"]) == (303, "/staff")
        assert (await browser.get("/staff")).status_code == 200


async def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(house: House) -> None:
    await house.add("mei")
    async with house.client() as browser:
        cookie = (await sign_in(browser, "mei")).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    async with house.client() as browser:
        browser.base_url = "https://desk.test"
        assert "Secure" in (await sign_in(browser, "mei")).headers["set-cookie"]


@pytest.mark.parametrize("language", list(Language))
async def test_every_failed_sign_in_gets_the_same_answer(house: House, language: Language) -> None:
    admin = await house.add("boss", Role.ADMIN)
    closed = await house.add("closed")
    await house.staff.change_account(closed, by=admin, active=False)
    answers = set()
    async with house.client(language=language) as browser:
        for name, password in (
            ("boss", "wrong"),
            ("nobody", PASSWORD),
            ("closed", PASSWORD),
            ("", ""),
            ("\ud800", "x"),
        ):
            form = f"name={name}&password={password}".encode("utf-8", "surrogatepass")
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            response = await browser.post("/sign-in", content=form, headers=headers)
            assert response.status_code == 401
            answers.add(
                re.sub(r'(name="name" type="text" value=")[^"]*', r"\1", response.text).replace(" autofocus", "")
            )
    assert len(answers) == 1


async def test_an_unknown_name_costs_as_many_hashes_as_a_known_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.add("mei")
    work: list[str] = []
    hasher = house.staff._hasher  # noqa: SLF001 - the work itself is the promise
    real = hasher.matches

    async def counted(password_hash: str, password: str) -> bool:
        work.append(password_hash.rsplit("$", 2)[0])
        return await real(password_hash, password)

    monkeypatch.setattr(hasher, "matches", counted)
    for name in ("mei", "nobody"):
        with pytest.raises(WrongCredentials):
            await house.staff.sign_in(name=name, password="wrong", address="1.1.1.1")
    assert len(work) == 2
    assert work[0] == work[1]


async def test_after_five_wrong_guesses_even_the_right_password_waits(house: House, clock: MovableClock) -> None:
    await house.add("mei")
    async with house.client() as browser:
        for _ in range(5):
            assert (await sign_in(browser, "mei", "wrong")).status_code == 401
        waiting = await sign_in(browser, "mei")
        assert waiting.status_code == 429
        assert waiting.headers["retry-after"] == "300"
        clock.forward(seconds=301)
        assert (await sign_in(browser, "mei")).status_code == 303


async def test_guesses_at_one_name_do_not_lock_out_others_or_other_addresses(house: House) -> None:
    await house.add("mei")
    await house.add("jing")
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await house.staff.sign_in(name="mei", password="wrong", address="6.6.6.6")
    with pytest.raises(TooMany):
        await house.staff.sign_in(name="mei", password=PASSWORD, address="6.6.6.6")
    await house.staff.sign_in(name="jing", password=PASSWORD, address="6.6.6.6")
    await house.staff.sign_in(name="mei", password=PASSWORD, address="1.1.1.1")


async def test_guesses_made_at_once_are_counted_before_any_password_is_looked_at(house: House) -> None:
    await house.add("mei")
    guesses = (house.staff.sign_in(name="mei", password="wrong", address="6.6.6.6") for _ in range(30))
    results = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(result, WrongCredentials) for result in results) == 5
    assert sum(isinstance(result, TooMany) for result in results) == 25


async def test_one_address_cannot_try_every_name(house: House) -> None:
    refused = 0
    for number in range(60):
        try:
            await house.staff.sign_in(name=f"name{number}", password="wrong", address="6.6.6.6")
        except TooMany:
            refused += 1
        except WrongCredentials:
            pass
    assert refused == 10


async def test_a_session_slides_with_use_and_ends_after_twelve_idle_hours(house: House, clock: MovableClock) -> None:
    await house.add("mei")
    token = (await house.staff.sign_in(name="mei", password=PASSWORD, address="")).token
    for _ in range(3):
        clock.forward(hours=11)
        assert await house.staff.session(token)
    clock.forward(hours=12, seconds=1)
    assert await house.staff.session(token) is None


async def test_a_session_ends_after_a_week_even_when_used_all_the_time(house: House, clock: MovableClock) -> None:
    await house.add("mei")
    token = (await house.staff.sign_in(name="mei", password=PASSWORD, address="")).token
    for _ in range(7 * 24 // 8):
        clock.forward(hours=8)
        assert await house.staff.session(token)
    clock.forward(seconds=1)
    assert await house.staff.session(token) is None


async def test_signing_in_again_ends_the_old_session_of_that_browser(house: House) -> None:
    await house.add("mei")
    async with house.client() as browser:
        await sign_in(browser, "mei")
        old = browser.cookies["desk_session"]
        await browser.post("/sign-in", data={"name": "mei", "password": PASSWORD})
        assert browser.cookies["desk_session"] != old
    assert await house.staff.session(old) is None


async def test_signing_out_ends_the_session_on_the_server_too(house: House) -> None:
    await house.add("mei")
    async with house.client() as browser:
        await sign_in(browser, "mei")
        token = browser.cookies["desk_session"]
        response = await browser.post("/sign-out")
        assert (response.status_code, response.headers["location"]) == (303, "/sign-in")
        assert "desk_session" not in browser.cookies
        browser.cookies.set("desk_session", token)
        assert (await browser.get("/account")).headers["location"].startswith("/sign-in")


async def test_sign_in_leads_back_to_the_page_that_was_asked_for_but_to_no_other_site(house: House) -> None:
    await house.add("mei", Role.ADMIN)
    async with house.client() as browser:
        asked = await browser.get("/staff/audit")
        assert asked.headers["location"] == "/sign-in?next=/staff/audit"
        form = {"name": "mei", "password": PASSWORD}
        back = await browser.post("/sign-in", data={**form, "next": "/staff/audit"})
        assert back.headers["location"] == "/staff/audit"
        for elsewhere in ("https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)"):
            response = await browser.post("/sign-in", data={**form, "next": elsewhere})
            assert response.headers["location"] == "/"


async def test_a_first_password_opens_nothing_but_the_page_to_change_it(house: House) -> None:
    await house.staff.ensure_first_account(PASSWORD)
    async with house.client() as browser:
        assert (await sign_in(browser, "admin")).headers["location"] == "/account/password"
        for path in ("/staff", "/staff/audit", "/account"):
            assert (await browser.get(path)).headers["location"].startswith("/account/password")
        changed = await browser.post("/account/password", data={"present": PASSWORD, "password": "three quiet otters"})
        assert (changed.status_code, changed.headers["location"]) == (303, "/staff")
        assert (await browser.get("/staff")).status_code == 200


@pytest.mark.parametrize("language", list(Language))
async def test_the_first_account_works_in_the_language_it_was_first_signed_in_in(
    house: House, language: Language
) -> None:
    await house.staff.ensure_first_account(PASSWORD)
    async with house.client(language=language) as browser:
        await sign_in(browser, "admin")
        page = await browser.get("/account/password")
    assert house.pages.texts("staff.change_password.title", language) in page.text
    [account] = await house.staff.accounts()
    assert account.language is language


async def test_changing_the_password_ends_all_other_sessions(house: House) -> None:
    await house.add("mei")
    async with house.client() as here, house.client() as elsewhere:
        await sign_in(here, "mei")
        await sign_in(elsewhere, "mei")
        await here.post("/account/password", data={"present": PASSWORD, "password": "three quiet otters"})
        assert (await here.get("/account")).status_code == 200
        assert (await elsewhere.get("/account")).status_code == 303
        assert (await sign_in(elsewhere, "mei")).status_code == 401
        assert (await sign_in(elsewhere, "mei", "three quiet otters")).status_code == 303


@pytest.mark.parametrize(
    ("present", "new", "code"),
    [
        ("wrong", "three quiet otters", "not your present password"),
        (PASSWORD, PASSWORD, "must differ"),
        (PASSWORD, "short", "too easy"),
        (PASSWORD, "password1234", "too easy"),
        (PASSWORD, "mei123456789", "too easy"),
        (PASSWORD, "aaaaaaaaaaaaaa", "too easy"),
        (PASSWORD, "x" * 201, "too easy"),
    ],
)
async def test_a_password_change_that_cannot_be_says_why_at_the_field(
    house: House, present: str, new: str, code: str
) -> None:
    await house.add("mei")
    async with house.client() as browser:
        await sign_in(browser, "mei")
        response = await browser.post("/account/password", data={"present": present, "password": new})
        assert response.status_code == 422
        assert code in response.text
        assert 'aria-invalid="true"' in response.text
        await house.staff.sign_in(name="mei", password=PASSWORD, address="")


async def test_programs_get_the_refusal_as_json(house: House) -> None:
    async with house.client(html=False, language=Language.ZH) as program:
        refused = await program.post("/sign-in", data={"name": "mei", "password": "wrong"})
        assert refused.status_code == 401
        assert refused.json() == {
            "error": {"code": "wrong_credentials", "text": "账号或密码不对。", "field": "password", "details": {}}
        }
        unknown = await program.get("/account")
        assert (unknown.status_code, unknown.json()["error"]["code"]) == (401, "not_signed_in")


async def test_the_page_carries_the_csrf_token_of_its_session_only(house: House) -> None:
    await house.add("mei")
    async with house.client() as browser:
        assert csrf_of((await browser.get("/sign-in")).text) == ""
        await sign_in(browser, "mei")
        first = browser.headers["X-CSRF-Token"]
        await browser.post("/sign-in", data={"name": "mei", "password": PASSWORD})
        assert csrf_of((await browser.get("/account")).text) not in {"", first}
