"""handoff: where a waiting customer stands, and what one would meet who asked now."""

from __future__ import annotations

from datetime import datetime, timedelta

from handoff.contracts import AgentState, Handoff, HandoffRequest, HandoffState, QueuePlace
from handoff.duty import Duty
from handoff.estimate import WINDOW, Wait, estimate
from handoff.hours import Openings
from handoff.placing import place_request
from handoff.queue_ports import QueueOrder, WaitStore
from handoff.settings import HandoffSettings
from handoff.store_ports import CustomerStore, HandoffStore
from kit.contracts import Clock
from kit.hours import is_open, next_opening

FRESH = timedelta(seconds=3)
"""How long the recent waits of a department are remembered: every window of every waiting customer asks for them."""


class Places:
    """Places in the queue."""

    def __init__(
        self,
        *,
        store: HandoffStore,
        queue: QueueOrder,
        waits: WaitStore,
        customers: CustomerStore,
        duty: Duty,
        settings: HandoffSettings,
        clock: Clock,
    ) -> None:
        self._store, self._queue, self._waits = store, queue, waits
        self._customers, self._duty, self._settings, self._clock = customers, duty, settings, clock
        self._openings = Openings(settings)
        self._recent: dict[str, tuple[datetime, tuple[Wait, ...]]] = {}

    async def place(self, conversation_id: str) -> QueuePlace | None:
        """Where a waiting customer stands; None when nobody waits in this conversation."""
        handoff = await self._store.latest(conversation_id)
        if handoff is None or handoff.state is not HandoffState.WAITING:
            return None
        ahead = await self._queue.ahead(conversation_id)
        if ahead is None:
            return None
        department = handoff.placing.department
        return await self._place(ahead, waiting=handoff, at=self._clock(), department=department)

    async def outlook(self, at: datetime, request: HandoffRequest | None = None) -> QueuePlace:
        """What a customer would meet who asked now; with `request`, in the queue of the department it leads to."""
        department = None
        if request is not None:
            customer = await self._customers.load(request.conversation_id)
            department = place_request(request, customer, settings=self._settings, at=at).department
        return await self._place(await self._queue.length(department), waiting=None, at=at, department=department)

    async def on_duty(self, at: datetime) -> int:
        """How many representatives are on duty."""
        return sum(1 for one in await self._duty.there(at) if one.state is not AgentState.OFFLINE)

    async def _place(self, ahead: int, *, waiting: Handoff | None, at: datetime, department: str | None) -> QueuePlace:
        on_duty = await self.on_duty(at)
        hours = self._openings.of(department)
        return QueuePlace(
            ahead=ahead,
            waiting_since=waiting.asked_at if waiting else at,
            agents_on_duty=on_duty,
            # Who works late is there: "come back tomorrow" would not be true.
            open_now=on_duty > 0 or is_open(hours, at),
            opens_at=next_opening(hours, at),
            limit_minutes=self._settings.waiting.limit_minutes if on_duty else self._settings.waiting.away_minutes,
            wait=estimate(ahead, await self._lately(department, at), now=at) if department and on_duty else None,
        )

    async def _lately(self, department: str, at: datetime) -> tuple[Wait, ...]:
        known = self._recent.get(department)
        if known is not None and timedelta() <= at - known[0] < FRESH:
            return known[1]
        waits = await self._waits.recent(department, since=at - WINDOW)
        self._recent[department] = (at, waits)
        return waits
