"""handoff: a representative gives a conversation on: to a colleague, to a department, or back to the bot.

Each is one transaction with one new epoch, so a conversation is never without an owner and never has two. A colleague
must be there; a department's queue takes the customer at its head, with the age they have.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from handoff.contracts import (
    Agent,
    AgentState,
    Handoff,
    HandoffState,
    Offer,
    OfferEnd,
    Why,
)
from handoff.duty import Duty
from handoff.holding import Late, check_held, moved
from handoff.news import News
from handoff.ports import Conversations
from handoff.refusals import ColleagueAway, NotHandedOver, ReasonNeeded, TooLong, UnknownChoice
from handoff.settings import HandoffSettings
from handoff.store_ports import HandoffStore, OfferStore
from kit.contracts import Clock, JsonValue, NewId, Transactions, Tx
from staff.contracts import AuditRecord
from staff.ports import AuditLog

REASON_LIMIT = 300
TAKES = frozenset({AgentState.ONLINE, AgentState.BUSY, AgentState.WRAPPING_UP})
"""States in which a colleague can be given a conversation: not on a break, not off duty."""

Step = Callable[[Tx, Handoff, int], Awaitable[Handoff | None]]
"""Moves the handover under a new epoch; None when somebody was faster."""


class Transfers:
    """Ways out of a representative's hands, other than resolving."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: HandoffStore,
        offers: OfferStore,
        duty: Duty,
        conversations: Conversations,
        audit: AuditLog,
        news: News,
        settings: HandoffSettings,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._offers, self._duty = transactions, store, offers, duty
        self._conversations, self._audit, self._news = conversations, audit, news
        self._settings, self._clock, self._new_id = settings, clock, new_id

    async def colleagues(self, agent: Agent) -> tuple[Agent, ...]:
        """Who a conversation can be given to now, by name."""
        there = await self._duty.there(self._clock())
        return tuple(
            sorted(
                (one.agent for one in there if one.state in TAKES and one.agent.id != agent.id), key=lambda a: a.name
            )
        )

    async def to_colleague(
        self, conversation_id: str, agent: Agent, *, epoch: int, colleague_id: str, reason: str
    ) -> Handoff:
        """Give the conversation to somebody who is there.

        Raises ConversationMoved, NotHandedOver, ReasonNeeded, TooLong, and ColleagueAway.
        """
        why = check_reason(reason)
        colleague = next((one for one in await self.colleagues(agent) if one.id == colleague_id), None)
        if colleague is None:
            raise ColleagueAway(field="to")

        async def step(tx: Tx, held: Handoff, next_epoch: int) -> Handoff | None:
            return await self._store.pass_on(tx, held, colleague, epoch=next_epoch)

        return await self._move(
            conversation_id,
            agent,
            epoch,
            owner=f"agent:{colleague.id}",
            step=step,
            code="transferred",
            slots={"name": colleague.name},
            to=colleague.name,
            reason=why,
        )

    async def to_department(
        self, conversation_id: str, agent: Agent, *, epoch: int, department: str, reason: str
    ) -> Handoff:
        """Put the customer at the head of a department's queue.

        Raises ConversationMoved, NotHandedOver, ReasonNeeded, TooLong, and UnknownChoice.
        """
        why = check_reason(reason)
        if department not in {one.name for one in self._settings.departments}:
            raise UnknownChoice(field="to", value=department)
        at = self._clock()

        async def step(tx: Tx, held: Handoff, next_epoch: int) -> Handoff | None:
            placing = replace(held.placing, department=department, why=(Why(code="transferred", about=agent.name),))
            back = await self._store.put_back(tx, held, epoch=next_epoch, at=at, placing=placing)
            if back is not None:
                await self._pass(tx, back, agent, at)
            return back

        held = await self._load(conversation_id)
        label = self._settings.department_label(department, held.language)
        return await self._move(
            conversation_id,
            agent,
            epoch,
            owner="queue",
            step=step,
            code="transferred_department",
            slots={"department": label},
            to=label,
            reason=why,
        )

    async def to_bot(self, conversation_id: str, agent: Agent, *, epoch: int, reason: str = "") -> Handoff:
        """Give the conversation back to the bot. Raises ConversationMoved, NotHandedOver, TooLong."""
        why = check_reason(reason, needed=False)
        at = self._clock()

        async def step(tx: Tx, held: Handoff, next_epoch: int) -> Handoff | None:
            return await self._store.finish(tx, held, state=HandoffState.RETURNED, epoch=next_epoch, at=at)

        done = await self._move(
            conversation_id,
            agent,
            epoch,
            owner="bot",
            step=step,
            code="returned",
            slots={"name": agent.name},
            to="bot",
            reason=why,
        )
        await self._duty.wrap_up(agent)
        return done

    async def _move(
        self,
        conversation_id: str,
        agent: Agent,
        epoch: int,
        *,
        owner: str,
        step: Step,
        code: str,
        slots: dict[str, JsonValue],
        to: str,
        reason: str,
    ) -> Handoff:
        held = await self._load(conversation_id)
        check_held(held, agent, epoch=epoch)
        at = self._clock()

        async def work(tx: Tx) -> tuple[Handoff, int]:
            # Conversation before handover, as in handoff.service.
            next_epoch = await self._conversations.take_owner(tx, conversation_id, owner=owner, at=at)
            done = await step(tx, held, next_epoch)
            if done is None:
                raise Late
            key = f"handoff:{held.id}:{code}:{next_epoch}"
            if reason:
                internal: dict[str, JsonValue] = {"name": agent.name, "reason": reason}
                await self._conversations.append_event(
                    tx, conversation_id, key=f"{key}:why", code="transfer_reason", slots=internal, at=at, public=False
                )
            seq = await self._conversations.append_event(
                tx, conversation_id, key=key, code=code, slots=slots, at=at, public=True
            )
            await self._audit.audit(
                tx,
                AuditRecord(
                    at=at,
                    account_id=agent.id,
                    action="handoff.transfer",
                    subject=f"conversation:{conversation_id}",
                    before=agent.name,
                    after=f"{to}: {reason}" if reason else to,
                ),
            )
            return done, seq

        try:
            done, seq = await self._transactions.write(work)
        except Late:
            raise moved(await self._load(conversation_id)) from None
        await self._news.owner_changed(conversation_id, seq=seq)
        return done

    async def _pass(self, tx: Tx, handoff: Handoff, agent: Agent, at: datetime) -> None:
        """Whoever gave it away is not the first to be offered it again."""
        offer = Offer(id=self._new_id(), handoff_id=handoff.id, agent=agent, offered_at=at, ends_at=at, why=())
        if await self._offers.add(tx, offer):
            await self._offers.end(tx, handoff.id, OfferEnd.DECLINED, at=at, offer_id=offer.id)

    async def _load(self, conversation_id: str) -> Handoff:
        found = await self._store.latest(conversation_id)
        if found is None:
            raise NotHandedOver
        return found


def check_reason(reason: str, *, needed: bool = True) -> str:
    """`reason` in one line. Raises ReasonNeeded and TooLong."""
    clean = " ".join(reason.split())
    if needed and not clean:
        raise ReasonNeeded(field="reason")
    if len(clean) > REASON_LIMIT:
        raise TooLong(field="reason", limit=REASON_LIMIT)
    return clean
