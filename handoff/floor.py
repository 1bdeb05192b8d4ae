"""handoff: the whole desk at a glance, read for the supervisors' wall."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from handoff.contracts import EVERYTHING, AgentState, Scope, Sight
from handoff.duty import Duty
from handoff.duty_ports import TeamStore
from handoff.floor_ports import FloorStore
from handoff.service_levels import ServiceLevels
from handoff.settings import HandoffSettings
from handoff.store_ports import HandoffStore
from handoff.wall import Present, Wall, build_wall, capacity_of
from kit.contracts import Clock

FRESH = timedelta(milliseconds=400)
"""Walls that ask together get the same picture: ten of them cost as much as one."""
FLOW = timedelta(hours=1)
MOST = 1000
"""Waiting conversations on the wall; beyond that only the number at the desk's console is exact."""


class Floor:
    """Reads the wall."""

    def __init__(
        self,
        *,
        store: HandoffStore,
        floor: FloorStore,
        profiles: TeamStore,
        levels: ServiceLevels,
        duty: Duty,
        settings: HandoffSettings,
        clock: Clock,
    ) -> None:
        self._store, self._floor, self._profiles = store, floor, profiles
        self._levels, self._duty, self._settings, self._clock = levels, duty, settings, clock
        self._reading = asyncio.Lock()
        self._last: dict[frozenset[str], tuple[int, Wall]] = {}

    async def wall(self, sight: Sight = EVERYTHING) -> Wall:
        """The desk as it is now, or was `FRESH` ago; as much of it as belongs to the departments of `sight`."""
        departments = frozenset() if sight.scope is Scope.ALL else sight.departments
        async with self._reading:
            now, version = self._clock(), await self._store.version()
            self._last = {
                key: (seen, wall) for key, (seen, wall) in self._last.items() if timedelta() <= now - wall.at < FRESH
            }
            if departments not in self._last or self._last[departments][0] != version:
                self._last[departments] = version, await self._read(departments, now)
            return self._last[departments][1]

    async def _read(self, departments: frozenset[str], now: datetime) -> Wall:
        every = (*await self._store.waiting(limit=MOST), *await self._store.active())
        handoffs = [one for one in every if not departments or one.placing.department in departments]
        profiles = await self._profiles.all()
        present = [
            Present(
                agent=one.agent,
                state=one.state,
                reason=one.reason,
                capacity=capacity_of(profiles.get(one.agent.id), self._settings.routing.capacity),
                departments=profiles[one.agent.id].departments if one.agent.id in profiles else frozenset(),
            )
            for one in await self._duty.there(now)
            if one.state is not AgentState.OFFLINE
        ]
        shown = [one for one in present if not departments or not one.departments or one.departments & departments]
        names = [one.name for one in self._settings.departments if not departments or one.name in departments]
        return build_wall(
            handoffs,
            await self._levels.clocks(handoffs, now),
            shown,
            flow=await self._floor.flow(since=now - FLOW, departments=departments),
            departments=names,
            at=now,
        )
