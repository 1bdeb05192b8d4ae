"""handoff: offers waiting conversations to representatives, one after the other, as `routing` decides.

Run it every second. Several processes may: what was decided from one version of the queue is stored only while it is
still that version, so nobody is offered more than they can hold.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import structlog

from handoff.contracts import Agent, Handoff, HandoffState, Offer, OfferEnd
from handoff.duty import Duty
from handoff.news import News
from handoff.ordering import Waiting
from handoff.routing import Assignment, Seat, Ticket, has_room, route
from handoff.settings import HandoffSettings, Mode
from handoff.store_ports import HandoffStore, OfferStore
from handoff.team import Team
from kit.contracts import Clock, NewId, Transactions, Tx

DISPATCH_EVERY = timedelta(seconds=1)
AT_ONCE = 200
"""Waiting conversations looked at in one go. More only while somebody still has room: what waits behind a long line for
others may be just theirs."""
PASSED_FOR = timedelta(minutes=2)
"""How long somebody who did not take a conversation is not asked again."""

log = structlog.get_logger("handoff.dispatch")


class Dispatcher:
    """Makes and passes on offers."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: HandoffStore,
        offers: OfferStore,
        team: Team,
        duty: Duty,
        news: News,
        settings: HandoffSettings,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._offers = transactions, store, offers
        self._team, self._duty = team, duty
        self._news, self._settings, self._clock, self._new_id = news, settings, clock, new_id

    async def run(self, now: datetime) -> int:
        """Pass on what was not accepted in time, then offer what waits; returns how many offers were made."""
        version = await self._store.version()
        open_offers = await self._offers.open()
        if not open_offers and not await self._store.waiting(limit=1):
            return 0
        seats = await self._team.seats(now, open_offers)
        ended = await self._end_stale(open_offers, seats, now)
        made: tuple[Assignment, ...] = ()
        if not ended and self._settings.routing.mode is Mode.PUSH:  # else the version has moved: next time
            made = await self._offer(version, seats, {offer.handoff_id for offer in open_offers}, now)
        if ended or made:
            await self._tell({*ended, *(one.ticket.handoff_id for one in made)})
        return len(made)

    async def decline(self, handoff_id: str, agent: Agent) -> bool:
        """`agent` does not want the conversation offered; False when it is not offered to them any more."""
        open_offers = await self._offers.open()
        mine = next((one for one in open_offers if (one.handoff_id, one.agent.id) == (handoff_id, agent.id)), None)
        if mine is None or not await self._end(mine, OfferEnd.DECLINED, self._clock()):
            return False
        await self._tell([handoff_id])
        return True

    async def _tell(self, handoff_ids: Collection[str]) -> None:
        """Who is offered what stands in the lists."""
        found = await self._store.by_ids(sorted(handoff_ids))
        await self._news.desk_changed(*(one.conversation_id for one in found))

    async def offers(self) -> tuple[Offer, ...]:
        """What is offered now, oldest first."""
        return await self._offers.open()

    async def _end_stale(self, offers: tuple[Offer, ...], seats: tuple[Seat, ...], now: datetime) -> set[str]:
        """Handovers whose offer ended: its time ran out, or the representative is not there any more."""
        there = {seat.agent.id for seat in seats if seat.open_to_offers}
        ended = set()
        for offer in offers:
            if now >= offer.ends_at:
                if await self._end(offer, OfferEnd.LAPSED, now):
                    ended.add(offer.handoff_id)
                    await self._notice_silence(offer.agent)
            elif offer.agent.id not in there and await self._end(offer, OfferEnd.WITHDRAWN, now):
                ended.add(offer.handoff_id)
        return ended

    async def _notice_silence(self, agent: Agent) -> None:
        """Who lets offers run out is not looking: the next customer should not wait for them too."""
        limit = self._settings.routing.lapses
        if limit and await self._offers.lapsed_in_a_row(agent.id, limit=limit) >= limit:
            await self._duty.did_not_answer(agent.id)

    async def _end(self, offer: Offer, end: OfferEnd, at: datetime) -> bool:
        async def work(tx: Tx) -> bool:
            return await self._offers.end(tx, offer.handoff_id, end, at=at, offer_id=offer.id) is not None

        if not await self._transactions.write(work):
            return False
        log.info("dispatch.offer_ended", handoff=offer.handoff_id, agent=offer.agent.id, end=end.value)
        return True

    async def _offer(
        self, version: int, seats: tuple[Seat, ...], offered: set[str], now: datetime
    ) -> tuple[Assignment, ...]:
        if not any(seat.open_to_offers for seat in seats):
            return ()
        limit = AT_ONCE
        while True:
            head = await self._store.waiting(limit=limit)
            decided = await self._decide([one for one in head if one.id not in offered], seats, now)
            if decided or len(head) < limit or not has_room(seats, self._settings.routing):
                return await self._keep(version, decided, now) if decided else ()
            limit *= 2

    async def _decide(
        self, waiting: Sequence[Handoff], seats: tuple[Seat, ...], now: datetime
    ) -> tuple[Assignment, ...]:
        if not waiting:
            return ()
        passed = await self._offers.passed(since=now - PASSED_FOR)
        last = await self._store.last_agents([one.conversation_id for one in waiting])
        tickets = [
            ticket_of(one, last_agent_id=last.get(one.conversation_id), passed=passed.get(one.id, frozenset()))
            for one in waiting
        ]
        return route(tickets, seats, settings=self._settings.routing, now=now).assignments

    async def _keep(self, version: int, decided: tuple[Assignment, ...], now: datetime) -> tuple[Assignment, ...]:
        async def work(tx: Tx) -> tuple[Assignment, ...]:
            if not await self._store.hold_version(tx, version):
                return ()
            return tuple([one for one in decided if await self._offers.add(tx, self._offer_of(one, now))])

        made = await self._transactions.write(work)
        for one in made:
            log.info(
                "dispatch.offered",
                handoff=one.ticket.handoff_id,
                agent=one.agent.id,
                why=[why.code for why in one.why],
            )
        return made

    def _offer_of(self, assignment: Assignment, now: datetime) -> Offer:
        return Offer(
            id=self._new_id(),
            handoff_id=assignment.ticket.handoff_id,
            agent=assignment.agent,
            offered_at=now,
            ends_at=now + timedelta(seconds=self._settings.routing.accept_seconds),
            why=assignment.why,
        )


def ticket_of(handoff: Handoff, *, last_agent_id: str | None, passed: frozenset[str]) -> Ticket:
    """A waiting handover as routing looks at it."""
    if handoff.state is not HandoffState.WAITING:
        message = f"only what waits is offered, not what is {handoff.state.value}"
        raise ValueError(message)
    return Ticket(
        handoff_id=handoff.id,
        waiting=Waiting(
            conversation_id=handoff.conversation_id,
            urgency=handoff.urgency,
            returned_to_queue=handoff.returned_to_queue,
            answer_by=handoff.placing.answer_by,
        ),
        asked_at=handoff.asked_at,
        channel=handoff.channel,
        language=handoff.language,
        department=handoff.placing.department,
        skill=handoff.placing.skill,
        key_account=handoff.placing.key_account,
        named_agent_id=handoff.placing.named_agent_id,
        last_agent_id=last_agent_id,
        passed=passed,
    )
