"""bot.app: a process of its own for large imports, started by the worker when one waits and gone when it is done.

Reading a large file keeps Python busy for minutes; in the worker or the web process customers would wait for it.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

import structlog

from bot.app.ground import Ground
from bot.run.child import run_to_end
from bot.run.place import Place
from bot.run.program import Program
from kit.faults import log_fault
from kit.rooms import HOUSE
from knowledge_base.imports import Imports

log = structlog.get_logger(__name__)


class ImportProcess:
    """At most one at a time."""

    def __init__(self, imports: Imports, ground: Ground) -> None:
        self._imports = imports
        named = (f"--department={one.name}" for one in ground.settings.handoff.departments)
        self._program = Program(
            command=(
                sys.executable,
                "-m",
                "knowledge_base",
                "work-imports",
                "--data-dir",
                str(ground.data_dir),
                *named,
            ),
            environment={"DATABASE_URL": ground.secrets.database_url, "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"},
            folder=HOUSE,
        )
        self._log = Place(ground.data_dir).log / "imports.log"
        self._running: asyncio.Task[object] | None = None

    async def run(self, _: datetime) -> None:
        """Start it where an import waits and none is at work."""
        if self._running is not None and not self._running.done():
            return
        if await self._imports.waiting():
            self._running = asyncio.create_task(self._work(), name="imports")

    async def _work(self) -> None:
        try:
            self._log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            status, _ = await run_to_end(self._program, self._log)
        except OSError as error:
            log_fault(log, "imports.cannot_start", error)
        else:
            if status != 0:
                log.warning("imports.ended", status=status, log=str(self._log))

    async def purge(self, _: datetime) -> None:
        """Remove what was left behind."""
        await self._imports.purge()

    async def stop(self) -> None:
        """End it; the next one goes on where it was."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
