"""bot.run: the desk's own Rasa service: its model learned in the background, then served and watched.

The desk never waits for it. What Rasa is and how it is called is nlu's; this only runs it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.run.backoff import Backoff
from bot.run.child import run_to_end
from bot.run.place import Place
from bot.run.program import PartAbsent, Program

READY_SECONDS = 120.0
SILENT_SECONDS = 30.0
"""Rasa answers in milliseconds; half a minute of silence is a process that hangs."""
STOP_WITHIN = 2.0
"""It keeps nothing, so it needs no time."""


class LearningFailed(Exception):
    """No model could be learned; the words are the last line of what was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RasaWays:
    """How Rasa is found, started and asked; from nlu, given by bot.run.commands."""

    check: Callable[[], None]
    """Raises an exception with the reason where Rasa cannot be run on this machine."""
    command: Callable[[Path, int], Sequence[str]]
    """What serves the model on the port."""
    environment: Mapping[str, str]
    """Everything the process may see."""
    serving: Callable[[Path, int], bool]
    """Whether that model answers on that port. Blocking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRasa:
    """Rasa as a part of the house."""

    ways: RasaWays
    place: Place
    config: Path
    root: Path
    port: int
    learning: Callable[[], None]
    """Told when a model has to be learned, which takes a minute."""

    async def build(self, _backoff: Backoff) -> Program:
        """Learn the model unless it is there, then say how it is served. Raises PartAbsent, LearningFailed."""
        try:
            await asyncio.to_thread(self.ways.check)
        except Exception as error:
            raise PartAbsent("no_rasa", fault=str(error)) from error
        model = await self._learn()
        return Program(
            command=tuple(self.ways.command(model, self.port)),
            environment=self.ways.environment,
            only=True,
            folder=self.place.data,
            probe=lambda: asyncio.to_thread(self.ways.serving, model, self.port),
            ready_within=READY_SECONDS,
            silent_at_most=SILENT_SECONDS,
            stop_within=STOP_WITHIN,
        )

    async def _learn(self) -> Path:
        """The published model; the first start, and new training data, have one learned and published."""
        if not any((self.place.data / "rasa" / "models").glob("*.tar.gz")):
            self.learning()
        own = (sys.executable, "-m", "nlu", "--config", str(self.config), "--data-dir", str(self.place.data))
        status, words = await run_to_end(
            Program(command=(*own, "current"), folder=self.root, environment={"PYTHONUNBUFFERED": "1"}),
            self.place.log / "rasa-training.log",
        )
        model = Path(words[-1]) if words else Path()
        if status != 0 or not model.is_file():
            raise LearningFailed(words[-1] if words else str(status))
        return model
