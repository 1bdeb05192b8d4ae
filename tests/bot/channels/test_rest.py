"""tests: the REST channel over the whole desk: stored once, answered in order, again until it is acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError
from redis.asyncio import Redis

from bot.contracts import Delivery, EntryKind, NewEntry
from bot.settings import DeskSettings
from bot.settings.programs import Replies, RestChannel, RestSettings
from handoff.adapters.customer_store import SqlCustomerStore
from kit.contracts import Language
from kit.files import SentFile
from staff.contracts import Person, Role, Scope
from tests.support.desk import RunningDesk, running_desk
from tests.support.identities import SHOP_SECRET, signed
from tests.support.pictures import picture
from tests.support.valkey import ValkeyServer
from tests.support.wait import until

PATIENCE = 100.0
BOSS = Person(id="boss", name="boss", display_name="Boss", roles=frozenset(Role), language=Language.EN, csrf="")
CHANNELS = RestSettings(
    channels=(RestChannel(name="shop-app"), RestChannel(name="told", replies=Replies.WEBHOOK)),
)


@pytest.fixture
async def desk(tmp_path: Path, sqlite_url: str) -> AsyncIterator[RunningDesk]:
    async with running_desk(
        tmp_path, database_url=sqlite_url, settings=DeskSettings(rest=CHANNELS), identity=SHOP_SECRET
    ) as running:
        yield running


async def program(desk: RunningDesk, *scopes: Scope) -> httpx.AsyncClient:
    made = await desk.rooms.tokens.make(name="bridge", scopes=scopes or (Scope.CHANNELS,), days=1, by=BOSS)
    headers = {"Authorization": f"Bearer {made.secret}", "Accept-Language": "en"}
    return httpx.AsyncClient(base_url=f"{desk.url}/api/v1/channels", headers=headers, timeout=PATIENCE)


async def replies(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """What comes next; asked again until something does."""
    while not (found := (await client.get("/shop-app/replies", params={"wait": 20})).json()):
        pass
    return list(found)


@pytest.mark.parametrize(("text", "language"), [("你好", "zh"), ("hello there", "en")])
async def test_a_message_is_stored_once_and_its_reply_comes_until_it_is_acknowledged(
    desk: RunningDesk, text: str, language: str
) -> None:
    async with await program(desk) as bridge:
        message = {"id": "m-1", "address": "chat-7", "text": text, "name": "小林", "language": language}
        first = (await bridge.post("/shop-app/messages", json=message)).json()
        again = (await bridge.post("/shop-app/messages", json=message)).json()
        assert (first["duplicate"], again["duplicate"], again["seq"]) == (False, True, first["seq"])
        [reply] = await replies(bridge)
        assert (reply["address"], reply["kind"], reply["conversation"]) == ("chat-7", "bot", first["conversation"])
        assert (await replies(bridge))[0]["id"] == reply["id"]
        for _ in range(2):
            noted = await bridge.post(f"/shop-app/replies/{reply['id']}/delivered", json={"message_id": "app-9"})
            assert noted.status_code == 204
        rows = await desk.rooms.outbox.of_conversation(first["conversation"])
        assert [(row.state, row.message_id) for row in rows if row.id == reply["id"]] == [(Delivery.SENT, "app-9")]
        assert reply["id"] not in [each["id"] for each in (await bridge.get("/shop-app/replies")).json()]


async def test_who_waits_for_replies_hears_of_the_first_one(desk: RunningDesk) -> None:
    async with await program(desk) as bridge:
        waiting = asyncio.create_task(replies(bridge))
        await bridge.post("/shop-app/messages", json={"id": "m-1", "address": "chat-7", "text": "hello"})
        assert (await waiting)[0]["address"] == "chat-7"


async def test_a_channel_told_by_webhook_keeps_nothing_to_be_fetched(desk: RunningDesk) -> None:
    async with await program(desk) as bridge:
        stored = await bridge.post("/told/messages", json={"id": "m-1", "address": "chat-7", "text": "hello"})
        assert stored.status_code == 200
        assert (await bridge.get("/told/replies")).status_code == 404
        assert await desk.rooms.outbox.of_conversation(stored.json()["conversation"]) == ()


async def test_the_shops_word_on_a_customer_joins_the_chat_app_to_the_widget(desk: RunningDesk) -> None:
    who = signed("10023", desk.ground.clock())
    message = {"id": "m-1", "address": "chat-7", "text": "hello", "identity": who}
    async with await program(desk) as bridge, httpx.AsyncClient(base_url=desk.url, timeout=PATIENCE) as window:
        refused = await bridge.post("/shop-app/messages", json=message | {"identity": who[:-2] + "AA"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "identity_refused")
        app = (await bridge.post("/shop-app/messages", json=message)).json()["conversation"]
        token = (await window.post("/api/visitor")).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        opened = await window.post("/api/conversation", json={"identity": who}, headers=headers)
    store = SqlCustomerStore(desk.ground.database)
    assert await store.root(opened.json()["conversation"]) == await store.root(app) == app


@pytest.fixture
async def wired(
    tmp_path: Path, sqlite_url: str, valkey: ValkeyServer, redis_client: Redis
) -> AsyncIterator[RunningDesk]:
    """The same with a wire; `redis_client` has emptied it."""
    settings = DeskSettings(rest=CHANNELS)
    async with running_desk(tmp_path, database_url=sqlite_url, redis_url=valkey.url, settings=settings) as running:
        yield running


async def test_typing_goes_both_ways_and_stays_in_its_channel(wired: RunningDesk) -> None:
    desk = wired
    async with await program(desk) as bridge:
        message = {"id": "m-1", "address": "chat-7", "text": "hello"}
        assert (await bridge.post("/shop-app/typing", json={"address": "chat-7"})).status_code == 404
        home = (await bridge.post("/shop-app/messages", json=message)).json()["conversation"]
        async with desk.ground.signals.subscribe(f"conversation:{home}") as news:
            assert (await bridge.post("/shop-app/typing", json={"address": "chat-7"})).status_code == 204
            while (signal := await anext(news)) is None or "typing" not in signal.body:
                pass
        assert signal.body == {"typing": True, "who": "customer"}
        assert (await bridge.get("/shop-app/typing")).json() == []
        asked = asyncio.create_task(bridge.get("/shop-app/typing", params={"wait": 20}))

        async def heard() -> bool:
            # Until the program listens there is nobody to tell.
            await desk.ground.signals.publish(f"conversation:{home}", {"typing": True, "who": "agent"})
            return asked.done()

        await until(heard)
        assert (await asked).json() == [{"address": "chat-7", "conversation": home, "on": True}]
        assert (await bridge.get("/told/typing")).json() == []


async def test_foreign_channels_replies_and_callers_are_refused(desk: RunningDesk) -> None:
    message = {"id": "m-1", "address": "chat-7", "text": "hello"}
    async with await program(desk) as bridge:
        for channel in ("web", "telegram", "nowhere"):
            assert (await bridge.post(f"/{channel}/messages", json=message)).status_code == 404
        assert (await bridge.post("/shop-app/replies/nobody/delivered", json={})).status_code == 404
        for wrong in ({"text": ""}, {"choice": "human"}, {"id": "a:b"}, {"address": ""}):
            refused = await bridge.post("/shop-app/messages", json=message | wrong)
            assert (refused.status_code, refused.json()["error"]["code"]) == (422, "malformed"), wrong
        del bridge.headers["Authorization"]
        assert (await bridge.post("/shop-app/messages", json=message)).status_code == 401
    async with await program(desk, Scope.DESK_WRITE) as other:
        assert (await other.post("/shop-app/messages", json=message)).status_code == 403


@pytest.mark.parametrize("names", [("web",), ("a", "a"), ("Shop",)])
def test_a_channels_name_is_its_own(names: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        RestSettings.model_validate({"channels": [{"name": name} for name in names]})


async def test_files_come_in_once_and_go_out_with_their_line_and_to_no_other_channel(desk: RunningDesk) -> None:
    async with await program(desk) as bridge:
        query = {"id": "f-1", "address": "chat-7", "name": "故障.png", "language": "zh"}
        first = (await bridge.post("/shop-app/files", params=query, content=picture())).json()
        again = (await bridge.post("/shop-app/files", params=query, content=picture())).json()
        assert (first["duplicate"], again) == (False, first | {"duplicate": True})
        home, seq = first["conversation"], first["seq"]
        stored = await bridge.get(f"/shop-app/files/{home}/{seq}")
        assert (stored.content, stored.headers["content-type"]) == (picture(), "image/png")
        for path in (f"/told/files/{home}/{seq}", f"/shop-app/files/{home}/{seq + 50}", "/shop-app/files/nothing/1"):
            assert (await bridge.get(path)).status_code == 404
        unknown = await bridge.post("/shop-app/files", params=query | {"id": "f-2"}, content=b"MZ" + bytes(99))
        assert (unknown.status_code, unknown.json()["error"]["code"]) == (422, "attachment_unknown")

        paper = SentFile(name="说明.png", media_type="image/png", content=picture())
        new = NewEntry(
            kind=EntryKind.AGENT,
            key="agent-file",
            text="[文件] 说明.png",
            language=Language.ZH,
            author="林静",
            payload={"file": paper.facts},
            file=paper,
        )
        database, store, at = desk.ground.database, desk.rooms.store, desk.ground.clock()
        await database.write(lambda tx: store.append(tx, home, [new], at=at))
        reply: dict[str, Any] = {"kind": ""}
        while reply["kind"] != "agent":
            [reply] = await replies(bridge)
            if reply["kind"] != "agent":
                await bridge.post(f"/shop-app/replies/{reply['id']}/delivered", json={})
        assert reply["payload"]["file"] == paper.facts
        sent = await bridge.get(f"/shop-app/files/{home}/{reply['seq']}")
        assert (sent.content, sent.headers["content-type"]) == (picture(), "image/png")
        assert "attachment" in sent.headers["content-disposition"]
    async with await program(desk, Scope.DESK_READ) as stranger:
        assert (await stranger.get(f"/shop-app/files/{home}/{seq}")).status_code == 403
