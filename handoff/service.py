"""handoff: the queue, as the bot and the worker use it. What representatives do is in `agent_desk`.

Knows handovers and their order; knows nothing of channels, articles or how conversations are kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from handoff.contracts import (
    FreeSlot,
    Handoff,
    HandoffRequest,
    HandoffState,
    HeardLater,
    OfferEnd,
    Promise,
    QueuePlace,
    Wanted,
)
from handoff.duty_ports import Presence
from handoff.live_packet import with_heard
from handoff.news import News
from handoff.places import Places
from handoff.placing import place_request, raised
from handoff.ports import Conversations
from handoff.promises import Promises
from handoff.put_back import PutBack
from handoff.settings import HandoffSettings
from handoff.store_ports import CustomerStore, HandoffStore, OfferStore
from kit.contracts import Clock, NewId, Transactions, Tx

SWEEP_EVERY = timedelta(seconds=5)
"""How often the worker calls `sweep_vanished`, so that a customer is back in the queue within a minute."""


class Desk:
    """The live desk. Fits `bot.ports.Desk`."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: HandoffStore,
        presence: Presence,
        offers: OfferStore,
        customers: CustomerStore,
        places: Places,
        promises: Promises,
        conversations: Conversations,
        news: News,
        settings: HandoffSettings,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._presence = transactions, store, presence
        self._offers, self._customers, self._places, self._promises = offers, customers, places, promises
        self._conversations, self._news = conversations, news
        self._settings, self._clock, self._new_id = settings, clock, new_id
        self._put_back = PutBack(transactions=transactions, store=store, conversations=conversations, news=news)
        self._absent_after = timedelta(seconds=settings.absent_after_seconds)
        self._quiet_until = clock() + timedelta(seconds=settings.start_grace_seconds)

    async def open(self, tx: Tx, request: HandoffRequest, *, at: datetime) -> Handoff:
        """Put the conversation into the queue, or return its open handover (raising its urgency if asked).

        The caller commits, and then tells the news (`conversation:<id>` with `state`).
        """
        customer = await self._customers.find(tx, request.conversation_id)
        placing = place_request(request, customer, settings=self._settings, at=at)
        added = await self._store.add(tx, request, placing=placing, handoff_id=self._new_id(), at=at)
        if added is None:
            return await self._raise_urgency(tx, request, at=at)
        epoch = await self._conversations.take_owner(tx, request.conversation_id, owner="queue", at=at)
        await self._store.set_epoch(tx, added.id, epoch)
        await self._conversations.append_event(
            tx,
            request.conversation_id,
            key=f"handoff:{added.id}:opened",
            code=f"opened_{request.reason.value}",
            slots={},
            at=at,
            public=False,
        )
        return await self._load_open(tx, request.conversation_id)

    async def leave(self, tx: Tx, conversation_id: str, *, at: datetime) -> bool:
        """The customer leaves the queue; False when they were not waiting. The bot owns the conversation again."""
        left = await self._store.leave(tx, conversation_id, at=at)
        if left is None:
            return False
        await self._offers.end(tx, left.id, OfferEnd.WITHDRAWN, at=at)
        await self._promises.withdraw(tx, conversation_id)
        epoch = await self._conversations.take_owner(tx, conversation_id, owner="bot", at=at)
        await self._store.set_epoch(tx, left.id, epoch)
        await self._conversations.append_event(
            tx, conversation_id, key=f"handoff:{left.id}:left", code="left", slots={}, at=at, public=False
        )
        return True

    async def place(self, conversation_id: str) -> QueuePlace | None:
        """Where a waiting customer stands; None when nobody waits in this conversation."""
        return await self._places.place(conversation_id)

    async def outlook(self, at: datetime, request: HandoffRequest | None = None) -> QueuePlace:
        """What a customer would meet who asked now; with `request`, in the queue of the department it leads to."""
        return await self._places.outlook(at, request)

    async def slots(self, conversation_id: str, at: datetime) -> tuple[FreeSlot, ...]:
        """When the customer of a waiting conversation can be called back, soonest first."""
        return await self._promises.slots(conversation_id, at)

    async def promise(self, tx: Tx, conversation_id: str, wanted: Wanted, *, at: datetime) -> Promise | None:
        """End the waiting with a promise; None when nobody waits there or the slot is not free any more."""
        return await self._promises.make(tx, conversation_id, wanted, at=at)

    async def add_contact(self, tx: Tx, conversation_id: str, contact: str, *, at: datetime) -> bool:
        """How the customer wants to be reached about what was promised; False when nothing is promised."""
        return await self._promises.add_contact(tx, conversation_id, contact, at=at)

    async def hear(self, tx: Tx, conversation_id: str, heard: HeardLater, *, at: datetime) -> bool:
        """Add what a customer's words say to the packet of who holds the conversation; False when it adds nothing.

        The caller commits, and then tells the news (`conversation:<id>` with `packet`).
        """
        held = await self._store.find_open(tx, conversation_id)
        if held is None or held.state is not HandoffState.ACTIVE:
            return False
        packet = with_heard(held.packet, heard, at=at)
        if packet == held.packet:
            return False
        await self._store.renew_packet(tx, held.id, packet)
        return True

    async def earlier(self, conversation_id: str) -> tuple[Handoff, ...]:
        """The ended handovers of a conversation, newest first."""
        return await self._store.ended(conversation_id)

    async def sweep_vanished(self, now: datetime) -> int:
        """Take the conversations of representatives who showed no sign of life back to the head of the queue.

        Returns how many were moved. Run it every few seconds; several processes may do so at once. Right after a
        start of the desk it does nothing: consoles that were cut off by the restart are given time to come back.
        """
        if now < self._quiet_until:
            return 0
        seen = {agent.id: at for agent, at in await self._presence.seen()}
        moved = 0
        for handoff in await self._store.active():
            last = seen.get(handoff.agent_id or "")
            if (last is None or now - last > self._absent_after) and await self._put_back(
                handoff, code="agent_vanished", at=now
            ):
                moved += 1
        return moved

    async def _raise_urgency(self, tx: Tx, request: HandoffRequest, *, at: datetime) -> Handoff:
        known = await self._load_open(tx, request.conversation_id)
        urgency = max(known.urgency, request.urgency)
        placing = raised(known.placing, urgency, self._settings, asked_at=known.asked_at)
        await self._store.refresh(tx, known.id, urgency=urgency, packet=request.packet, placing=placing)
        return await self._load_open(tx, request.conversation_id)

    async def _load_open(self, tx: Tx, conversation_id: str) -> Handoff:
        found = await self._store.find_open(tx, conversation_id)
        if found is None:
            message = "an open handover disappeared inside its own transaction"
            raise RuntimeError(message)
        return found
