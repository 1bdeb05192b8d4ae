"""bot.run: the order in which the house starts and stops."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.run.part import Part

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The parts, by what they mean for a start."""

    first: tuple[Part, ...]
    """Started and waited for before the others, but not needed: the house opens without them."""
    essential: tuple[Part, ...]
    """The house is ready when they are, and does not open without them."""
    later: tuple[Part, ...]
    """Started with the essential ones; nobody waits for them."""

    @property
    def all(self) -> tuple[Part, ...]:
        return (*self.first, *self.essential, *self.later)


class GaveUp(Exception):
    """An essential part did not get ready."""

    def __init__(self, part: Part) -> None:
        super().__init__(part.status.name)
        self.part = part


class Supervisor:
    """Starts the parts, waits for the end, stops the parts."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._asked_to_stop = asyncio.Event()
        self._hurry = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def ask_to_stop(self) -> None:
        """Stop in order; asked a second time, end everything at once."""
        if self._asked_to_stop.is_set():
            self._hurry.set()
        self._asked_to_stop.set()

    @property
    def asked_to_stop(self) -> bool:
        return self._asked_to_stop.is_set()

    async def run(
        self,
        *,
        prepare: Callable[[], Awaitable[None]],
        ready: Callable[[], None],
        stopping: Callable[[], None],
        hurrying: Callable[[], None],
    ) -> None:
        """Prepare, start, tell `ready` once, and keep running until asked to stop; then stop all.

        Raises what `prepare` raised, or GaveUp; everything is stopped then too.
        """
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self.ask_to_stop)
        try:
            if await self._unless_stopped(prepare()):
                await self._start(ready)
            await self._asked_to_stop.wait()
        finally:
            stopping()
            await self._stop(hurrying)
            for number in SIGNALS:
                loop.remove_signal_handler(number)

    async def _start(self, ready: Callable[[], None]) -> None:
        self._begin(self._line.first)
        for part in self._line.first:
            if not await self._unless_stopped(_settled(part)):
                return
        self._begin((*self._line.essential, *self._line.later))
        for part in self._line.essential:
            if not await self._unless_stopped(_settled(part)):
                return
            if not part.ready.is_set() and part.gave_up.is_set():
                raise GaveUp(part)
        ready()

    def _begin(self, parts: Sequence[Part]) -> None:
        self._tasks += [asyncio.create_task(part.keep(), name=part.status.name) for part in parts]

    async def _stop(self, hurrying: Callable[[], None]) -> None:
        """Those who use the store and the wire first, then the wire."""
        for part in self._line.all:
            part.let_go()
        hurry = asyncio.create_task(self._end_at_once(hurrying))
        await asyncio.gather(*(part.stop() for part in (*self._line.essential, *self._line.later)))
        await asyncio.gather(*(part.stop() for part in self._line.first))
        await asyncio.gather(*self._tasks)
        hurry.cancel()
        with suppress(asyncio.CancelledError):
            await hurry

    async def _end_at_once(self, hurrying: Callable[[], None]) -> None:
        await self._hurry.wait()
        hurrying()
        for part in self._line.all:
            part.kill()

    async def _unless_stopped(self, work: Awaitable[None]) -> bool:
        """Wait for `work`; False when the house was asked to stop before it was done (it is cancelled then)."""
        working = asyncio.ensure_future(work)
        stopped = asyncio.create_task(self._asked_to_stop.wait())
        try:
            await asyncio.wait([working, stopped], return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                working.cancel()
                with suppress(asyncio.CancelledError):
                    await working
                return False
            await working
            return True
        finally:
            stopped.cancel()


async def _settled(part: Part) -> None:
    """Wait until the part is ready, or it is clear that waiting is no use."""
    ways = [asyncio.create_task(event.wait()) for event in (part.ready, part.gave_up)]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
