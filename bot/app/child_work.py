"""bot.app: work that keeps Python busy for long, in a process that the worker starts and that ends with the work.

In the worker or the web process customers would wait for it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

import structlog

from bot.app.ground import Ground
from bot.run.child import run_to_end
from bot.run.place import Place
from bot.run.program import Program
from kit.faults import log_fault
from kit.rooms import HOUSE

log = structlog.get_logger(__name__)


class ChildWork:
    """One kind of work; at most one process of it at a time."""

    def __init__(self, name: str, command: Sequence[str], ground: Ground) -> None:
        """`command` is what follows the name of the interpreter; `name` names task, log file and log events."""
        self._name = name
        self._program = Program(
            command=(sys.executable, *command),
            environment={"DATABASE_URL": ground.secrets.database_url, "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"},
            folder=HOUSE,
        )
        self._log = Place(ground.data_dir).log / f"{name}.log"
        self._running: asyncio.Task[object] | None = None

    @property
    def busy(self) -> bool:
        """Whether it is at work."""
        return self._running is not None and not self._running.done()

    def start(self) -> None:
        """Begin, unless it is at work."""
        if not self.busy:
            self._running = asyncio.create_task(self._work(), name=self._name)

    async def _work(self) -> None:
        try:
            self._log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            status, _ = await run_to_end(self._program, self._log)
        except OSError as error:
            log_fault(log, "work.cannot_start", error, work=self._name)
        else:
            if status != 0:
                log.warning("work.ended", work=self._name, status=status, log=str(self._log))

    async def stop(self) -> None:
        """End it; the next one begins anew or goes on where it was."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
