"""bot.app: a process of its own for large imports, started by the worker when one waits."""

from __future__ import annotations

from datetime import datetime

from bot.app.child_work import ChildWork
from bot.app.ground import Ground
from knowledge_base.imports import Imports


class ImportProcess:
    """At most one at a time."""

    def __init__(self, imports: Imports, ground: Ground) -> None:
        self._imports = imports
        named = (f"--department={one.name}" for one in ground.settings.handoff.departments)
        command = ("-m", "knowledge_base", "work-imports", "--data-dir", str(ground.data_dir), *named)
        self._work = ChildWork("imports", command, ground)

    async def run(self, _: datetime) -> None:
        """Start it where an import waits and none is at work."""
        if not self._work.busy and await self._imports.waiting():
            self._work.start()

    async def purge(self, _: datetime) -> None:
        """Remove what was left behind."""
        await self._imports.purge()

    async def stop(self) -> None:
        """End it; the next one goes on where it was."""
        await self._work.stop()
