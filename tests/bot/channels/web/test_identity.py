"""tests: a visitor whom the shop signed is known, one whom it did not goes on as a stranger."""

from __future__ import annotations

from tests.bot.channels.web.desk import WebDesk, stored
from tests.support.clock import START
from tests.support.identities import signed


async def test_the_shops_customer_is_greeted_by_name_and_known_in_another_browser(desk: WebDesk) -> None:
    token, other = desk.token(), desk.token()
    for each in (token, other):
        async with desk.socket() as window:
            hello = {"t": "hello", "token": each, "after": 0, "identity": signed("10023", START, name="周雨桐")}
            await window.send(hello)
            await window.next("ready")
    homes = [await desk.parts.store.find(await desk.conversation_of(each)) for each in (token, other)]
    assert [home.customer_name for home in homes if home] == ["周雨桐", "周雨桐"]
    assert [record.action for record in desk.staff.records] == ["handoff.join"]


async def test_a_wrong_signature_is_told_and_the_visitor_goes_on(desk: WebDesk) -> None:
    token = desk.token()
    wrong = signed("10023", START, secret="guessed-by-somebody-who-is-not-the-shop")
    async with desk.socket() as window:
        await window.send({"t": "hello", "token": token, "after": 0, "identity": wrong})
        assert (await window.next("refused"))["code"] == "identity_refused"
        await window.next("ready")
        await window.say("k1", "你好")
        await window.until_entry("你好")
    async with desk.client(token) as client:
        opened = (await client.post("/api/conversation", json={"identity": wrong})).json()
        assert opened["identity_refused"] is True
        assert opened["conversation"] == await desk.conversation_of(token)
    assert await stored(desk, token) == ["你好"]
    assert desk.staff.records == []


async def test_another_customer_of_the_same_browser_does_not_see_the_first_ones_words(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.client(token) as client:
        mine = await client.post("/api/conversation", json={"identity": signed("10023", START)})
        assert "identity_refused" not in mine.json()
        other = await client.post("/api/conversation", json={"identity": signed("20077", START)})
        assert (other.status_code, other.json()["error"]["code"]) == (409, "identity_differs")
        assert "entries" not in other.json()
    async with desk.socket() as window:
        await window.send({"t": "hello", "token": token, "after": 0, "identity": signed("20077", START)})
        assert (await window.next("refused"))["code"] == "identity_differs"
        assert {frame["t"] for frame in window.frames} == {"refused"}
