"""tests: windows are told of everything new, by the wire or without it, and never wait for each other."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
import redis.asyncio

from bot.adapters.channel_reads import SqlChannelReads
from bot.realtime import Head, Hub, Listener
from kit.contracts import JsonValue, Signal, Signals
from kit.signals import MemorySignals, RedisSignals
from tests.bot.support.desk import Parts
from tests.support.valkey import ValkeyServer
from tests.support.wait import until


class Book:
    """Where conversations stand, as the test says."""

    def __init__(self) -> None:
        self.stands: dict[str, Head] = {"c": Head(last_seq=5, epoch=1)}
        self.away = False
        self.asked = 0

    async def heads(self, conversation_ids: list[str]) -> dict[str, Head]:
        self.asked += 1
        if self.away:
            raise OSError("store away")
        return {name: self.stands[name] for name in conversation_ids if name in self.stands}


class CutWire:
    """A wire that a test cuts and mends."""

    def __init__(self) -> None:
        self.works = True
        self._out: asyncio.Queue[Signal | None] = asyncio.Queue()

    async def publish(self, topic: str, body: dict[str, JsonValue]) -> None:
        if self.works:
            await self._out.put(Signal(topic=topic, body=body))

    @contextlib.asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[Signal | None]]:
        async def hear() -> AsyncIterator[Signal | None]:
            while True:
                yield await self._out.get()

        yield hear()

    def up(self) -> bool:
        return self.works

    async def mend(self) -> None:
        self.works = True
        await self._out.put(None)


def hub_of(wire: Signals, book: Book, *, heal: float = 3600) -> Hub:
    return Hub(wire, book, wire_down_seconds=0.01, heal_seconds=heal)


async def quiet(listener: Listener) -> bool:
    """Whether the window has heard nothing."""
    await asyncio.sleep(0.05)
    return not listener._news.is_set()  # noqa: SLF001 - waiting for nothing has no other outside


async def test_only_windows_that_are_behind_hear_of_an_entry() -> None:
    wire = MemorySignals()
    async with hub_of(wire, Book()) as hub:
        with (
            hub.listening("c", seen=5) as behind,
            hub.listening("c", seen=9) as ahead,
            hub.listening("d", seen=0) as other,
        ):
            await asyncio.sleep(0)
            await until(lambda: wire._listeners)  # noqa: SLF001 - the hub listens
            await wire.publish("conversation:c", {"seq": 7})
            news = await behind.next()
            assert (news.entries, news.state, news.typing) == (True, False, ())
            assert await quiet(ahead)
            assert await quiet(other)


async def test_news_that_were_not_picked_up_melt_into_one() -> None:
    wire = MemorySignals()
    async with hub_of(wire, Book()) as hub:
        with hub.listening("c", seen=0) as window:
            await until(lambda: wire._listeners)  # noqa: SLF001
            for seq in range(1, 500):
                await wire.publish("conversation:c", {"seq": seq})
            for on in (True, False, True):
                await wire.publish("conversation:c", {"typing": on, "who": "agent"})
            await wire.publish("conversation:c", {"state": True})
            await asyncio.sleep(0.05)
            news = await window.next()
            assert (news.entries, news.state, news.typing) == (True, True, (("agent", True),))
            assert await quiet(window)


async def test_while_the_wire_is_down_sql_is_asked() -> None:
    wire, book = CutWire(), Book()
    async with hub_of(wire, book, heal=0.01) as hub:
        with hub.listening("c", seen=5) as window:
            window.epoch = 1
            wire.works = False
            book.stands["c"] = Head(last_seq=6, epoch=2)
            news = await window.next()
            assert (news.entries, news.state) == (True, True)


async def test_when_the_wire_is_back_everything_that_is_shown_is_looked_at() -> None:
    wire, book = CutWire(), Book()
    async with hub_of(wire, book) as hub:
        with hub.listening("c", seen=5) as window, hub.listening("gone", seen=5) as other:
            window.epoch = 1
            wire.works = False
            await wire.publish("conversation:c", {"seq": 8})
            book.stands["c"] = Head(last_seq=8, epoch=1)
            await wire.mend()
            assert (await window.next()).entries
            assert await quiet(other)


async def test_news_that_nobody_sent_are_found_all_the_same() -> None:
    book = Book()
    async with hub_of(MemorySignals(), book, heal=0.01) as hub:
        with hub.listening("c", seen=5) as window:
            window.epoch = 1
            book.stands["c"] = Head(last_seq=6, epoch=1)
            assert (await window.next()).entries


async def test_a_store_that_is_away_for_a_while_does_not_end_the_hub() -> None:
    book = Book()
    book.away = True
    async with hub_of(MemorySignals(), book, heal=0.01) as hub:
        with hub.listening("c", seen=4) as window:
            await until(lambda: book.asked > 2)
            book.away = False
            assert (await window.next()).entries


async def test_only_those_who_wait_hear_of_the_queue() -> None:
    wire = MemorySignals()
    async with hub_of(wire, Book()) as hub:
        with hub.listening("c", seen=5) as waiting, hub.listening("d", seen=5) as other:
            waiting.waits = True
            await until(lambda: wire._listeners)  # noqa: SLF001
            for _ in range(20):
                await wire.publish("desk", {})
            news = await waiting.next()
            assert (news.state, news.entries) == (True, False)
            assert await quiet(other)


async def test_a_closed_window_is_forgotten() -> None:
    async with hub_of(MemorySignals(), Book()) as hub:
        with hub.listening("c", seen=5), hub.listening("c", seen=5):
            assert hub.open == 2
        assert hub.open == 0


async def test_over_a_real_wire_that_dies_and_comes_back_nothing_is_missed(
    valkey: ValkeyServer, tmp_path: object
) -> None:
    client = redis.asyncio.Redis.from_url(valkey.url)
    wire, book = RedisSignals(client), Book()
    async with hub_of(wire, book) as hub:
        with hub.listening("c", seen=5) as window:
            window.epoch = 1
            await until(lambda: published(wire, window))
            book.stands["c"] = Head(last_seq=7, epoch=1)
            await client.client_kill_filter(_type="pubsub")
            assert (await window.next()).entries
    await wire.close()
    await client.aclose()


async def published(wire: Signals, window: Listener) -> bool:
    """Whether the hub hears the wire by now."""
    await wire.publish("conversation:c", {"seq": 6})
    await asyncio.sleep(0.01)
    if window._news.is_set():  # noqa: SLF001
        await window.next()
        return True
    return False


@pytest.mark.parametrize("count", [0, 1, 1201])
async def test_where_conversations_stand_is_read_many_at_once(parts: Parts, count: int) -> None:
    first = await parts.say("一", address="a")
    await parts.say("二", address="a")
    second = await parts.say("一", address="b")
    unknown = [f"nobody-{number}" for number in range(count)]
    heads = await SqlChannelReads(parts.database).heads([first.conversation_id, *unknown, second.conversation_id])
    assert heads == {
        first.conversation_id: Head(last_seq=2, epoch=1),
        second.conversation_id: Head(last_seq=1, epoch=1),
    }
