"""bot.app: a process of its own for large imports, started by the worker when one waits and gone when it is done.

Reading a large file keeps Python busy for minutes; in the worker or the web process customers would wait for it.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

from bot.app.ground import Ground
from bot.run.child import run_to_end
from bot.run.place import Place
from bot.run.program import Program
from kit.rooms import HOUSE
from knowledge_base.imports import Imports


class ImportProcess:
    """At most one at a time."""

    def __init__(self, imports: Imports, ground: Ground) -> None:
        self._imports = imports
        self._program = Program(
            command=(sys.executable, "-m", "knowledge_base", "work-imports", "--data-dir", str(ground.data_dir)),
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
            self._running = asyncio.create_task(run_to_end(self._program, self._log), name="imports")

    async def purge(self, _: datetime) -> None:
        """Remove what was left behind."""
        await self._imports.purge()

    async def stop(self) -> None:
        """End it; the next one goes on where it was."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
