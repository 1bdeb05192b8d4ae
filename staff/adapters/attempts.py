"""staff: counting attempts, in Redis so that all web processes share the count, in memory while Redis is down."""

from __future__ import annotations

from datetime import datetime, timedelta

import redis.asyncio
from redis.exceptions import RedisError

from kit.contracts import Clock
from staff.ports import Attempts, Hits

PREFIX = "desk:attempts:"
MEMORY_LIMIT = 10_000
"""Keys kept in memory; past it the oldest goes."""


class MemoryAttempts:
    """Fits `staff.ports.Attempts`, for one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: dict[str, tuple[int, datetime]] = {}

    async def hit(self, key: str, *, window: int) -> Hits:
        """Count one attempt."""
        now = self._clock()
        count, end = self._counts.get(key, (0, now))
        if end <= now:
            self._counts.pop(key, None)
            count, end = 0, now + timedelta(seconds=window)
            if len(self._counts) >= MEMORY_LIMIT:
                del self._counts[next(iter(self._counts))]
        self._counts[key] = (count + 1, end)
        return Hits(count=count + 1, seconds_left=round((end - now).total_seconds()))

    async def clear(self, key: str) -> None:
        """Forget the attempts under `key`."""
        self._counts.pop(key, None)


class RedisAttempts:
    """Fits `staff.ports.Attempts`; raises what redis-py raises."""

    def __init__(self, client: redis.asyncio.Redis) -> None:
        self._client = client

    async def hit(self, key: str, *, window: int) -> Hits:
        """Count one attempt."""
        name = PREFIX + key
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.incr(name)
            pipe.expire(name, window, nx=True)
            pipe.ttl(name)
            count, _, left = await pipe.execute()
        return Hits(count=int(count), seconds_left=int(left))

    async def clear(self, key: str) -> None:
        """Forget the attempts under `key`."""
        await self._client.delete(PREFIX + key)


class AttemptsWithSpare:
    """Counts in `first`, and in `spare` whenever `first` does not answer: a broken Redis opens no door."""

    def __init__(self, first: Attempts, spare: Attempts) -> None:
        self._first, self._spare = first, spare

    async def hit(self, key: str, *, window: int) -> Hits:
        """Count one attempt."""
        try:
            return await self._first.hit(key, window=window)
        except (RedisError, OSError, TimeoutError):
            return await self._spare.hit(key, window=window)

    async def clear(self, key: str) -> None:
        """Forget the attempts under `key`, in both."""
        await self._spare.clear(key)
        try:
            await self._first.clear(key)
        except (RedisError, OSError, TimeoutError):
            return
