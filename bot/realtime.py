"""bot: tells whoever shows a conversation that there is something new to read. One listener on the wire serves all.

News only say where to look; what is shown was read from SQL by number. A listener keeps no queue: what it has not
picked up yet melts into one "look again", so a slow reader costs nothing and misses nothing. While the wire is down
SQL is asked instead, and after an interruption everything that is shown is looked at once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import structlog

from kit.contracts import Signal, Signals

WIRE_DOWN_SECONDS = 0.5
"""How often SQL is asked while the wire is down."""
HEAL_SECONDS = 5.0
"""The same while the wire works: news are sent after the commit, and whoever should have sent them may have died."""
CALM_SECONDS = 0.2
"""News of the queue are gathered this long, so that a burst makes every waiting customer's place be read once."""
TOGETHER = 200
"""Windows that are looked after at one go; between two goes messages are let through."""
READ_TOGETHER = 10
"""The same where each window reads for itself."""
PAUSE_SECONDS = 0.005
TOPIC = "conversation:"

T = TypeVar("T")

log = structlog.get_logger("bot.realtime")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a conversation stands in SQL."""

    last_seq: int
    epoch: int


class Heads(Protocol):
    """Reads where many conversations stand, cheaply."""

    async def heads(self, conversation_ids: list[str]) -> dict[str, Head]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a listener should look at."""

    entries: bool
    state: bool
    typing: tuple[tuple[str, bool], ...]
    """(who, on) in the order in which it was heard, the latest of each."""


class Listener:
    """One window on one conversation."""

    def __init__(self, conversation_id: str, *, seen: int) -> None:
        self.conversation_id = conversation_id
        self.seen = seen
        """The last number this window got; kept up to date by whoever owns the window."""
        self.epoch = -1
        """The owner's epoch this window got last."""
        self.waits = False
        """Whether the window shows a place in the queue, which changes with other people's conversations."""
        self._entries = self._state = False
        self._typing: dict[str, bool] = {}
        self._news = asyncio.Event()

    def tell(self, *, entries: bool = False, state: bool = False, typing: tuple[str, bool] | None = None) -> None:
        """Something happened; returns at once."""
        self._entries |= entries
        self._state |= state
        if typing is not None:
            self._typing.pop(typing[0], None)
            self._typing[typing[0]] = typing[1]
        self._news.set()

    async def next(self) -> News:
        """Wait for news; everything told since the last time comes as one."""
        await self._news.wait()
        self._news.clear()
        news = News(entries=self._entries, state=self._state, typing=tuple(self._typing.items()))
        self._entries = self._state = False
        self._typing = {}
        return news


class Hub:
    """The windows of this process. `async with` runs what keeps them up to date."""

    def __init__(
        self,
        signals: Signals,
        heads: Heads,
        *,
        wire_down_seconds: float = WIRE_DOWN_SECONDS,
        heal_seconds: float = HEAL_SECONDS,
    ) -> None:
        self._signals, self._heads = signals, heads
        self._wire_down_seconds, self._heal_seconds = wire_down_seconds, heal_seconds
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._queue_news = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        for run in (self._listen, self._look_now_and_then, self._tell_waiting):
            self._tasks.append(asyncio.create_task(self._for_ever(run), name=f"hub{run.__name__}"))
        return self

    async def __aexit__(self, _: type[BaseException] | None, __: object, ___: TracebackType | None) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    @contextlib.contextmanager
    def listening(self, conversation_id: str, *, seen: int) -> Iterator[Listener]:
        """A window is open; it hears of everything after `seen`."""
        listener = Listener(conversation_id, seen=seen)
        self._listeners[conversation_id].add(listener)
        try:
            yield listener
        finally:
            self._listeners[conversation_id].discard(listener)
            if not self._listeners[conversation_id]:
                del self._listeners[conversation_id]

    @property
    def open(self) -> int:
        """How many windows are open."""
        return sum(map(len, self._listeners.values()))

    async def look(self) -> None:
        """Compare every window with SQL and tell those that are behind."""
        async for part in _in_parts(list(self._listeners)):
            for conversation_id, head in (await self._heads.heads(part)).items():
                for listener in self._listeners.get(conversation_id, ()):
                    behind, moved = head.last_seq > listener.seen, head.epoch != listener.epoch
                    if behind or moved or listener.waits:
                        listener.tell(entries=behind, state=moved or listener.waits)

    async def _for_ever(self, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            try:
                await run()
            except Exception as error:  # noqa: BLE001 - a store that is away for a while must not end the hub
                log.warning("realtime.interrupted", part=run.__name__, error=type(error).__name__)
                await asyncio.sleep(self._wire_down_seconds)

    async def _listen(self) -> None:
        async with self._signals.subscribe(f"{TOPIC}*", "desk") as signals:
            async for signal in signals:
                if signal is None:
                    await self.look()
                elif signal.topic == "desk":
                    self._queue_news.set()
                else:
                    self._heard(signal)

    def _heard(self, signal: Signal) -> None:
        body = signal.body
        typing = (str(body.get("who", "")), body["typing"] is True) if "typing" in body else None
        seq = body.get("seq")
        for listener in self._listeners.get(signal.topic.removeprefix(TOPIC), ()):
            news = isinstance(seq, int) and seq > listener.seen
            if news or typing or body.get("state"):
                listener.tell(entries=news, state=bool(body.get("state")), typing=typing)

    async def _look_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(self._heal_seconds if self._signals.up() else self._wire_down_seconds)
            await self.look()

    async def _tell_waiting(self) -> None:
        while True:
            await self._queue_news.wait()
            await asyncio.sleep(CALM_SECONDS)
            self._queue_news.clear()
            waiting = [one for listeners in self._listeners.values() for one in listeners if one.waits]
            async for part in _in_parts(waiting, together=READ_TOGETHER):
                for listener in part:
                    listener.tell(state=True)


async def _in_parts(many: list[T], *, together: int = TOGETHER) -> AsyncIterator[list[T]]:
    """What is to be done for `many` windows, in parts; in the pauses messages between people go first."""
    for start in range(0, len(many), together):
        if start:
            await asyncio.sleep(PAUSE_SECONDS)
        yield many[start : start + together]
