"""handoff: customers who no longer wait are promised an answer.

A call-back that was booked, a message left, a wait that went on for too long: each promise is filed as a case and
stands in the queue again when its time has come.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from handoff.contracts import (
    FreeSlot,
    Handoff,
    HandoffReason,
    HandoffRequest,
    HandoffState,
    OfferEnd,
    Promise,
    PromiseKind,
    PromiseState,
    Urgency,
    Wanted,
    Why,
)
from handoff.hours import Openings
from handoff.news import News
from handoff.places import Places
from handoff.ports import Conversations, Files
from handoff.settings import HandoffSettings
from handoff.slots import free_slots
from handoff.store_ports import HandoffStore, OfferStore, PromiseStore
from kit.contracts import Clock, NewId, Transactions, Tx
from kit.hours import after_open_time, next_opening

AT_ONCE = 500
"""Waiting conversations looked at in one sweep; the next one comes in seconds."""

log = structlog.get_logger("handoff.promises")


class Promises:
    """Makes promises and brings them back into the queue."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: HandoffStore,
        promises: PromiseStore,
        offers: OfferStore,
        places: Places,
        conversations: Conversations,
        files: Files,
        news: News,
        settings: HandoffSettings,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._promises, self._offers = transactions, store, promises, offers
        self._places, self._conversations, self._files, self._news = places, conversations, files, news
        self._settings, self._levels, self._clock, self._new_id = settings.waiting, settings, clock, new_id
        self._openings = Openings(settings)
        # Consoles that were cut off by a restart are given time to come back before anybody counts as alone.
        self._quiet_until = clock() + timedelta(seconds=settings.start_grace_seconds)

    async def slots(self, conversation_id: str, at: datetime) -> tuple[FreeSlot, ...]:
        """When the customer of a waiting conversation can be called back, soonest first."""
        handoff = await self._store.latest(conversation_id)
        if handoff is None or handoff.state is not HandoffState.WAITING:
            return ()
        return await self._free(handoff.placing.department, at)

    async def make(self, tx: Tx, conversation_id: str, wanted: Wanted, *, at: datetime) -> Promise | None:
        """End the waiting with a promise; None when nobody waits there or the slot is not free any more.

        The caller holds the conversation, commits, and then tells the news.
        """
        handoff = await self._store.find_open(tx, conversation_id)
        if handoff is None or handoff.state is not HandoffState.WAITING:
            return None
        department = handoff.placing.department
        if wanted.kind is PromiseKind.CALLBACK and wanted.begins_at not in {
            slot.begins_at for slot in await self._free(department, at)
        }:
            return None
        promise = self._promise(handoff, wanted, at)
        seats = self._settings.callbacks_per_slot if wanted.kind is PromiseKind.CALLBACK else None
        if not await self._promises.add(tx, promise, seats=seats):
            return None
        await self._carry_out(tx, handoff, promise, wanted.words, at=at)
        return promise

    async def add_contact(self, tx: Tx, conversation_id: str, contact: str, *, at: datetime) -> bool:
        """Note how the customer wants to be reached; False when nothing is promised there."""
        promise = await self._promises.find_open(tx, conversation_id)
        if promise is None:
            return False
        await self._promises.set_contact(tx, promise.id, contact)
        await self._files.add_contact(tx, promise, contact, at=at)
        return True

    async def withdraw(self, tx: Tx, conversation_id: str) -> None:
        """The customer no longer wants a person."""
        promise = await self._promises.find_open(tx, conversation_id)
        if promise is not None:
            await self._promises.move(tx, promise, PromiseState.WITHDRAWN)

    async def sweep(self, now: datetime) -> int:
        """Promise an answer to those who waited too long, and queue what was promised for now; how many of both.

        Several processes may do so at once.
        """
        moved = 0
        for promise in await self._promises.due(now):
            moved += await self._queue(promise, now)
        if now < self._quiet_until:
            return moved
        alone = await self._places.on_duty(now) == 0
        longest = timedelta(minutes=self._settings.away_minutes if alone else self._settings.limit_minutes)
        for handoff in await self._store.waiting(limit=AT_ONCE):
            if now - handoff.asked_at >= longest and not _stays(handoff):
                moved += await self._send_away(handoff, now)
        return moved

    async def _free(self, department: str, at: datetime) -> tuple[FreeSlot, ...]:
        taken = await self._promises.taken(department, since=at)
        return free_slots(self._openings.of(department), taken, settings=self._settings, at=at)

    def _promise(self, handoff: Handoff, wanted: Wanted, at: datetime) -> Promise:
        hours = self._openings.of(handoff.placing.department)
        begins_at = wanted.begins_at or next_opening(hours, at) or at
        within = self._levels.within("call_back", handoff.placing.department)
        seconds = within.seconds(handoff.urgency, key_account=handoff.placing.key_account)
        length = timedelta(minutes=self._settings.callback_minutes) if wanted.begins_at else timedelta(seconds=seconds)
        return Promise(
            id=self._new_id(),
            conversation_id=handoff.conversation_id,
            handoff_id=handoff.id,
            department=handoff.placing.department,
            kind=wanted.kind,
            begins_at=begins_at,
            due_by=after_open_time(hours, begins_at, length),
            number="",
            contact=wanted.contact,
            state=PromiseState.OPEN,
            made_at=at,
        )

    async def _carry_out(self, tx: Tx, handoff: Handoff, promise: Promise, words: str, *, at: datetime) -> None:
        """The rest of a promise that is stored: the case, the end of the waiting, the line the customer reads."""
        where = handoff.conversation_id
        epoch = await self._conversations.take_owner(tx, where, owner="bot", at=at)
        left = await self._store.leave(tx, where, at=at, state=HandoffState.PROMISED)
        if left is None:
            raise _Moved
        await self._store.set_epoch(tx, left.id, epoch)
        await self._offers.end(tx, left.id, OfferEnd.WITHDRAWN, at=at)
        number = await self._files.file(tx, handoff, promise, words, at=at)
        await self._promises.file(tx, promise.id, number)
        await self._conversations.append_event(
            tx,
            where,
            key=f"handoff:{left.id}:promised",
            code=f"promised_{promise.kind.value}",
            slots={"number": number},
            when=promise.begins_at if promise.kind is PromiseKind.CALLBACK else promise.due_by,
            at=at,
            public=True,
        )
        log.info("promises.made", conversation=where, kind=promise.kind.value, due_by=promise.due_by.isoformat())

    async def _send_away(self, handoff: Handoff, now: datetime) -> bool:
        async def work(tx: Tx) -> None:
            # Holds the conversation; whoever claims it meanwhile has won, and this is undone.
            await self._conversations.take_owner(tx, handoff.conversation_id, owner="bot", at=now)
            if await self.make(tx, handoff.conversation_id, Wanted(kind=PromiseKind.OVERDUE), at=now) is None:
                raise _Moved

        return await self._done(handoff.conversation_id, work)

    async def _queue(self, promise: Promise, now: datetime) -> bool:
        """Put the conversation of a promise whose time has come into the queue, unless it stands there anyway."""
        where = promise.conversation_id
        ended = await self._store.find(promise.handoff_id)
        if ended is None or where in await self._store.open_states([where]):
            return False

        async def work(tx: Tx) -> None:
            epoch = await self._conversations.take_owner(tx, where, owner="queue", at=now)
            placing = replace(ended.placing, answer_by=promise.due_by, why=(Why(code="promised"),))
            added = await self._store.add(tx, _again(ended), placing=placing, handoff_id=self._new_id(), at=now)
            if added is None or not await self._promises.move(tx, promise, PromiseState.QUEUED):
                raise _Moved
            await self._store.set_epoch(tx, added.id, epoch)
            await self._conversations.append_event(
                tx,
                where,
                key=f"handoff:{added.id}:opened",
                code="opened_promised",
                slots={"number": promise.number},
                at=now,
                public=False,
            )

        return await self._done(where, work)

    async def _done(self, conversation_id: str, work: Callable[[Tx], Awaitable[None]]) -> bool:
        try:
            await self._transactions.write(work)
        except _Moved:
            return False
        await self._news.owner_changed(conversation_id)
        return True


def _stays(handoff: Handoff) -> bool:
    """Who is not sent away: a critical matter, what was promised already, and whom a vanished agent left behind.

    The last of these talked to a person until a moment ago and stands at the head of the queue.
    """
    critical, promised = handoff.urgency is Urgency.CRITICAL, handoff.reason is HandoffReason.PROMISED
    return critical or promised or handoff.returned_to_queue > 0


def _again(ended: Handoff) -> HandoffRequest:
    """The request of a handover that is made once more because its promise is due."""
    return HandoffRequest(
        conversation_id=ended.conversation_id,
        customer_name=ended.customer_name,
        channel=ended.channel,
        reason=HandoffReason.PROMISED,
        urgency=ended.urgency,
        language=ended.language,
        packet=ended.packet,
    )


class _Moved(Exception):
    """Somebody was faster; undoes the transaction."""
