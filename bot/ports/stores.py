"""bot: what a conversation is kept in, as Protocols. The SQL of it is in bot/adapters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.contracts import (
    Conversation,
    Delivery,
    Entry,
    EntryKind,
    FailureKind,
    NewEntry,
    Outgoing,
    Owner,
    Received,
    TurnRecord,
)
from bot.state import DialogueState
from cases.contracts.follow_ups import CustomerQuery
from kit.contracts import Language, Tx
from kit.files import SentFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A conversation that waits for a turn, and how often a turn of it failed."""

    conversation_id: str
    attempts: int
    retry_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One delivery as people look at it."""

    id: str
    conversation_id: str
    seq: int
    channel: str
    state: Delivery
    attempts: int
    failure: str
    reason: str
    message_id: str
    created_at: datetime
    sent_at: datetime | None


class Tells(Protocol):
    """Hears of every line that is stored, in the transaction that stores it."""

    async def tell(self, tx: Tx, *, channel: str, address: str, entries: Sequence[Entry], at: datetime) -> None: ...


class FileStore(Protocol):
    """Files of conversations, at most one a line."""

    async def find(self, conversation_id: str, seq: int) -> SentFile | None: ...

    async def put(self, tx: Tx, conversation_id: str, seq: int, file: SentFile) -> None:
        """Keep what was fetched later; the first one stays."""
        ...

    async def count(self, conversation_id: str, *, since: datetime) -> int:
        """How many the customer has sent since then."""
        ...


class ReceiptStore(Protocol):
    """How far customers' windows are."""

    async def note(self, tx: Tx, conversation_id: str, *, delivered: int, read: int) -> bool:
        """Remember the furthest; False when nothing is further than before."""
        ...


class ConversationStore(Protocol):
    """Conversations and their numbered entries."""

    async def open(
        self, tx: Tx, *, channel: str, address: str, customer_name: str, language: Language, at: datetime
    ) -> Conversation:
        """The conversation of (channel, address), made when there is none, locked until the transaction ends."""
        ...

    async def find_received(self, tx: Tx, *, channel: str, external_id: str) -> Received | None: ...

    async def note_received(self, tx: Tx, *, channel: str, external_id: str, received: Received) -> None:
        """Remember the sender's id. Raises `bot.refusals.KeyInUse` when another conversation was faster."""
        ...

    async def append(self, tx: Tx, conversation_id: str, new: Sequence[NewEntry], *, at: datetime) -> tuple[Entry, ...]:
        """Number and store lines; a key already stored returns the first line under it. Fills the outbox."""
        ...

    async def fence(self, tx: Tx, read: Conversation, *, handled_seq: int, at: datetime) -> bool:
        """Mark entries up to `handled_seq` as dealt with, if nobody else touched owner or turn since `read`."""
        ...

    async def save_dialogue(
        self, tx: Tx, conversation_id: str, *, state: DialogueState, language: Language
    ) -> None: ...

    async def set_owner(
        self, tx: Tx, conversation_id: str, *, owner: Owner, agent_id: str | None, at: datetime
    ) -> int | None:
        """Change the owner; returns the new epoch, None when there is no such conversation."""
        ...

    async def count_failure(self, tx: Tx, conversation_id: str) -> int:
        """A turn failed altogether; returns how many did in a row."""
        ...

    async def put_off(self, tx: Tx, conversation_id: str, *, retry_at: datetime) -> None:
        """The turn stays due, but not before `retry_at` (a new message brings it forward)."""
        ...

    async def locked(self, tx: Tx, conversation_id: str) -> Conversation | None:
        """The conversation, locked until the transaction ends."""
        ...

    async def find(self, conversation_id: str) -> Conversation | None: ...

    async def find_at(self, channel: str, address: str) -> Conversation | None: ...

    async def next_due(self, conversation_id: str) -> tuple[Conversation, Entry, int] | None:
        """The conversation, the oldest entry that waits for a turn, and the failed attempts; None when none does."""
        ...

    async def due(self, now: datetime, *, limit: int) -> tuple[Due, ...]: ...

    async def entries(self, conversation_id: str, *, after: int = 0, limit: int | None = None) -> tuple[Entry, ...]: ...

    async def entry(self, conversation_id: str, seq: int) -> Entry | None: ...

    async def with_files(self, conversation_id: str, *, limit: int) -> tuple[Entry, ...]:
        """The lines that are files, the newest first."""
        ...

    async def seq_of_key(self, tx: Tx, conversation_id: str, key: str) -> int | None:
        """Where the line stored under `key` stands."""
        ...

    async def last_spoken(self, conversation_ids: Sequence[str]) -> Mapping[str, Entry]:
        """The last line of customer, bot or agent, of each conversation that has one."""
        ...

    async def said_by_people(
        self, conversation_ids: Sequence[str], *, since: datetime
    ) -> Mapping[str, tuple[tuple[datetime, EntryKind], ...]]:
        """When customers and agents said something since then, oldest first, by conversation id."""
        ...

    async def label_of(self, tx: Tx, conversation_id: str, choice: str, *, to_seq: int | None) -> str | None:
        """The words on the button `choice` of entry `to_seq`, or of the newest reply that had such a button."""
        ...


class ConversationList(Protocol):
    """Conversations as lists show them."""

    async def page(
        self, *, channel: str | None, owner: Owner | None, before: str | None, limit: int
    ) -> tuple[Conversation, ...]:
        """The newest conversations first, those begun before conversation `before`; None does not narrow."""
        ...


class TurnStore(Protocol):
    """The records of what was decided."""

    async def add(self, tx: Tx, record: TurnRecord) -> None: ...

    async def set_helped(self, tx: Tx, turn_id: str, *, helped: bool) -> None: ...

    async def of_conversation(self, conversation_id: str, *, limit: int = 50) -> tuple[TurnRecord, ...]:
        """The newest `limit` records, oldest first."""
        ...

    async def find(self, turn_id: str) -> TurnRecord | None: ...

    async def at(self, conversation_id: str, seq: int) -> TurnRecord | None:
        """The decision that entry `seq` asked for or was written by."""
        ...


class OutboxStore(Protocol):
    """Deliveries to pushing channels."""

    async def heads(
        self, now: datetime, *, channels: frozenset[str], limit: int, conversation_id: str | None = None
    ) -> tuple[Outgoing, ...]:
        """The first pending row of each conversation (or of one), where its time has come."""
        ...

    async def begin(self, tx: Tx, outgoing_id: str, *, attempts: int, until: datetime) -> int | None:
        """Count an attempt before it is made and keep the row from everybody else until then.

        Returns the number of attempts; None when it is not pending after `attempts` any more: somebody was faster.
        """
        ...

    async def sent(self, tx: Tx, outgoing_id: str, *, message_id: str, at: datetime) -> None: ...

    async def put_off(
        self, tx: Tx, outgoing_id: str, *, failure: FailureKind, reason: str, next_at: datetime
    ) -> None: ...

    async def failed(self, tx: Tx, outgoing_id: str, *, failure: FailureKind, reason: str, at: datetime) -> None: ...

    async def of_conversation(self, conversation_id: str) -> tuple[OutboxRow, ...]: ...

    async def channel_of(self, outgoing_id: str) -> str | None: ...

    async def seq_of(self, *, channel: str, address: str, message_id: str) -> int | None:
        """The entry a channel's own message id stands for."""
        ...


class CustomerReads(Protocol):
    """Conversations as a round of follow-ups goes through them."""

    async def find(self, conversation_id: str) -> Conversation | None: ...

    async def customers(self, query: CustomerQuery, *, after: str, limit: int) -> tuple[Conversation, ...]:
        """Those `query` means, by id, from the one after `after` on; where nothing was ever received is none."""
        ...
