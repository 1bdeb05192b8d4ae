"""bot.run: the parts of this house, as programs."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.run.backoff import Backoff
from bot.run.part import Build, Part, PartNews
from bot.run.place import Place
from bot.run.program import PartAbsent, Program
from bot.run.rasa import OwnRasa
from bot.run.supervisor import Line
from bot.run.valkey import EmbeddedValkey

WEB_STOP, WORKER_STOP = 6.0, 6.0
"""Seconds to finish; with Valkey's two the whole house stops within ten."""
LOADING_SECONDS = 180.0
"""A process loads the encoder, fits what was never fitted and opens the base: seconds, on a slow machine a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What `python -m bot run` starts."""

    place: Place
    root: Path
    config: Path
    door: socket.socket
    """Where customers knock; handed to the web process, kept open while that one is restarted."""
    valkey: EmbeddedValkey | None
    """None where REDIS_URL names one."""
    rasa: OwnRasa | None
    """None where it is off, or runs elsewhere."""
    rasa_absent: str
    """Why there is no Rasa of our own; empty where it runs elsewhere."""
    environment: dict[str, str] = field(default_factory=dict)
    """What web and worker get besides, such as Rasa's address."""

    def line(self, *, tell: Callable[[PartNews], None], changed: Callable[[], None]) -> Line:
        """The parts in their order."""

        def part(name: str, build: Build) -> Part:
            return Part(name, build, place=self.place, tell=tell, changed=changed)

        later = []
        if self.rasa is not None:
            later.append(part("rasa", self.rasa.build))
        elif self.rasa_absent:
            later.append(part("rasa", self._no_rasa))
        return Line(
            first=() if self.valkey is None else (part("valkey", self.valkey.build),),
            essential=(part("web", self._web), part("worker", self._worker)),
            later=tuple(later),
        )

    async def _web(self, _: Backoff) -> Program:
        number = self.door.fileno()
        return self._own("web", "--fd", str(number), handed_on=(number,), stop_within=WEB_STOP)

    async def _worker(self, _: Backoff) -> Program:
        return self._own("worker", stop_within=WORKER_STOP)

    async def _no_rasa(self, _: Backoff) -> Program:
        raise PartAbsent(self.rasa_absent)

    def _own(self, name: str, *more: str, stop_within: float, handed_on: tuple[int, ...] = ()) -> Program:
        """One of our own commands as a process."""
        wire = {} if self.valkey is None else {"REDIS_URL": self.valkey.url}
        return Program(
            command=self.command(name, *more),
            environment={"PYTHONUNBUFFERED": "1", "PYTHONFAULTHANDLER": "1", **wire, **self.environment},
            folder=self.root,
            ready_within=LOADING_SECONDS,
            stop_within=stop_within,
            handed_on=handed_on,
        )

    def command(self, name: str, *more: str) -> tuple[str, ...]:
        """`python -m bot NAME` on this house's settings and data."""
        own = (sys.executable, "-m", "bot", name)
        return (*own, "--config", str(self.config), "--data-dir", str(self.place.data), *more)
