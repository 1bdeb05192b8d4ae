"""handoff: watches promised times: tells who has to know, once each, and gives a silent agent's customers to others.

Run `sweep` every few seconds; several processes may: a row a rung decides which of them tells.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import structlog

from handoff.contracts import (
    Agent,
    AgentState,
    ClockState,
    Handoff,
    Level,
    NoticeKind,
    Offer,
    OfferEnd,
    ServiceClock,
)
from handoff.duty import Duty
from handoff.floor_ports import EscalationStore, Told
from handoff.ladder import is_silent, levels_of
from handoff.news import News
from handoff.notices import Notices
from handoff.put_back import PutBack
from handoff.service_levels import ServiceLevels
from handoff.settings import HandoffSettings
from handoff.sights import Sights
from handoff.store_ports import HandoffStore, OfferStore
from handoff.team import Team
from kit.contracts import NewId, Transactions, Tx
from staff.contracts import Role

AT_ONCE = 500
"""Waiting conversations looked at in one go; those behind them were promised later times."""

log = structlog.get_logger("handoff.escalation")


class Escalation:
    """The ladder at work."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: HandoffStore,
        told: EscalationStore,
        offers: OfferStore,
        levels: ServiceLevels,
        duty: Duty,
        team: Team,
        notices: Notices,
        sights: Sights,
        put_back: PutBack,
        news: News,
        settings: HandoffSettings,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._told, self._offers = transactions, store, told, offers
        self._levels, self._duty, self._team, self._notices = levels, duty, team, notices
        self._sights, self._put_back, self._news, self._new_id = sights, put_back, news, new_id
        self._settings = settings.escalation

    async def sweep(self, now: datetime) -> int:
        """Tell and give away what is due; how many of both."""
        handoffs = (*await self._store.waiting(limit=AT_ONCE), *await self._store.active())
        clocks = await self._levels.clocks(handoffs, now)
        known = await self._told.of([one.id for one in handoffs]) if handoffs else frozenset()
        done = 0
        for handoff in handoffs:
            for clock in clocks[handoff.id]:
                fresh = {
                    Told(handoff_id=handoff.id, kind=clock.kind, began_at=clock.began_at, level=level)
                    for level in levels_of(clock, handoff.urgency, self._settings)
                } - known
                if fresh:
                    done += await self._tell(handoff, clock, fresh)
            if any(is_silent(handoff, clock, self._settings) for clock in clocks[handoff.id]):
                done += await self._give_away(handoff, now)
        if done:
            await self._news.desk_changed()
        return done

    async def _tell(self, handoff: Handoff, clock: ServiceClock, fresh: Collection[Told]) -> bool:
        kind = NoticeKind.LATE if clock.state is ClockState.LATE else NoticeKind.AT_RISK
        ranks = await self._ranks(handoff)

        async def work(tx: Tx) -> bool:
            mine = [told for told in sorted(fresh, key=lambda told: told.level) if await self._told.add(tx, told)]
            accounts = {
                account_id
                for told in mine
                for account_id in (ranks[told.level] if told.level is not Level.AGENT else {handoff.agent_id or ""})
            } - {""}
            await self._notices.tell(tx, sorted(accounts), kind, about=handoff, text=clock.kind.value)
            return bool(mine)

        told = await self._transactions.write(work)
        if told:
            log.info("escalation.told", handoff=handoff.id, clock=clock.kind.value, state=clock.state.value)
        return told

    async def _ranks(self, handoff: Handoff) -> dict[Level, set[str]]:
        """Who is above the desk for a handover: nobody hears of what they may not see."""
        accounts = [
            account
            for account, _ in await self._team.members()
            if (await self._sights.of(account.id, account.roles)).covers(handoff.placing.department)
        ]
        supervisors = {account.id for account in accounts if Role.SUPERVISOR in account.roles}
        managers = {account.id for account in accounts if account.name in self._settings.managers}
        return {Level.SUPERVISOR: supervisors, Level.MANAGER: managers or supervisors}

    async def _give_away(self, handoff: Handoff, now: datetime) -> bool:
        """To the head of the queue, where others are there to take it; else a silent agent is better than none."""
        others = [
            one.agent
            for one in await self._duty.there(now)
            if one.state is AgentState.ONLINE and one.agent.id != handoff.agent_id
        ]
        if not others or handoff.agent_id is None:
            return False
        silent, ranks = handoff.agent_id, await self._ranks(handoff)

        async def also(tx: Tx) -> None:
            # As if it had been offered to them and run out: they are not the next one who is asked.
            await self._offers.add(tx, self._passed(handoff, now))
            await self._offers.end(tx, handoff.id, OfferEnd.LAPSED, at=now)
            told = sorted({silent, *ranks[Level.SUPERVISOR]})
            await self._notices.tell(tx, told, NoticeKind.SILENT, about=handoff, text=handoff.agent_name or "")

        if not await self._put_back(handoff, code="agent_silent", at=now, also=also):
            return False
        log.info("escalation.given_away", handoff=handoff.id, agent=silent)
        return True

    def _passed(self, handoff: Handoff, now: datetime) -> Offer:
        agent = Agent(id=handoff.agent_id or "", name=handoff.agent_name or "")
        return Offer(id=self._new_id(), handoff_id=handoff.id, agent=agent, offered_at=now, ends_at=now, why=())
