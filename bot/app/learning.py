"""bot.app: a process of its own in which the complaint classifier learns from approved corrections."""

from __future__ import annotations

from datetime import datetime

from bot.app.child_work import ChildWork
from bot.app.ground import Ground
from nlu.teaching import Teaching


class ComplaintLearning:
    """Learns again whenever other corrections are approved than when it last began. At most one at a time."""

    def __init__(self, teaching: Teaching, ground: Ground) -> None:
        self._teaching = teaching
        command = (
            "-m",
            "nlu",
            "--config",
            str(ground.config),
            "--data-dir",
            str(ground.data_dir),
            "complaints",
            "refit",
        )
        self._work = ChildWork("complaints", command, ground)
        self._learned = ""
        """The state it last began with. A new worker looks once; where nothing is new that takes seconds."""

    async def run(self, _: datetime) -> None:
        """Start it where there is something new to learn and none is at work."""
        if self._work.busy:
            return
        state = await self._teaching.state_of_approved()
        if state != self._learned:
            self._learned = state
            self._work.start()

    async def stop(self) -> None:
        """End it; nothing is served that was not finished."""
        await self._work.stop()
