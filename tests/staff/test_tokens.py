"""tests: API tokens: made and revoked on the administrators' page, checked, counted and audited at every call."""

from __future__ import annotations

import re

import httpx
import pytest
from fastapi import APIRouter, Request

from kit.refusals import NotFound
from kit.sql import Database
from kit.texts import Texts
from staff.adapters.tables import api_tokens
from staff.contracts import Person, Role, Scope
from staff.ports import Gate
from staff.settings import StaffSettings
from staff.web.api_gate import ApiGate
from tests.support.clock import MovableClock
from tests.support.web import House, build_house, sign_in

SECRET = re.compile(r"desk_[A-Za-z0-9_-]{43}")
LIMIT = 3


def a_room(gate: Gate) -> APIRouter:
    """Two routes that answer as whom the caller is seen."""
    router = APIRouter()

    @router.get("/api/v1/things")
    async def look(request: Request) -> dict[str, object]:
        person = await gate.require(request, Role.AGENT)
        return {"name": person.display_name, "roles": sorted(person.roles)}

    @router.post("/api/v1/things")
    async def change(request: Request) -> str:
        return (await gate.require(request, Role.AGENT)).id

    return router


@pytest.fixture
def desk(sqlite_database: Database, texts: Texts, clock: MovableClock) -> House:
    """The staff room, and a room for programs."""
    settings = StaffSettings(token_calls_per_minute=LIMIT)
    plain = build_house(sqlite_database, texts, clock=clock, settings=settings)
    gate = ApiGate(plain.gate, plain.tokens, reads=Scope.CASES_READ, writes=Scope.CASES_WRITE)
    return build_house(sqlite_database, texts, clock=clock, settings=settings, routers=[a_room(gate)])


async def boss_of(house: House) -> Person:
    account_id = await house.add("boss", Role.ADMIN)
    account = await house.staff.account(account_id)
    return Person(
        id=account.id,
        name=account.name,
        display_name=account.display_name,
        roles=account.roles,
        language=account.language,
        csrf="",
    )


def bearing(house: House, secret: str) -> httpx.AsyncClient:
    client = house.client(html=False)
    client.headers["Authorization"] = f"Bearer {secret}"
    return client


async def test_the_page_shows_a_new_token_once_and_stores_only_its_hash(desk: House, sqlite_database: Database) -> None:
    await boss_of(desk)
    async with desk.client() as browser:
        await sign_in(browser, "boss")
        form = {"name": "shop  system", "scopes": ["cases:read"], "days": "30"}
        made = await browser.post("/staff/tokens", data=form)
        [secret] = SECRET.findall(made.text)
        again = await browser.get("/staff/tokens")
        assert secret not in again.text
        assert "shop system" in again.text
        assert secret[-4:] in again.text
        trail = await browser.get("/staff/audit")
        assert "Made API token" in trail.text
        assert secret not in trail.text
    async with sqlite_database.read() as connection:
        row = (await connection.execute(api_tokens.select())).one()
    assert secret not in str(row)
    async with bearing(desk, secret) as program:
        assert (await program.get("/api/v1/things")).json() == {"name": "shop system", "roles": ["agent"]}


async def test_a_revoked_token_and_one_past_its_time_are_refused_alike(desk: House, clock: MovableClock) -> None:
    boss = await boss_of(desk)
    short = await desk.tokens.make(name="short", scopes={Scope.CASES_READ}, days=1, by=boss)
    gone = await desk.tokens.make(name="gone", scopes={Scope.CASES_READ}, days=None, by=boss)
    async with desk.client() as browser:
        await sign_in(browser, "boss")
        assert (await browser.post(f"/staff/tokens/{gone.token.id}/revoke")).status_code == 303
        assert "Revoked" in (await browser.get("/staff/tokens")).text
        clock.forward(days=1)
    for secret in (short.secret, gone.secret, "desk_made-up", ""):
        async with bearing(desk, secret) as program:
            answer = await program.get("/api/v1/things")
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_invalid")
    with pytest.raises(NotFound):
        await desk.tokens.revoke("nobody", by=boss)


async def test_a_token_may_what_its_scopes_say_and_changes_are_audited_in_its_name(desk: House) -> None:
    boss = await boss_of(desk)
    reader = await desk.tokens.make(name="reader", scopes={Scope.CASES_READ}, days=1, by=boss)
    writer = await desk.tokens.make(name="writer", scopes={Scope.CASES_WRITE}, days=1, by=boss)
    async with bearing(desk, reader.secret) as program:
        assert (await program.get("/api/v1/things")).status_code == 200
        refused = await program.post("/api/v1/things")
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "scope_missing")
        assert "cases:write" in refused.json()["error"]["text"]
    async with bearing(desk, writer.secret) as program:
        assert (await program.get("/api/v1/things")).status_code == 403
        changed = await program.post("/api/v1/things?who=customer")
        assert changed.json() == writer.token.id
    newest = (await desk.staff.audit_page()).records[0]
    assert (newest.account_id, newest.action, newest.after) == (
        writer.token.id,
        "staff.token_call",
        "POST /api/v1/things",
    )
    async with desk.client() as browser:
        await sign_in(browser, "boss")
        assert "writer" in (await browser.get("/staff/audit")).text
        page = (await browser.get("/staff/tokens")).text
    assert page.count("Never") == 0


async def test_a_program_that_calls_too_often_is_told_when_to_come_back(desk: House, clock: MovableClock) -> None:
    busy = await desk.tokens.make(name="busy", scopes={Scope.CASES_READ}, days=1, by=await boss_of(desk))
    async with bearing(desk, busy.secret) as program:
        for _ in range(LIMIT):
            assert (await program.get("/api/v1/things")).status_code == 200
        refused = await program.get("/api/v1/things")
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
        clock.forward(seconds=60)
        assert (await program.get("/api/v1/things")).status_code == 200


async def test_without_a_token_a_session_is_asked_for_with_its_csrf_token(desk: House) -> None:
    await desk.add("ann", Role.AGENT)
    async with desk.client(html=False) as browser:
        assert (await browser.get("/api/v1/things")).status_code == 401
        await sign_in(browser, "ann")
        assert (await browser.post("/api/v1/things")).status_code == 200
        del browser.headers["X-CSRF-Token"]
        assert (await browser.get("/api/v1/things")).status_code == 200
        assert (await browser.post("/api/v1/things")).json()["error"]["code"] == "csrf"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": " ", "scopes": ["cases:read"]}, "1 to 40 characters"),
        ({"name": "x" * 41, "scopes": ["cases:read"]}, "1 to 40 characters"),
        ({"name": "shop"}, "Tick at least one"),
    ],
)
async def test_a_token_without_name_or_scopes_is_refused_beside_the_form(
    desk: House, form: dict[str, object], words: str
) -> None:
    await boss_of(desk)
    async with desk.client() as browser:
        await sign_in(browser, "boss")
        refused = await browser.post("/staff/tokens", data=form)
        assert refused.status_code == 422
        assert words in refused.text
    assert await desk.tokens.all() == ()


async def test_only_administrators_see_and_make_tokens(desk: House) -> None:
    await desk.add("sue", Role.SUPERVISOR)
    async with desk.client() as browser:
        await sign_in(browser, "sue")
        assert (await browser.get("/staff/tokens")).status_code == 403
        form = {"name": "mine", "scopes": ["cases:read"]}
        assert (await browser.post("/staff/tokens", data=form)).status_code == 403
