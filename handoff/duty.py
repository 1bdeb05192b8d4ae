"""handoff: who is on duty and in which state; clock-in, clock-out and the attendance sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from handoff.attendance import Attendance, attendance, department_of
from handoff.contracts import Agent, AgentProfile, AgentState, Span, StateReason
from handoff.duty_ports import DutyStore, Presence, TeamStore
from handoff.hours import calendar_of
from handoff.news import News
from handoff.presence import state_now
from handoff.refusals import UnknownChoice
from handoff.settings import HandoffSettings
from kit.contracts import Clock, NewId, Transactions, Tx
from kit.hours import moment

LONGEST_SHEET = 62
"""Days on one sheet."""
A_DAY = timedelta(days=1)
"""Elsewhere a day begins up to a day sooner or later than at the desk, and a night shift ends on the day after."""
CHOSEN = frozenset(AgentState) - {AgentState.WRAPPING_UP}
REASONS = {AgentState.BREAK: frozenset(StateReason) - {StateReason.NO_ANSWER}}
"""States that want a reason, and which."""

log = structlog.get_logger("handoff.duty")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """Somebody whose console shows life, and what they are doing (also when they are off duty)."""

    agent: Agent
    seen_at: datetime
    state: AgentState
    reason: StateReason | None


class Duty:
    """States of representatives."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: DutyStore,
        profiles: TeamStore,
        presence: Presence,
        news: News,
        settings: HandoffSettings,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._profiles = transactions, store, profiles
        self._presence, self._news, self._settings = presence, news, settings
        self._clock, self._new_id = clock, new_id
        self._absent_after = timedelta(seconds=settings.absent_after_seconds)
        self._wrap_up = timedelta(seconds=settings.routing.wrap_up_seconds)

    async def there(self, now: datetime) -> tuple[OnDuty, ...]:
        """Everyone whose console shows life."""
        seen = [(agent, at) for agent, at in await self._presence.seen() if now - at <= self._absent_after]
        last = await self._store.last() if seen else {}
        return tuple(self._on_duty(agent, at, last.get(agent.id), now) for agent, at in seen)

    async def state(self, agent: Agent) -> OnDuty:
        """What one representative is doing."""
        now = self._clock()
        return self._on_duty(agent, now, (await self._store.last()).get(agent.id), now)

    async def arrive(self, agent: Agent) -> None:
        """The console was opened: who did not clock out is on duty from now on."""
        last = (await self._store.last()).get(agent.id)
        if (last is None or last.ended_at is not None) and not (last is not None and last.clocked_out):
            await self._change(agent.id, AgentState.ONLINE, None)

    async def choose(self, agent: Agent, state: AgentState, reason: StateReason | None = None) -> None:
        """Change one's own state; OFFLINE clocks out, any other one clocks in. Raises UnknownChoice."""
        if state not in CHOSEN:
            raise UnknownChoice(field="state", value=state.value)
        if reason not in REASONS.get(state, frozenset({None})):
            raise UnknownChoice(field="reason", value=reason.value if reason else "")
        await self._change(agent.id, state, reason)

    async def wrap_up(self, agent: Agent) -> None:
        """A conversation ended: some time for its papers, where the settings give it."""
        if self._wrap_up and (await self.state(agent)).state is AgentState.ONLINE:
            await self._change(agent.id, AgentState.WRAPPING_UP, None)

    async def did_not_answer(self, agent_id: str) -> None:
        """Offers ran out unanswered: no more of them until the representative is back."""
        await self._change(agent_id, AgentState.BUSY, StateReason.NO_ANSWER)

    async def sweep(self, now: datetime) -> None:
        """Clock out who disappeared, at the moment of their last sign of life, and end wrapping up that is over."""
        seen = {agent.id: at for agent, at in await self._presence.seen()}
        for account_id, span in (await self._store.last()).items():
            if span.ended_at is not None:
                continue
            at = seen.get(account_id)
            if at is None or now - at > self._absent_after:
                await self._end(span, max(at or span.began_at, span.began_at))
            elif state_now(span, now, wrap_up=self._wrap_up) is not span.state:
                await self._change(account_id, AgentState.ONLINE, None)

    async def sheet(self, first: date, last: date) -> Mapping[str, tuple[Attendance, ...]]:
        """The attendance of everyone from `first` to `last`, by account id. Raises UnknownChoice."""
        number = (last - first).days + 1
        if not 1 <= number <= LONGEST_SHEET:
            raise UnknownChoice(field="last", value=f"{first} – {last}")
        zone = ZoneInfo(self._settings.time_zone)
        days = [first + timedelta(days=ahead) for ahead in range(number)]
        spans = await self._store.spans(moment(first - A_DAY, 0, zone), moment(last + 3 * A_DAY, 0, zone))
        profiles = dict(await self._profiles.all())
        for span in spans:
            profiles.setdefault(span.account_id, AgentProfile(account_id=span.account_id))
        shifts = {shift.name: shift for shift in self._settings.shifts}
        calendars = {name: calendar_of(self._settings, name) for name in (None, *self._settings.department_names())}
        return {
            account_id: attendance(
                profile,
                spans,
                days=days,
                shifts=shifts,
                calendar=calendars[department_of(profile, shifts)],
                now=self._clock(),
            )
            for account_id, profile in profiles.items()
        }

    def _on_duty(self, agent: Agent, at: datetime, last: Span | None, now: datetime) -> OnDuty:
        state = state_now(last, now, wrap_up=self._wrap_up)
        reason = last.reason if last is not None and last.ended_at is None and last.state is state else None
        return OnDuty(agent=agent, seen_at=at, state=state, reason=reason)

    async def _change(self, account_id: str, state: AgentState, reason: StateReason | None) -> None:
        at = self._clock()

        async def work(tx: Tx) -> None:
            await self._store.end(tx, account_id, at=at, clocked_out=state is AgentState.OFFLINE)
            if state is not AgentState.OFFLINE:
                await self._store.begin(
                    tx,
                    Span(
                        id=self._new_id(),
                        account_id=account_id,
                        state=state,
                        reason=reason,
                        began_at=at,
                        ended_at=None,
                        clocked_out=False,
                    ),
                )

        await self._transactions.write(work)
        log.info("duty.changed", agent=account_id, state=state.value, reason=reason.value if reason else None)
        await self._news.desk_changed()

    async def _end(self, span: Span, at: datetime) -> None:
        async def work(tx: Tx) -> None:
            await self._store.end(tx, span.account_id, at=at, clocked_out=False)

        await self._transactions.write(work)
        await self._news.desk_changed()
