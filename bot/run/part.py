"""bot.run: one part of the house, kept alive: started, watched, started again with growing pauses."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.run.backoff import Backoff
from bot.run.child import Child
from bot.run.log_file import LogFile
from bot.run.place import Place
from bot.run.program import PartAbsent, PartState, PartStatus, Program
from bot.run.signs import Signs, listening

PROBE_PAUSE = 0.1
"""Seconds between questions to a part that is starting."""
CHECK_PAUSE = 5.0
"""Seconds between questions to a part that works; at most a quarter of the silence allowed to it."""

FIRST_TRIES = 3
"""Deaths of a part that never was ready, after which whoever waits for it should not wait on."""


class Happening(StrEnum):
    """What can happen to a part; the voice has a sentence for each (`run.part.<happening>`)."""

    READY = "ready"
    BACK = "back"
    """Ready again after a death."""
    DIED = "died"
    KILLED = "killed"
    """Died by a signal."""
    HUNG = "hung"
    NOT_READY = "not_ready"
    CANNOT_START = "cannot_start"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartNews:
    """One thing that happened, with the slots of its sentence."""

    status: PartStatus
    happening: Happening
    slots: dict[str, str | int] = field(default_factory=dict)


Build = Callable[[Backoff], Awaitable[Program]]
"""Makes what is to be started next. May take its time (train a model), look at earlier deaths, or raise PartAbsent."""


class Part:
    """Keeps one program running until told to stop."""

    def __init__(
        self,
        name: str,
        build: Build,
        *,
        place: Place,
        tell: Callable[[PartNews], None],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`tell` hears what people should know, `changed` every change of `status`."""
        self.status = PartStatus(name=name, state=PartState.WAITING)
        self.ready = asyncio.Event()
        self.gave_up = asyncio.Event()
        """Set when it is absent, or has died `FIRST_TRIES` times without ever having been ready."""
        self._build, self._place, self._tell, self._changed = build, place, tell, changed
        self._stopping = asyncio.Event()
        self._child: Child | None = None
        self._stop_within = 0.0
        self._backoff = Backoff()
        self._ever_ready = False

    async def keep(self) -> None:
        """Run until `stop`, or until the part turns out to be absent."""
        log = LogFile(self._place.log / f"{self.status.name}.log")
        try:
            while not self._stopping.is_set():
                program = await self._next_program()
                if program is None:
                    return
                await self._run_once(program, log)
                if not self._stopping.is_set():
                    await self._pause()
        finally:
            log.close()
            if self.status.state is not PartState.ABSENT:
                self._set(PartState.STOPPED)

    def let_go(self) -> None:
        """Do not start it again when it ends."""
        self._stopping.set()

    async def stop(self) -> None:
        """Ask the process to stop and see to it that it does; `keep` returns soon after."""
        self._stopping.set()
        if self._child is not None:
            await self._child.stop(within=self._stop_within)

    def kill(self) -> None:
        """End the process at once."""
        self._stopping.set()
        if self._child is not None:
            self._child.kill()

    async def _next_program(self) -> Program | None:
        """What to start now; None when there is nothing to run any more."""
        while not self._stopping.is_set():
            self._set(PartState.PREPARING)
            building = asyncio.ensure_future(self._build(self._backoff))
            stopping = asyncio.create_task(self._stopping.wait())
            try:
                await asyncio.wait([building, stopping], return_when=asyncio.FIRST_COMPLETED)
            finally:
                stopping.cancel()
                building.cancel()
                done = (await asyncio.gather(building, return_exceptions=True))[0]
            match done:
                case Program():
                    return done
                case PartAbsent():
                    self._set(PartState.ABSENT, reason=done.reason)
                    self.gave_up.set()
                    self._say(Happening.ABSENT, reason=done.reason, **done.slots)
                    return None
                case asyncio.CancelledError():
                    return None
                case BaseException():
                    self._backoff = self._backoff.died(after=0)
                    self._say(Happening.CANNOT_START, fault=str(done) or type(done).__name__)
                    await self._pause()
        return None

    async def _run_once(self, program: Program, log: LogFile) -> None:
        loop = asyncio.get_running_loop()
        name = self.status.name
        socket_path = self._place.notify_socket(name)
        async with listening(socket_path) as signs:
            extra = {
                "NOTIFY_SOCKET": str(socket_path),
                "WATCHDOG_USEC": str(int(program.silent_at_most * 500_000)),
            }
            started = loop.time()
            try:
                self._child = child = await Child.start(program, log, extra=extra)
            except OSError as error:
                self._backoff = self._backoff.died(after=0)
                self._say(Happening.CANNOT_START, fault=str(error))
                return
            self._stop_within = program.stop_within
            self._set(PartState.STARTING, pid=child.pid, started=True)
            if self._stopping.is_set():  # asked to stop while the process was being made
                child.kill()
            watch = asyncio.create_task(self._watch(program, signs), name=f"watch {name}")
            try:
                status = await child.ended()
            finally:
                child.kill()
                self._child = None
                self.ready.clear()
                watch.cancel()
                verdict = (await asyncio.gather(watch, return_exceptions=True))[0]
        lived = loop.time() - started
        self._backoff = self._backoff.died(after=lived)
        if self._stopping.is_set():
            return
        self._set(PartState.DOWN)
        slots: dict[str, str | int] = {"seconds": round(lived), "log": str(log.path)}
        if isinstance(verdict, Happening):
            self._say(verdict, **slots)
        elif status < 0:
            self._say(Happening.KILLED, signal=-status, **slots)
        else:
            self._say(Happening.DIED, status=status, **slots)

    async def _watch(self, program: Program, signs: Signs) -> Happening:
        """See it become ready and stay alive; returns what it was killed for."""
        try:
            async with asyncio.timeout(program.ready_within):
                if program.probe is None:
                    await signs.ready.wait()
                else:
                    while not await _answers(program.probe, CHECK_PAUSE):  # noqa: ASYNC110 - it cannot tell us
                        await asyncio.sleep(PROBE_PAUSE)
        except TimeoutError:
            self._kill_child()
            return Happening.NOT_READY
        self._set(PartState.READY)
        self._say(Happening.BACK if self._ever_ready else Happening.READY)
        self._ever_ready = True
        self.ready.set()
        loop = asyncio.get_running_loop()
        pause = min(CHECK_PAUSE, program.silent_at_most / 4)
        signs.last = loop.time()
        signs.watched |= program.probe is not None
        while True:
            if program.probe is not None and await _answers(program.probe, pause):
                signs.last = loop.time()
            if signs.watched and loop.time() - signs.last > program.silent_at_most:
                self._kill_child()
                return Happening.HUNG
            await asyncio.sleep(pause)

    async def _pause(self) -> None:
        if not self._ever_ready and self._backoff.deaths >= FIRST_TRIES:
            self.gave_up.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), self._backoff.seconds)

    def _kill_child(self) -> None:
        if self._child is not None:
            self._child.kill()

    def _set(self, state: PartState, *, pid: int | None = None, started: bool = False, reason: str = "") -> None:
        keeps_pid = state is PartState.READY
        self.status = replace(
            self.status,
            state=state,
            pid=self.status.pid if keeps_pid else pid,
            starts=self.status.starts + started,
            reason=reason,
        )
        self._changed()

    def _say(self, happening: Happening, **slots: str | int) -> None:
        self._tell(PartNews(status=self.status, happening=happening, slots=slots))


async def _answers(probe: Callable[[], Awaitable[bool]], within: float) -> bool:
    """Whether the part answers; an exception or silence is a no."""
    try:
        async with asyncio.timeout(within):
            return await probe()
    except Exception:  # noqa: BLE001 - whatever keeps it from answering, it does not answer
        return False
