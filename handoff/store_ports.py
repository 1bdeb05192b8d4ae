"""handoff: what handovers and all around one are kept in, as Protocols. `handoff/adapters` implements them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from handoff.contracts import (
    EVERYTHING,
    Agent,
    CannedReply,
    ContextPacket,
    Customer,
    Handoff,
    HandoffRequest,
    HandoffState,
    Invitation,
    InvitationEnd,
    Offer,
    OfferEnd,
    Outcome,
    Placing,
    Promise,
    PromiseState,
    Sight,
    Snooze,
    Urgency,
)
from kit.contracts import Tx


class HandoffStore(Protocol):
    """Handovers in SQL. Every method that changes the queue also moves its version on."""

    async def add(
        self, tx: Tx, request: HandoffRequest, *, placing: Placing, handoff_id: str, at: datetime
    ) -> Handoff | None:
        """Store a WAITING handover with epoch 0; None when the conversation has an open one already."""
        ...

    async def set_epoch(self, tx: Tx, handoff_id: str, epoch: int) -> None: ...

    async def refresh(
        self, tx: Tx, handoff_id: str, *, urgency: Urgency, packet: ContextPacket, placing: Placing
    ) -> None:
        """Raise the urgency (it never falls), replace packet and placing."""
        ...

    async def renew_packet(self, tx: Tx, handoff_id: str, packet: ContextPacket) -> None:
        """Replace the packet alone; no list looks different."""
        ...

    async def claim(self, tx: Tx, handoff_id: str, agent: Agent, *, epoch: int, at: datetime) -> Handoff | None:
        """WAITING to ACTIVE in one step; None when it was not waiting any more."""
        ...

    async def finish(
        self,
        tx: Tx,
        handoff: Handoff,
        *,
        state: HandoffState,
        epoch: int,
        at: datetime,
        outcome: Outcome | None = None,
        category: str | None = None,
    ) -> Handoff | None:
        """End `handoff` if its state, agent and epoch are still those of the value; None when they are not."""
        ...

    async def pass_on(self, tx: Tx, handoff: Handoff, agent: Agent, *, epoch: int) -> Handoff | None:
        """From its agent to `agent`, ACTIVE all the time, if agent and epoch are still those of the value."""
        ...

    async def put_back(
        self, tx: Tx, handoff: Handoff, *, epoch: int, at: datetime, placing: Placing | None = None
    ) -> Handoff | None:
        """ACTIVE back to WAITING with its age, if agent and epoch are those of the value; placed anew if asked."""
        ...

    async def leave(
        self, tx: Tx, conversation_id: str, *, at: datetime, state: HandoffState = HandoffState.LEFT
    ) -> Handoff | None:
        """WAITING to LEFT (or PROMISED); None when the conversation was not waiting."""
        ...

    async def find_open(self, tx: Tx, conversation_id: str) -> Handoff | None: ...

    async def find(self, handoff_id: str) -> Handoff | None: ...

    async def by_ids(self, handoff_ids: Sequence[str]) -> tuple[Handoff, ...]:
        """Those of these handovers that there are."""
        ...

    async def latest(self, conversation_id: str, *, sight: Sight = EVERYTHING) -> Handoff | None:
        """The open handover of a conversation, else the one that ended last; None where `sight` does not cover it."""
        ...

    async def ended(self, conversation_id: str) -> tuple[Handoff, ...]:
        """The ended handovers of a conversation, newest first."""
        ...

    async def covered(self, conversation_ids: Sequence[str], *, sight: Sight) -> frozenset[str]:
        """Those whose newest handover `sight` covers."""
        ...

    async def waiting(self, *, limit: int, sight: Sight = EVERYTHING) -> tuple[Handoff, ...]:
        """The head of the queue, next one first."""
        ...

    async def active(
        self, *, agent_id: str | None = None, limit: int | None = None, sight: Sight = EVERYTHING
    ) -> tuple[Handoff, ...]:
        """Handovers held by one agent, or by all; most urgent and oldest first."""
        ...

    async def waiting_ids(self, *, limit: int, sight: Sight = EVERYTHING) -> tuple[str, ...]:
        """The conversations of `waiting`."""
        ...

    async def active_ids(
        self, *, agent_id: str | None = None, limit: int, sight: Sight = EVERYTHING
    ) -> tuple[str, ...]:
        """The conversations of `active`, and those the agent is invited into."""
        ...

    async def open_states(self, conversation_ids: Sequence[str]) -> Mapping[str, Handoff]:
        """The open handover of each conversation that has one."""
        ...

    async def open_ids(self) -> frozenset[str]:
        """The conversations that have an open handover."""
        ...

    async def counts(self, agent_id: str, *, sight: Sight = EVERYTHING) -> tuple[int, int, int]:
        """(held by the agent or shared with them, waiting, all open)."""
        ...

    async def loads(self) -> Mapping[str, Mapping[str, int]]:
        """How many handovers each agent holds in each channel, by account id; only of those who hold any."""
        ...

    async def last_claims(self, *, since: datetime) -> Mapping[str, datetime]:
        """When each agent claimed last, by account id."""
        ...

    async def last_agents(self, conversation_ids: Sequence[str]) -> Mapping[str, str]:
        """Who resolved or returned each conversation the last time, by conversation id."""
        ...

    async def hold_version(self, tx: Tx, version: int) -> bool:
        """Move the queue's version on if it is still `version`; what was decided from it may then be stored."""
        ...

    async def version(self) -> int:
        """Grows with every change of the queue."""
        ...


class PromiseStore(Protocol):
    """Promises in SQL; at most one a conversation is not over, and no slot holds more than its seats."""

    async def add(self, tx: Tx, promise: Promise, *, seats: int | None) -> bool:
        """Store a promise in the place of the conversation's older one; False when its slot has no seat left.

        `seats`: how many the slot has; None for a promise that takes none.
        """
        ...

    async def file(self, tx: Tx, promise_id: str, number: str) -> None:
        """Note the case it is filed under."""
        ...

    async def find_open(self, tx: Tx, conversation_id: str) -> Promise | None:
        """The promise of a conversation that is not over."""
        ...

    async def move(self, tx: Tx, promise: Promise, state: PromiseState) -> bool:
        """From the value's state to `state`; False when it has moved on meanwhile."""
        ...

    async def set_contact(self, tx: Tx, promise_id: str, contact: str) -> None: ...

    async def due(self, now: datetime) -> tuple[Promise, ...]:
        """OPEN ones that have begun, the earliest due first."""
        ...

    async def taken(self, department: str, *, since: datetime) -> Mapping[datetime, int]:
        """How many call-backs each slot from `since` on has, by its beginning."""
        ...


class OfferStore(Protocol):
    """Offers in SQL; at most one open one a handover."""

    async def add(self, tx: Tx, offer: Offer) -> bool:
        """Store an offer; False when the handover does not wait any more or is offered already."""
        ...

    async def end(
        self, tx: Tx, handoff_id: str, end: OfferEnd, *, at: datetime, offer_id: str | None = None
    ) -> Offer | None:
        """End the open offer of a handover (only `offer_id`, if named); None when there is none."""
        ...

    async def taken(self, tx: Tx, handoff_id: str, *, by: Agent, at: datetime) -> None:
        """Somebody took the handover: the open offer, if any, was accepted when it was theirs, else withdrawn."""
        ...

    async def open(self) -> tuple[Offer, ...]:
        """Every open offer, oldest first."""
        ...

    async def lapsed_in_a_row(self, agent_id: str, *, limit: int) -> int:
        """How many of the newest `limit` offers to an agent lapsed without one in between that was answered."""
        ...

    async def passed(self, *, since: datetime) -> Mapping[str, frozenset[str]]:
        """Who declined or let pass each handover since then: account ids by handover id."""
        ...


class CustomerStore(Protocol):
    """What the desk keeps of customers, in SQL."""

    async def save(self, tx: Tx, customer: Customer) -> None: ...

    async def find(self, tx: Tx, conversation_id: str) -> Customer | None: ...

    async def load(self, conversation_id: str) -> Customer:
        """The customer of a conversation; one of whom nothing is kept is an ordinary customer."""
        ...

    async def key_accounts(self) -> frozenset[str]:
        """Conversation ids of all key accounts."""
        ...


class CannedStore(Protocol):
    """Canned replies in SQL."""

    async def save(self, tx: Tx, reply: CannedReply) -> None:
        """Store a new one, or replace the one with its id."""
        ...

    async def remove(self, tx: Tx, reply_id: str) -> None: ...

    async def all(self) -> tuple[CannedReply, ...]:
        """By title."""
        ...


class ReadStore(Protocol):
    """How far representatives have read, in SQL."""

    async def note(self, tx: Tx, account_id: str, conversation_id: str, seq: int) -> None:
        """Remember the furthest."""
        ...

    async def of(self, account_id: str, conversation_ids: Sequence[str]) -> Mapping[str, int]:
        """The last line read of each of these conversations that were opened."""
        ...


class SnoozeStore(Protocol):
    """What representatives have put aside, in SQL; at most one a conversation."""

    async def put(self, tx: Tx, snooze: Snooze) -> None:
        """Store one in the place of an older one."""
        ...

    async def remove(self, tx: Tx, conversation_id: str, *, made_at: datetime | None = None) -> bool:
        """Remove it (only that of `made_at`, if named); False where there was none."""
        ...

    async def of(self, account_id: str) -> tuple[Snooze, ...]: ...

    async def due(self, now: datetime) -> tuple[Snooze, ...]:
        """Those whose moment has come, the earliest first."""
        ...


class InvitationStore(Protocol):
    """Colleagues asked into handovers, in SQL. Readers see only what is open, of handovers that somebody else holds."""

    async def add(self, tx: Tx, invitation: Invitation) -> bool:
        """Store it; False when the guest has an open one to the same handover."""
        ...

    async def join(self, tx: Tx, invitation_id: str, *, at: datetime) -> bool:
        """The guest is there now; False when it is over, answered, or too late."""
        ...

    async def end(self, tx: Tx, invitation_id: str, end: InvitationEnd, *, at: datetime) -> bool:
        """LEFT ends one that was joined, every other end one that was not; False where it does not fit any more."""
        ...

    async def is_guest(self, tx: Tx, handoff_id: str, account_id: str) -> bool:
        """Whether somebody has joined and not left."""
        ...

    async def of_handoff(self, handoff_id: str) -> tuple[Invitation, ...]: ...

    async def of_guest(self, account_id: str) -> tuple[Invitation, ...]: ...

    async def due(self, now: datetime) -> tuple[Invitation, ...]:
        """Those nobody has answered in time."""
        ...


class TagStore(Protocol):
    """Tags of conversations in SQL."""

    async def add(self, tx: Tx, conversation_id: str, tag: str) -> None:
        """Twice is once."""
        ...

    async def remove(self, tx: Tx, conversation_id: str, tag: str) -> None: ...

    async def count(self, tx: Tx, conversation_id: str) -> int: ...

    async def of(self, conversation_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """The tags of each conversation that has any, by name."""
        ...

    async def most_used(self, *, limit: int) -> tuple[str, ...]: ...
