"""kit: the signal wire between processes, over Redis pub/sub or in memory. It carries news, never the truth.

Both pass tests/contracts/test_signals.py. Only Redis 7.0 commands.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import redis.asyncio
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from kit.contracts import JsonValue, Signal
from kit.faults import log_fault

PREFIX = "desk:"
QUEUE_LIMIT = 10_000
"""News a slow subscriber may have waiting; past it the wire reports an interruption instead of growing."""
RETRY_SECONDS = 0.25
"""Pause before a subscriber tries a wire again that is down."""
PATIENCE_SECONDS = 1.0
"""Longest wait for Redis to take a connection or a publish: a request waits behind it."""
CONNECTIONS = 8
QUIET_SECONDS = 10.0
"""After so long without news a subscriber asks whether the wire still lives; twice that, and it does not."""

FAULTS = (RedisError, OSError, TimeoutError)

log = structlog.get_logger(__name__)


class MemorySignals:
    """The wire inside one process; for tests and for a desk that runs as one process."""

    def __init__(self) -> None:
        self._listeners: list[tuple[tuple[str, ...], asyncio.Queue[Signal | None]]] = []

    async def publish(self, topic: str, body: dict[str, JsonValue]) -> None:
        """Hand `body` to every subscriber of `topic`."""
        for topics, queue in list(self._listeners):
            if any(_matches(topic, wanted) for wanted in topics):
                _offer(queue, Signal(topic=topic, body=json.loads(json.dumps(body))))

    @contextlib.asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[Signal | None]]:
        """Listen to exact topics or patterns ending in `*`."""
        queue: asyncio.Queue[Signal | None] = asyncio.Queue(QUEUE_LIMIT)
        listener = (topics, queue)
        self._listeners.append(listener)
        try:
            yield _drain(queue)
        finally:
            self._listeners = [other for other in self._listeners if other is not listener]

    def up(self) -> bool:
        """Memory never fails."""
        return True


class RedisSignals:
    """The wire over Redis pub/sub. Losing Redis loses news only; subscribers hear None when it is back.

    Takes only the address from `client` and keeps impatient connections of its own: redis-py's usual retries would
    make requests wait, and its silent re-connection would hide that news was lost. `close` it.
    """

    def __init__(self, client: redis.asyncio.Redis) -> None:
        self._address = client.connection_pool
        self._publisher = self._new_client()
        self._up = True

    async def publish(self, topic: str, body: dict[str, JsonValue]) -> None:
        """Send `body` to every subscriber of `topic`; does nothing (and does not raise) when the wire is down."""
        try:
            await self._publisher.publish(PREFIX + topic, json.dumps(body))
            self._up = True
        except FAULTS:
            self._up = False

    @contextlib.asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[Signal | None]]:
        """Listen to exact topics or patterns ending in `*`; returns once the wire listens, or cannot."""
        queue: asyncio.Queue[Signal | None] = asyncio.Queue(QUEUE_LIMIT)
        tried = asyncio.Event()
        task = asyncio.create_task(self._listen_forever(topics, queue, tried), name="signals")
        try:
            # A wire that is down does not keep a process from starting: it will hear None when the wire is up.
            await tried.wait()
            yield _drain(queue)
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def up(self) -> bool:
        """Whether the wire worked the last time it was used."""
        return self._up

    async def close(self) -> None:
        """Let go of the publishing connections."""
        await self._publisher.aclose()

    def _new_client(self) -> redis.asyncio.Redis:
        options: dict[str, Any] = {
            **self._address.connection_kwargs,
            "retry": Retry(NoBackoff(), 0),
            "socket_connect_timeout": PATIENCE_SECONDS,
            "socket_timeout": PATIENCE_SECONDS,
        }
        options["max_connections"] = CONNECTIONS  # a burst waits for one of them; the plain pool would refuse
        pool = redis.asyncio.BlockingConnectionPool(connection_class=self._address.connection_class, **options)
        return redis.asyncio.Redis.from_pool(pool)

    async def _listen_forever(
        self, topics: tuple[str, ...], queue: asyncio.Queue[Signal | None], tried: asyncio.Event
    ) -> None:
        interrupted = False
        while True:
            client = self._new_client()
            try:
                async for signal in _listen(client, topics):
                    if signal is None:  # the server has confirmed that it listens
                        self._up = True
                        tried.set()
                        if interrupted:
                            _offer(queue, None)
                            interrupted = False
                    else:
                        _offer(queue, signal)
            except FAULTS:
                pass
            except Exception as error:  # noqa: BLE001 - a subscriber that silently hears nothing more would be worse
                log_fault(log, "signals.listener_failed", error)
            finally:
                with contextlib.suppress(*FAULTS):
                    await client.aclose()
            self._up = False
            interrupted = True
            tried.set()
            await asyncio.sleep(RETRY_SECONDS)


async def _listen(client: redis.asyncio.Redis, topics: tuple[str, ...]) -> AsyncIterator[Signal | None]:
    """Signals of one connection's life, after a None when every topic is subscribed; ends by raising."""
    async with client.pubsub() as pubsub:
        await pubsub.psubscribe(*(PREFIX + _glob(topic) for topic in topics))
        unconfirmed, asked = len(topics), False
        while True:
            message = await pubsub.get_message(timeout=QUIET_SECONDS)
            if message is None:
                if asked:
                    message = "the signal wire does not answer"
                    raise TimeoutError(message)
                await pubsub.ping()
                asked = True
                continue
            asked = False
            if message["type"] == "psubscribe":
                unconfirmed -= 1
                if unconfirmed == 0:
                    yield None
            elif message["type"] == "pmessage":
                signal = _signal(message["channel"], message["data"])
                if signal is not None:
                    yield signal


def _signal(channel: bytes | str, data: bytes | str) -> Signal | None:
    """The signal in a Redis message; None when somebody else wrote something else to the topic."""
    try:
        body = json.loads(data)
    except ValueError:
        return None
    return Signal(topic=_text(channel).removeprefix(PREFIX), body=body) if isinstance(body, dict) else None


def _matches(topic: str, wanted: str) -> bool:
    return topic.startswith(wanted[:-1]) if wanted.endswith("*") else topic == wanted


def _glob(topic: str) -> str:
    """A topic as Redis pattern: only a `*` at its end is a wild card."""
    stem, star = (topic[:-1], "*") if topic.endswith("*") else (topic, "")
    return "".join(f"\\{letter}" if letter in r"\*?[]" else letter for letter in stem) + star


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
