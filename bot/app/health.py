"""bot.app: how the parts are that customers need, for `/readyz`."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from bot.app.ground import Ground
from bot.app.rooms import Rooms
from bot.run.health import Ask, Health, PartHealth

LATE = timedelta(seconds=10)
"""A message that waits longer than this has no worker."""


def health_of(ground: Ground, rooms: Rooms) -> dict[str, Ask]:
    """One question a part."""

    async def database() -> PartHealth:
        async with ground.database.read() as connection:
            await connection.execute(text("SELECT 1"))
        return PartHealth(health=Health.OK)

    async def wire() -> PartHealth:
        return PartHealth(health=Health.OK if ground.signals.up() else Health.DEGRADED)

    async def worker() -> PartHealth:
        now = ground.clock()
        waiting = await rooms.store.due(now, limit=1)
        late = bool(waiting) and now - waiting[0].retry_at > LATE
        return PartHealth(health=Health.DOWN if late else Health.OK)

    return {"database": database, "wire": wire, "worker": worker}
