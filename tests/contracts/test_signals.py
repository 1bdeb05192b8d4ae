"""tests: the promises of the signal wire, in memory and over Valkey."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import redis.asyncio

from kit.contracts import Signal, Signals
from kit.signals import PREFIX, RedisSignals
from tests.support.valkey import ValkeyServer
from tests.support.wait import until


async def heard(news: AsyncIterator[Signal | None]) -> Signal | None:
    return await asyncio.wait_for(anext(news), 10)


async def test_subscribers_hear_their_topic_in_order_and_nothing_else(signals: Signals) -> None:
    async with signals.subscribe("turns") as news:
        await signals.publish("turns:other", {})
        await signals.publish("desk", {})
        for number in range(5):
            await signals.publish("turns", {"conversation": "01J", "number": number, "words": "你好"})
        for number in range(5):
            expected = Signal(topic="turns", body={"conversation": "01J", "number": number, "words": "你好"})
            assert await heard(news) == expected


async def test_a_star_at_the_end_matches_every_topic_that_begins_so(signals: Signals) -> None:
    async with signals.subscribe("conversation:*", "desk") as news:
        await signals.publish("conversation:b[0]", {"seq": 1})
        await signals.publish("desk", {})
        assert await heard(news) == Signal(topic="conversation:b[0]", body={"seq": 1})
        assert await heard(news) == Signal(topic="desk", body={})


async def test_letters_that_redis_reads_as_patterns_are_plain_letters_in_topics(signals: Signals) -> None:
    async with signals.subscribe("a?[b]\\") as news:
        await signals.publish("axb\\", {"wrong": True})
        await signals.publish("a?[b]\\", {"right": True})
        assert await heard(news) == Signal(topic="a?[b]\\", body={"right": True})


async def test_every_subscriber_hears_and_one_that_left_does_not_disturb(signals: Signals) -> None:
    async with signals.subscribe("desk") as first:
        async with signals.subscribe("desk") as second:
            await signals.publish("desk", {"n": 1})
            assert (await heard(first), await heard(second)) == (Signal(topic="desk", body={"n": 1}),) * 2
        await signals.publish("desk", {"n": 2})
        assert await heard(first) == Signal(topic="desk", body={"n": 2})
    await signals.publish("desk", {"n": 3})


async def test_a_subscriber_too_slow_for_the_news_is_told_to_read_everything_again(
    signals: Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.signals.QUEUE_LIMIT", 200)
    async with signals.subscribe("desk", "end") as news:
        await asyncio.gather(*(signals.publish("desk", {"n": n}) for n in range(500)))
        await signals.publish("end", {})
        seen = []
        while (signal := await heard(news)) is None or signal.topic != "end":
            seen.append(signal)
    assert None in seen
    assert len(seen) <= 200


@pytest.fixture
async def own_valkey(tmp_path: Path) -> AsyncIterator[ValkeyServer]:
    server = ValkeyServer(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
async def own_signals(own_valkey: ValkeyServer) -> AsyncIterator[RedisSignals]:
    client = redis.asyncio.Redis.from_url(own_valkey.url)
    signals = RedisSignals(client)
    yield signals
    await signals.close()
    await client.aclose()


async def test_after_valkey_was_killed_subscribers_hear_of_the_interruption_and_then_news_again(
    own_valkey: ValkeyServer, own_signals: RedisSignals
) -> None:
    async with own_signals.subscribe("desk") as news:
        await own_signals.publish("desk", {"n": 1})
        assert await heard(news) == Signal(topic="desk", body={"n": 1})
        own_valkey.kill()
        await until(lambda: not own_signals.up())
        await own_signals.publish("desk", {"lost": True})
        own_valkey.start()
        assert await heard(news) is None
        assert own_signals.up()
        await own_signals.publish("desk", {"n": 2})
        assert await heard(news) == Signal(topic="desk", body={"n": 2})


async def test_a_wire_that_is_down_at_the_start_delays_nobody_and_is_heard_of_when_it_comes(
    own_valkey: ValkeyServer, own_signals: RedisSignals
) -> None:
    own_valkey.kill()
    async with own_signals.subscribe("desk") as news:
        assert not own_signals.up()
        await own_signals.publish("desk", {"lost": True})
        own_valkey.start()
        assert await heard(news) is None
        await own_signals.publish("desk", {"n": 1})
        assert await heard(news) == Signal(topic="desk", body={"n": 1})


async def test_what_others_write_to_the_wire_is_passed_over(
    redis_client: redis.asyncio.Redis,
) -> None:
    signals = RedisSignals(redis_client)
    async with signals.subscribe("desk") as news:
        for rubbish in (b"\xff\xfe", b"not json", b"[1]", b'"text"'):
            await redis_client.publish(f"{PREFIX}desk", rubbish)
        await signals.publish("desk", {"n": 1})
        assert await heard(news) == Signal(topic="desk", body={"n": 1})
    await signals.close()
