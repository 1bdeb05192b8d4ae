"""cases: the house's own part in follow-ups: going through customers, asking in the chat, handing on to colleagues."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from cases.contracts.follow_ups import (
    Event,
    FollowUp,
    FollowUpEvent,
    FollowUpState,
    KnownCustomer,
    Outcome,
    Wish,
)
from cases.follow_ups.asking import Asking
from cases.follow_ups.desk import tried
from cases.follow_ups.hours import next_allowed
from cases.follow_ups.planning import (
    DROPPED,
    Period,
    Way,
    decide_way,
    hours_of_asking,
    of_period,
    period_of,
)
from cases.keeper import HOUSE, Keeper
from cases.ports import CustomerBook, Customers, FollowUpStore
from cases.settings.follow_ups import Plan, Trigger
from kit.contracts import NewId, Transactions, Tx
from kit.hours import is_open
from kit.texts import Texts

log = structlog.get_logger("cases.follow_ups")

AT_ONCE = 200
"""Customers or follow-ups one sweep looks at; the next one comes soon."""
LATER = timedelta(hours=1)


class FollowUpRounds:
    """Runs in the worker; several may run at once."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: FollowUpStore,
        book: CustomerBook,
        customers: Customers,
        asking: Asking,
        keeper: Keeper,
        texts: Texts,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._book, self._customers = transactions, store, book, customers
        self._asking, self._rules, self._texts, self._new_id = asking, keeper.rules, texts, new_id
        self._settings = keeper.rules.settings.follow_ups
        self._hours = hours_of_asking(keeper.rules)

    async def run(self, now: datetime) -> int:
        """Plan for the next customers of every period, and deal with what is due; returns how much was done."""
        done = 0
        for plan in self._settings.plans:
            period = period_of(plan, now, rules=self._rules)
            if period is not None:
                done += await self._go_on(plan, period, now)
        if not is_open(self._hours, now):
            return done
        for follow_up in await self._store.due(now, limit=AT_ONCE):
            try:
                done += await self._look(follow_up, now)
            except Exception:
                log.exception("follow_up_not_dealt_with", follow_up=follow_up.id)
        return done

    async def _go_on(self, plan: Plan, period: Period, now: datetime) -> int:
        """The next customers of a round; who comes second to the same ones leaves them."""
        before = await self._transactions.write(lambda tx: self._store.round(tx, plan.name, period.name, at=now))
        if before.done:
            return 0
        customers = await self._book.customers(period.query, after=before.after, limit=AT_ONCE)

        async def write(tx: Tx) -> int:
            round_ = await self._store.round(tx, plan.name, period.name, at=now)
            if round_ != before:
                return 0
            meant = await self._meant(tx, plan, customers)
            planned = [
                of_period(plan, period, each, rules=self._rules, since=round_.began_at, at=now, new_id=self._new_id)
                for each in meant
            ]
            last = customers[-1].conversation_id if customers else round_.after
            await self._store.save_round(tx, replace(round_, after=last, done=len(customers) < AT_ONCE))
            return await self._store.plan(tx, planned)

        return await self._transactions.write(write)

    async def _meant(self, tx: Tx, plan: Plan, customers: tuple[KnownCustomer, ...]) -> list[KnownCustomer]:
        ids = [each.conversation_id for each in customers]
        wishes = await self._store.wishes(tx, ids)
        served = await self._store.with_cases(tx, ids) if plan.trigger is Trigger.INQUIRY else frozenset[str]()
        chat_only = plan.by == "chat"
        return [
            each
            for each in customers
            if plan.meant_for(key_account=each.key_account)
            and wishes.get(each.conversation_id) is not Wish.NEVER
            and each.conversation_id not in served
            and not (chat_only and wishes.get(each.conversation_id) is not Wish.CHAT)
        ]

    async def _look(self, found: FollowUp, now: datetime) -> int:
        conversation_id = found.conversation_id
        customer = await self._book.find(conversation_id) if conversation_id else None

        async def write(tx: Tx) -> tuple[int, int | None]:
            follow_up = await self._store.locked(tx, found.id)
            if follow_up is None or follow_up.due_at > now or follow_up.state is not found.state:
                return 0, None
            if follow_up.state is FollowUpState.ASKED:
                await self._unanswered(tx, follow_up, now)
                return 1, None
            way = await self._way(tx, follow_up, customer, now)
            return 1, await self._deal(tx, follow_up, way, now)

        done, seq = await self._transactions.write(write)
        if seq is not None and conversation_id is not None:
            await self._customers.wake(conversation_id, seq=seq)
        return done

    async def _way(self, tx: Tx, follow_up: FollowUp, customer: KnownCustomer | None, now: datetime) -> Way:
        ids = [follow_up.conversation_id] if follow_up.conversation_id else []
        wishes = await self._store.wishes(tx, ids)
        since = now - timedelta(days=self._settings.gap_days)
        recent = await self._store.asked_since(tx, ids, since)
        plan = self._settings.plan(follow_up.plan)
        wish = wishes.get(follow_up.conversation_id or "")
        return decide_way(follow_up, plan, customer, wish, recent=bool(recent))

    async def _deal(self, tx: Tx, follow_up: FollowUp, way: Way, now: datetime) -> int | None:
        if way in DROPPED:
            ended = replace(follow_up, state=FollowUpState.DONE, outcome=Outcome.DROPPED, ended_at=now)
            await self._store.save(tx, ended, [_line(follow_up, Event.ENDED, now, about=way.value)])
            return None
        if way is Way.LATER:
            await self._store.save(tx, replace(follow_up, due_at=next_allowed(self._hours, now + LATER)), [])
            return None
        if way is Way.CHAT:
            stop = self._texts("cases.follow_up.stop", follow_up.language)
            question = self._asking.chat_question(follow_up, stop)
            seq = await self._customers.ask(tx, follow_up.conversation_id or "", question, at=now)
            if seq is not None:
                until = now + timedelta(hours=self._settings.chat_hours)
                asked = replace(follow_up, state=FollowUpState.ASKED, due_at=next_allowed(self._hours, until))
                await self._store.save(tx, asked, [_line(follow_up, Event.ASKED, now)])
                return seq
        await self._store.save(
            tx, replace(follow_up, state=FollowUpState.CALL), [_line(follow_up, Event.TO_PERSON, now)]
        )
        return None

    async def _unanswered(self, tx: Tx, follow_up: FollowUp, now: datetime) -> None:
        """Nobody answered in the chat: one try; a colleague makes the next unless the plan is chat only."""
        plan = self._settings.plan(follow_up.plan)
        most = 1 if plan is not None and plan.by == "chat" else self._settings.attempts
        again = tried(follow_up, now, most=most, next_at=now)
        await self._store.save(tx, again, [_line(follow_up, Event.NO_ANSWER, now)])


def _line(follow_up: FollowUp, what: Event, at: datetime, *, about: str = "") -> FollowUpEvent:
    return FollowUpEvent(follow_up_id=follow_up.id, at=at, by=HOUSE.id, by_name="", what=what, about=about)
