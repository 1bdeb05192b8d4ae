"""tests: counting attempts in memory and in Redis."""

from __future__ import annotations

import asyncio

import pytest
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from kit.ports import free_port
from staff.adapters.attempts import AttemptsWithSpare, MemoryAttempts, RedisAttempts
from staff.ports import Attempts
from tests.support.clock import MovableClock


@pytest.fixture(params=["memory", "redis", "redis down"])
async def attempts(request: pytest.FixtureRequest, clock: MovableClock, redis_client: redis.asyncio.Redis) -> Attempts:
    memory = MemoryAttempts(clock)
    match request.param:
        case "memory":
            return memory
        case "redis":
            return RedisAttempts(redis_client)
        case _:
            nowhere = redis.asyncio.Redis(port=free_port(), retry=Retry(NoBackoff(), 0))
            return AttemptsWithSpare(RedisAttempts(nowhere), memory)


async def test_attempts_add_up_under_their_key_only(attempts: Attempts) -> None:
    assert [(await attempts.hit("a", window=60)).count for _ in range(3)] == [1, 2, 3]
    other = await attempts.hit("b", window=60)
    assert other.count == 1
    assert 0 < other.seconds_left <= 60


async def test_attempts_made_at_once_are_all_counted(attempts: Attempts) -> None:
    hits = await asyncio.gather(*(attempts.hit("a", window=60) for _ in range(50)))
    assert sorted(hit.count for hit in hits) == list(range(1, 51))


async def test_cleared_attempts_are_forgotten(attempts: Attempts) -> None:
    await attempts.hit("a", window=60)
    await attempts.clear("a")
    await attempts.clear("never hit")
    assert (await attempts.hit("a", window=60)).count == 1


async def test_counting_starts_anew_after_the_window(clock: MovableClock) -> None:
    attempts = MemoryAttempts(clock)
    assert (await attempts.hit("a", window=60)).seconds_left == 60
    clock.forward(seconds=59)
    assert await attempts.hit("a", window=60) == (await attempts.hit("b", window=1)).__class__(count=2, seconds_left=1)
    clock.forward(seconds=1)
    assert (await attempts.hit("a", window=60)).count == 1


async def test_later_attempts_do_not_lengthen_the_window_in_redis(redis_client: redis.asyncio.Redis) -> None:
    attempts = RedisAttempts(redis_client)
    await attempts.hit("a", window=60)
    assert (await attempts.hit("a", window=5000)).seconds_left <= 60


async def test_memory_does_not_grow_without_end(clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("staff.adapters.attempts.MEMORY_LIMIT", 3)
    attempts = MemoryAttempts(clock)
    for key in "abcd":
        await attempts.hit(key, window=60)
    assert (await attempts.hit("d", window=60)).count == 2
    assert (await attempts.hit("a", window=60)).count == 1
