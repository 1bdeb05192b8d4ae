"""cases: promises that come due: what is late climbs the ladder, and silence after a decision closes the file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from cases.contracts import Alert, Case, Closure, Editor, Level, Stage, Watched
from cases.contracts.clocks import Clock, ClockKind, Task
from cases.draft import Draft, Told
from cases.keeper import HOUSE, Keeper
from cases.ports import PromiseStore
from kit.contracts import Clock as Now
from kit.contracts import Transactions
from staff.contracts.sight import EVERYTHING, Sight

log = structlog.get_logger("cases.promises")

AT_ONCE = 200
"""Promises one sweep looks at; the next one comes soon."""


class Promises:
    """Looks after what is owed."""

    def __init__(
        self, *, transactions: Transactions, store: PromiseStore, keeper: Keeper, clock: Now, list_limit: int
    ) -> None:
        self._transactions, self._store, self._keeper, self._clock = transactions, store, keeper, clock
        self._limit = list_limit

    async def run_due(self, now: datetime) -> int:
        """Deal with every promise whose time has come; returns how many. One that fails does not hold up the others."""
        dealt = 0
        for case_id, clock_id in await self._store.due(now, limit=AT_ONCE):
            try:
                dealt += await self._look(case_id, clock_id, now)
            except Exception:
                log.exception("promise_not_dealt_with", case=case_id, clock=clock_id)
        return dealt

    async def at_risk(self, *, department: str | None = None, sight: Sight = EVERYTHING) -> tuple[Watched, ...]:
        """What is late or nearly so, the most urgent first."""
        return await self._store.at_risk(self._clock(), department=department, limit=self._limit, sight=sight)

    async def tasks(self, *, department: str | None = None, sight: Sight = EVERYTHING) -> tuple[tuple[Case, Task], ...]:
        """What departments have to do, the most urgent first."""
        return await self._store.tasks(department=department, limit=self._limit, sight=sight)

    async def unseen(self, *, up_to: Level, sight: Sight = EVERYTHING) -> tuple[tuple[Case, Alert], ...]:
        """What nobody above the desk has seen yet."""
        return await self._store.unseen(up_to=up_to, limit=self._limit, sight=sight)

    async def see(self, alert_ids: Sequence[str], *, by: Editor) -> int:
        """Somebody has seen these."""
        at = self._clock()
        return await self._transactions.write(
            lambda tx: self._store.see(tx, alert_ids[: self._limit], by_name=by.name, at=at)
        )

    async def _look(self, case_id: str, clock_id: str, now: datetime) -> bool:
        looked = False

        def work(draft: Draft) -> None:
            nonlocal looked
            looked = False
            clock = draft.clock(clock_id)
            # Somebody kept it, or another worker was faster.
            if clock is None or clock.next_at is None or clock.next_at > now:
                return
            looked = True
            if clock.kind is ClockKind.CONFIRMATION:
                self._close(draft, clock)
            else:
                self._climb(draft, clock, now)

        await self._keeper.commit(case_id, work, by=HOUSE, at=now)
        return looked

    def _close(self, draft: Draft, clock: Clock) -> None:
        if draft.open_tasks():
            draft.climb(clock, clock.rung, None)  # work goes on: silence does not end it
            return
        closed = self._keeper.rules.step_at(draft.case.kind, Stage.CLOSED)
        draft.enter(closed, Told(silently=True), Closure.SILENCE)
        draft.letter("silence")

    def _climb(self, draft: Draft, clock: Clock, now: datetime) -> None:
        """Every rung whose time has come, in one go: after a standstill the highest is heard, not each in turn."""
        rules = self._keeper.rules
        ladder = rules.settings.promises.ladder
        times = [rules.after(draft.case.department, clock.due_at, rung.after_minutes) for rung in ladder]
        if clock.rung == 0:
            draft.note("late", clock.text, clock.kind.value)
        reached = max((number for number, time in enumerate(times, 1) if time <= now), default=0)
        if reached > clock.rung:
            draft.raise_to(ladder[reached - 1].level, f"late_{clock.kind.value}")
        draft.climb(clock, max(reached, clock.rung), times[reached] if reached < len(times) else None)
