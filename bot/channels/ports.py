"""bot: what every channel needs of the conversation, as Protocols."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.contracts import Conversation, Entry, Inbound, Received
from handoff.contracts import QueuePlace
from kit.files import SentFile


class TakesIn(Protocol):
    """The inbox: what it returned for is stored."""

    async def receive(self, inbound: Inbound) -> Received:
        """Store once. Raises `kit.refusals.Refusal` for what the desk does not take."""
        ...


class Reads(Protocol):
    """Conversations as channels read them."""

    async def find(self, conversation_id: str) -> Conversation | None: ...

    async def find_at(self, channel: str, address: str) -> Conversation | None: ...

    async def entries(self, conversation_id: str, *, after: int = 0, limit: int | None = None) -> tuple[Entry, ...]: ...

    async def entry(self, conversation_id: str, seq: int) -> Entry | None: ...


class StoredFiles(Protocol):
    """The files of conversations, as far as they are kept."""

    async def find(self, conversation_id: str, seq: int) -> SentFile | None: ...


class AttachedFiles(Protocol):
    """Files that go along with answers of the knowledge base."""

    async def load(self, attachment_id: str, name: str = "") -> SentFile:
        """The file under this name. Raises `kit.refusals.NotFound`."""
        ...


class Files(Protocol):
    """What customers and representatives send each other (`bot.entry_files.EntryFiles` fits)."""

    def check(self, name: str, content: bytes) -> SentFile: ...

    async def check_pace(self, conversation_id: str) -> None: ...

    async def load(self, conversation_id: str, seq: int) -> SentFile: ...


class Seen(Protocol):
    """What a window reports of itself (`bot.receipts.Receipts` fits)."""

    async def seen(self, conversation_id: str, *, upto: int, read: bool) -> None: ...


class Sent(Protocol):
    """Replies that left, as the outbox knows them."""

    async def seq_of(self, *, channel: str, address: str, message_id: str) -> int | None:
        """The entry that left as `message_id`."""
        ...


class Waiting(Protocol):
    """Who stands in the queue, and what they were told last."""

    async def waiting(self, channel: str) -> tuple[Conversation, ...]:
        """The channel's conversations that wait for a person."""
        ...

    async def told_place(self, conversation_id: str) -> tuple[Entry, str] | None:
        """The newest sent reply with the button that leaves the queue, and the channel's id of that message."""
        ...


class Queue(Protocol):
    """The live desk as customers may see it (handoff's `Desk` fits)."""

    async def place(self, conversation_id: str) -> QueuePlace | None: ...

    async def outlook(self, at: datetime) -> QueuePlace: ...


class Names(Protocol):
    """The names customers see of representatives."""

    async def __call__(self, account_id: str) -> str: ...
