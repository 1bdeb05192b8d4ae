"""tests: what the widget's windows share."""

from __future__ import annotations

import asyncio
from datetime import datetime

from handoff.contracts import QueuePlace
from kit.sql import Database
from kit.texts import Texts
from tests.bot.channels.web.desk import ScriptedQueue, WebDesk
from tests.bot.support.desk import Parts


class SlowQueue(ScriptedQueue):
    """Takes a turn of the event loop for a look, as a store does, and counts the looks."""

    looks = 0

    async def outlook(self, at: datetime) -> QueuePlace:
        self.looks += 1
        await asyncio.sleep(0)
        return await super().outlook(at)


async def test_windows_that_ask_at_one_moment_look_at_the_desk_once(sqlite_database: Database, texts: Texts) -> None:
    queue = SlowQueue()
    visits = WebDesk(parts=Parts(database=sqlite_database, texts=texts), queue=queue).visits
    frames = await asyncio.gather(*(visits.state(None) for _ in range(50)))
    assert queue.looks == 1
    assert frames == [frames[0]] * 50
