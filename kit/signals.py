"""kit: the signal wire between processes, over Redis pub/sub or in memory. It carries news, never the truth.

Both pass tests/contracts/test_signals.py. Only Redis 7.0 commands.
"""

from __future__ import annotations

import asyncio
import contextlib
import fnmatch
import json
from collections.abc import AsyncIterator

import redis.asyncio
from redis.exceptions import RedisError

from kit.contracts import JsonValue, Signal

PREFIX = "desk:"
QUEUE_LIMIT = 10_000
"""News a slow subscriber may have waiting; past it the wire reports an interruption instead of growing."""
RETRY_SECONDS = 0.25


class MemorySignals:
    """The wire inside one process; for tests and for a desk that runs as one process."""

    def __init__(self) -> None:
        self._listeners: list[tuple[tuple[str, ...], asyncio.Queue[Signal | None]]] = []

    async def publish(self, topic: str, body: dict[str, JsonValue]) -> None:
        for topics, queue in list(self._listeners):
            if any(fnmatch.fnmatchcase(topic, pattern) for pattern in topics):
                _offer(queue, Signal(topic=topic, body=json.loads(json.dumps(body))))

    @contextlib.asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[Signal | None]]:
        queue: asyncio.Queue[Signal | None] = asyncio.Queue(QUEUE_LIMIT)
        listener = (topics, queue)
        self._listeners.append(listener)
        try:
            yield _drain(queue)
        finally:
            self._listeners.remove(listener)

    def up(self) -> bool:
        return True


class RedisSignals:
    """The wire over Redis pub/sub. Losing Redis loses news only; subscribers hear None when it is back."""

    def __init__(self, client: redis.asyncio.Redis) -> None:
        self._client = client
        self._up = True

    async def publish(self, topic: str, body: dict[str, JsonValue]) -> None:
        try:
            await self._client.publish(PREFIX + topic, json.dumps(body, ensure_ascii=False))
            self._up = True
        except (RedisError, OSError, TimeoutError):
            self._up = False

    @contextlib.asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[Signal | None]]:
        queue: asyncio.Queue[Signal | None] = asyncio.Queue(QUEUE_LIMIT)
        ready = asyncio.Event()
        task = asyncio.create_task(self._listen(topics, queue, ready), name="signals")
        try:
            # A wire that is down must not keep a process from starting: it will hear None when the wire is up.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ready.wait(), 2)
            yield _drain(queue)
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def up(self) -> bool:
        return self._up

    async def _listen(self, topics: tuple[str, ...], queue: asyncio.Queue[Signal | None], ready: asyncio.Event) -> None:
        interrupted = False
        while True:
            pubsub = self._client.pubsub(ignore_subscribe_messages=True)
            try:
                await pubsub.psubscribe(*(PREFIX + topic for topic in topics))
                await self._client.ping()
                self._up = True
                ready.set()
                if interrupted:
                    _offer(queue, None)
                    interrupted = False
                async for message in pubsub.listen():
                    topic = _text(message["channel"]).removeprefix(PREFIX)
                    _offer(queue, Signal(topic=topic, body=json.loads(message["data"])))
            except (RedisError, OSError, TimeoutError):
                self._up = False
                interrupted = True
                await asyncio.sleep(RETRY_SECONDS)
            finally:
                with contextlib.suppress(RedisError, OSError, TimeoutError):
                    await pubsub.aclose()  # type: ignore[no-untyped-call]


async def _drain(queue: asyncio.Queue[Signal | None]) -> AsyncIterator[Signal | None]:
    while True:
        yield await queue.get()


def _offer(queue: asyncio.Queue[Signal | None], signal: Signal | None) -> None:
    try:
        queue.put_nowait(signal)
    except asyncio.QueueFull:
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
