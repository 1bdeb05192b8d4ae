"""tests: the visitor's conversation over plain HTTP keeps the socket's promises."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.channels.web.visits import CHANNEL
from bot.contracts import EntryKind, Owner
from tests.bot.channels.web.desk import AGENT, WebDesk, stored, windows
from tests.bot.support.desk import Parts


async def test_a_client_without_sockets_can_hold_a_whole_conversation(desk: WebDesk) -> None:
    async with desk.client() as nobody:
        token = (await nobody.post("/api/visitor")).json()["token"]
    async with desk.client(token) as client:
        opened = (await client.post("/api/conversation", json={"language": "en"})).json()
        assert (opened["seq"], opened["entries"], opened["state"]["owner"]) == (1, [], "bot")
        sent = await client.post("/api/messages", json={"key": "k1", "text": "Is my order shipped?"})
        assert sent.json() == {"key": "k1", "seq": 2, "duplicate": False}
        again = await client.post("/api/messages", json={"key": "k1", "text": "Is my order shipped?"})
        assert again.json() == {"key": "k1", "seq": 2, "duplicate": True}
        choices: list[Any] = [{"id": "human", "label": "Person"}]
        await desk.write(token, "**Yes**", payload={"format": "markdown", "choices": choices})
        read = (await client.get("/api/conversation", params={"after": 2})).json()
        assert [entry["html"] for entry in read["entries"]] == ["<p><strong>Yes</strong></p>\n"]
        assert (read["after"], read["upto"], read["seq"]) == (2, 3, 3)
        press = {"key": "k2", "choice": "human", "seq": 3}
        assert (await client.post("/api/messages", json=press)).status_code == 200
    assert await stored(desk, token) == ["Is my order shipped?", "**Yes**", "Person"]


async def test_a_long_transcript_is_read_part_by_part(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.client(token) as client:
        await client.post("/api/conversation")
        for number in range(120):
            await desk.write(token, f"line {number}", kind=EntryKind.NOTE if number == 60 else EntryKind.BOT)
        texts: list[str] = []
        after, seq = 0, 1
        while after < seq:
            read = (await client.get(f"/api/conversation?after={after}")).json()
            texts += [entry["text"] for entry in read["entries"]]
            after, seq = read["upto"], read["seq"]
    assert texts == [f"line {number}" for number in range(120) if number != 60]


async def test_reading_before_anything_was_said_opens_nothing(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.client(token) as client:
        read = (await client.get("/api/conversation")).json()
    assert (read["conversation"], read["seq"], read["entries"]) == (None, 0, [])
    assert await desk.parts.store.find_at(CHANNEL, desk.visitors.read(token).id) is None


async def test_a_visitor_gets_the_way_to_the_own_cases_once_there_is_a_conversation(desk: WebDesk) -> None:
    async with desk.client(desk.token()) as client:
        assert (await client.post("/api/case-page")).status_code == 404
        opened = (await client.post("/api/conversation")).json()
        assert (await client.post("/api/case-page")).json() == {"path": f"/c/mine/{opened['conversation']}"}
    async with desk.client() as nobody:
        assert (await nobody.post("/api/case-page")).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c"])
async def test_without_a_token_of_ours_nothing_is_read_or_stored(desk: WebDesk, token: str) -> None:
    async with desk.client(token) as client:
        for answer in (
            await client.get("/api/conversation"),
            await client.post("/api/conversation"),
            await client.post("/api/messages", json={"key": "k", "text": "hi"}),
        ):
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "visitor_unknown")


async def test_a_shown_token_is_renewed_and_a_wrong_one_refused(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.client(token) as client:
        assert (await client.post("/api/visitor")).json()["token"] == token
        desk.parts.clock.forward(days=3)
        fresh = (await client.post("/api/visitor")).json()["token"]
    assert fresh != token
    assert desk.visitors.read(fresh).id == desk.visitors.read(token).id
    async with desk.client("wrong") as client:
        assert (await client.post("/api/visitor")).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff",
        b"[" * 50_000,
        json.dumps({"text": "no key"}).encode(),
        json.dumps({"key": 7, "text": "x"}).encode(),
        json.dumps({"key": "k", "text": None}).encode(),
        json.dumps({"key": "k", "text": "x" * 10, "seq": "1", "choice": "a"}).encode(),
        json.dumps({"key": "k\ud83d", "text": "x"}).encode(),
        json.dumps({"key": "k", "choice": "a", "seq": 1e400}).encode(),
    ],
)
async def test_a_body_of_the_wrong_form_is_called_malformed(desk: WebDesk, body: bytes) -> None:
    token = desk.token()
    async with desk.client(token) as client:
        answer = await client.post("/api/messages", content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "malformed")
    assert await desk.parts.store.find_at(CHANNEL, desk.visitors.read(token).id) is None


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "99999999999999999999", "²"])
async def test_a_number_that_is_none_is_called_malformed(desk: WebDesk, after: str) -> None:
    async with desk.client(desk.token()) as client:
        answer = await client.get("/api/conversation", params={"after": after})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "after")


async def test_another_sites_page_cannot_write(desk: WebDesk) -> None:
    async with desk.client(desk.token()) as client:
        message = {"key": "k", "text": "x"}
        answer = await client.post("/api/messages", json=message, headers={"Origin": "https://evil.example.com"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign_origin")


async def test_refusals_are_in_the_callers_language(desk: WebDesk) -> None:
    async with desk.client(desk.token()) as client:
        for language, chinese in (("zh-CN", True), ("en-GB", False)):
            message = {"key": "k", "text": "x" * 5000}
            answer = await client.post("/api/messages", json=message, headers={"Accept-Language": language})
            error = answer.json()["error"]
            assert (answer.status_code, error["code"], error["field"]) == (422, "message_too_long", "text")
            assert error["text"].isascii() is not chinese


async def test_too_many_messages_are_refused_with_the_time_to_come_back(sqlite_parts: Parts) -> None:
    async with (
        WebDesk(parts=sqlite_parts, messages_per_minute=2).running() as desk,
        desk.client(desk.token()) as client,
    ):
        for key in ("a", "b"):
            assert (await client.post("/api/messages", json={"key": key, "text": "x"})).status_code == 200
        answer = await client.post("/api/messages", json={"key": "c", "text": "x"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")


async def test_nothing_of_a_conversation_is_kept_by_caches(desk: WebDesk) -> None:
    async with desk.client(desk.token()) as client:
        for answer in (await client.post("/api/visitor"), await client.get("/api/conversation")):
            assert answer.headers["cache-control"] == "no-store"


async def test_a_reader_that_waits_is_answered_when_there_is_news(desk: WebDesk) -> None:
    async with desk.client(desk.token()) as client:
        token = client.headers["authorization"].removeprefix("Bearer ")
        opened = (await client.post("/api/conversation", json={})).json()
        waiting = asyncio.create_task(client.get("/api/conversation", params={"after": opened["seq"], "wait": 20}))
        await windows(desk, 1)
        entry = await desk.write(token, "news")
        answer = (await waiting).json()
        assert [each["text"] for each in answer["entries"]] == ["news"]
        assert (answer["after"], answer["upto"]) == (opened["seq"], entry.seq)
        at_once = await client.get("/api/conversation", params={"after": opened["seq"], "wait": 20})
        assert at_once.json()["entries"] == answer["entries"]
        moved = asyncio.create_task(client.get("/api/conversation", params={"after": entry.seq, "wait": 20}))
        await windows(desk, 1)
        await desk.own(token, Owner.AGENT, agent_id=AGENT)
        assert (await moved).json()["state"]["owner"] == "agent"
    assert desk.hub.open == 0


async def test_nobody_waits_for_longer_than_a_proxy_does(desk: WebDesk) -> None:
    async with desk.client(desk.token()) as client:
        for wait in ("21", "-1", "x"):
            answer = await client.get("/api/conversation", params={"wait": wait})
            assert answer.json()["error"]["field"] == "wait"
