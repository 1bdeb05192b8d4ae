"""tests: the administrators' pages of webhooks."""

from __future__ import annotations

import re

import httpx
import pytest

from bot.adapters.conversation_store import SqlConversationStore
from bot.adapters.webhook_store import SqlWebhookStore
from bot.contracts import EntryKind, NewEntry
from bot.web.webhooks import build_webhooks_router
from bot.webhooks.service import Webhooks
from kit.contracts import Language, Tx
from kit.ids import new_id
from kit.sql import Database
from kit.texts import Texts
from staff.contracts import Role
from tests.support.clock import MovableClock
from tests.support.web import House, build_house, sign_in

SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")
FORM = {"url": "https://shop.example.com/events", "events": ["message.created"]}


@pytest.fixture
async def house(sqlite_database: Database, texts: Texts, clock: MovableClock) -> House:
    plain = build_house(sqlite_database, texts, clock=clock)
    webhooks = Webhooks(
        transactions=sqlite_database,
        store=SqlWebhookStore(sqlite_database, new_id=new_id),
        audit=plain.staff,
        desk_secret="the desk's own secret",
        allow_private=False,
        clock=clock,
        new_id=new_id,
    )
    router = build_webhooks_router(webhooks=webhooks, gate=plain.gate, pages=plain.pages)
    await plain.add("boss", Role.ADMIN)
    await plain.add("sue", Role.SUPERVISOR)
    return build_house(sqlite_database, texts, clock=clock, routers=[router])


async def say(database: Database, clock: MovableClock) -> None:
    """A customer's message, with the delivery it causes."""
    lines = SqlConversationStore(database, new_id=new_id, tells=SqlWebhookStore(database, new_id=new_id))

    async def work(tx: Tx) -> None:
        home = await lines.open(tx, channel="web", address="v1", customer_name="", language=Language.EN, at=clock())
        new = NewEntry(kind=EntryKind.CUSTOMER, key="k", text="hello", language=Language.EN)
        await lines.append(tx, home.id, [new], at=clock())

    await database.write(work)


async def test_the_secret_is_shown_once_and_a_new_one_when_asked_for(house: House) -> None:
    async with house.client() as browser:
        await sign_in(browser, "boss")
        [secret] = SECRET.findall((await browser.post("/staff/webhooks", data=FORM)).text)
        page = (await browser.get("/staff/webhooks")).text
        assert SECRET.findall(page) == []
        webhook_id = re.findall(r"/staff/webhooks/([0-9A-Z]{26})/rotate", page)[0]
        [other] = SECRET.findall((await browser.post(f"/staff/webhooks/{webhook_id}/rotate")).text)
        assert other != secret
        await browser.post(f"/staff/webhooks/{webhook_id}/switch", data={"on": "false"})
        assert "Switch on" in (await browser.get("/staff/webhooks")).text


async def test_the_log_shows_each_delivery_and_sends_it_again(
    house: House, sqlite_database: Database, clock: MovableClock
) -> None:
    async with house.client() as browser:
        await sign_in(browser, "boss")
        page = (await browser.post("/staff/webhooks", data=FORM)).text
        address = re.findall(r'href="(/staff/webhooks/[0-9A-Z]{26})"', page)[0]
        assert "Nothing to tell yet" in (await browser.get(address)).text
        await say(sqlite_database, clock)
        log = (await browser.get(address)).text
        assert "Message" in log
        assert "Waiting" in log
        [replay] = re.findall(r'action="([^"]+/replay)"', log)
        assert (await browser.post(replay)).status_code == 303
        assert (await browser.post(f"{address}/deliveries/nobody/replay")).status_code == 404
        assert "Sent webhook delivery again" in (await browser.get("/staff/audit")).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "https://10.0.0.1/"}, "must begin with https://"),
        ({"url": "http://shop.example.com/"}, "must begin with https://"),
        ({"events": []}, "Tick at least one"),
    ],
)
async def test_a_bad_form_is_refused_with_what_was_typed(house: House, change: dict[str, object], words: str) -> None:
    async with house.client() as browser:
        await sign_in(browser, "boss")
        refused: httpx.Response = await browser.post("/staff/webhooks", data=FORM | change)
        assert refused.status_code == 422
        assert words in refused.text


async def test_only_administrators_see_webhooks(house: House) -> None:
    async with house.client() as browser:
        await sign_in(browser, "sue")
        assert (await browser.get("/staff/webhooks")).status_code == 403
        assert (await browser.post("/staff/webhooks", data=FORM)).status_code == 403
