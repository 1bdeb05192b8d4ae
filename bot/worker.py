"""bot: the worker. Takes conversations that wait for a turn, many at once, each by one task at a time.

News of a waiting conversation comes over the signal wire; a sweep through SQL finds what the wire lost. A turn that
failed altogether stays due and comes back later, so nothing a customer wrote is ever dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.pace import wait_after
from bot.ports.stores import ConversationStore
from bot.settings.conversation import WorkerSettings
from bot.turn import Outcome, Turn, TurnFailed
from kit.contracts import Clock, Signals, Transactions, Tx

log = structlog.get_logger("bot.worker")

SWEEP_LIMIT = 500
STOP_SECONDS = 4.0
"""How long running turns may take to end; a turn that is cut off is still due and runs after the restart."""
RESTART_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Something the worker does every few seconds, such as looking for representatives who vanished."""

    name: str
    every_seconds: float
    run: Callable[[datetime], Awaitable[object]]


class Worker:
    """Runs turns until it is stopped."""

    def __init__(
        self,
        *,
        turn: Turn,
        store: ConversationStore,
        transactions: Transactions,
        signals: Signals,
        clock: Clock,
        settings: WorkerSettings,
        sweeps: Sequence[Sweep] = (),
    ) -> None:
        self._turn, self._store, self._transactions = turn, store, transactions
        self._signals, self._clock, self._settings, self._sweeps = signals, clock, settings, sweeps
        self._ready: asyncio.Queue[str] = asyncio.Queue()
        self._waiting: set[str] = set()
        self._running: set[str] = set()
        self._again: set[str] = set()
        self._resting: dict[str, datetime] = {}
        """Conversations whose failure could not even be stored, and until when they rest."""
        self._look = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin; returns at once. What already waits is found by the first sweep."""
        loops: list[tuple[str, Callable[[], Coroutine[Any, Any, None]]]] = [
            ("listen", self._listen),
            ("sweep", self._sweep_forever),
            *((f"turns-{number}", self._work) for number in range(self._settings.turns_at_once)),
            *((sweep.name, lambda sweep=sweep: self._repeat(sweep)) for sweep in self._sweeps),
        ]
        self._tasks = [asyncio.create_task(forever(name, loop), name=f"worker-{name}") for name, loop in loops]

    async def stop(self) -> None:
        """Take nothing new, let running turns end, stop."""
        for task in self._tasks[:2]:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await self._idle.wait()
        await cancelled(self._tasks)
        self._tasks = []

    def offer(self, conversation_id: str) -> None:
        """A turn may be due there; looking once too often does no harm."""
        until = self._resting.get(conversation_id)
        if until is not None:
            if self._clock() < until:
                return
            del self._resting[conversation_id]
        if conversation_id in self._running:
            self._again.add(conversation_id)
        elif conversation_id not in self._waiting:
            self._waiting.add(conversation_id)
            self._ready.put_nowait(conversation_id)

    async def _listen(self) -> None:
        async with self._signals.subscribe("turns") as news:
            async for signal in news:
                if signal is None:
                    self._look.set()
                elif isinstance(conversation_id := signal.body.get("conversation"), str):
                    self.offer(conversation_id)

    async def _sweep_forever(self) -> None:
        while True:
            for due in await self._store.due(self._clock(), limit=SWEEP_LIMIT):
                self.offer(due.conversation_id)
            up = self._signals.up()
            seconds = self._settings.sweep_seconds if up else self._settings.wire_down_seconds
            self._look.clear()
            # Not wait_for: it may swallow a cancellation that comes in the same moment as the news.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._look.wait()

    async def _repeat(self, sweep: Sweep) -> None:
        while True:
            await asyncio.sleep(sweep.every_seconds)
            await sweep.run(self._clock())

    async def _work(self) -> None:
        while True:
            conversation_id = await self._ready.get()
            self._waiting.discard(conversation_id)
            self._running.add(conversation_id)
            self._idle.clear()
            try:
                more = await self._run(conversation_id)
            finally:
                self._running.discard(conversation_id)
                if not self._running:
                    self._idle.set()
            if more or conversation_id in self._again:
                self._again.discard(conversation_id)
                # At the end of the line: a customer who types fast does not hold up the others.
                self.offer(conversation_id)

    async def _run(self, conversation_id: str) -> bool:
        """One turn; whether another may be due."""
        try:
            return await self._turn.run(conversation_id) is not Outcome.NOTHING_DUE
        except TurnFailed as failed:
            log.warning("worker.turn_failed", conversation=conversation_id, faults=list(failed.faults))
            await self._put_off(conversation_id)
            return False

    async def _put_off(self, conversation_id: str) -> None:
        first, longest = self._settings.retry_first_seconds, self._settings.retry_longest_seconds
        now = self._clock()

        async def work(tx: Tx) -> None:
            attempts = await self._store.count_failure(tx, conversation_id)
            wait = wait_after(attempts, first=first, longest=longest)
            await self._store.put_off(tx, conversation_id, retry_at=now + timedelta(seconds=wait))

        try:
            await self._transactions.write(work)
        except Exception as error:
            log.warning("worker.put_off_failed", conversation=conversation_id, exc_info=error)
            self._resting[conversation_id] = now + timedelta(seconds=longest)


async def forever(name: str, loop: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run `loop` again whenever it breaks; only being cancelled ends it."""
    while True:
        try:
            await loop()
        except Exception:
            log.exception("worker.loop_broke", loop=name)
        await asyncio.sleep(RESTART_SECONDS)


async def cancelled(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait until they are gone."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
