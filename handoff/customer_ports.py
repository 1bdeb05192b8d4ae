"""handoff: what customer records are kept in, as a Protocol. `handoff/adapters/customer_store.py` implements it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from handoff.contracts import CustomerNote, Handoff, Link, Sight
from kit.contracts import Tx


class IdentityStore(Protocol):
    """Who the shop says a conversation's customer is."""

    async def bind(self, tx: Tx, conversation_id: str, subject: str, *, at: datetime) -> str | None:
        """Note it, unless it is noted; returns the first conversation of `subject`.

        None when the conversation is another subject's; then nothing is changed.
        """
        ...


class CustomerRecordStore(Protocol):
    """Customer records in SQL. A customer is named by their first conversation; others are linked to it."""

    async def root(self, conversation_id: str) -> str:
        """The first conversation of the customer; itself where nothing is linked."""
        ...

    async def links(self, root: str) -> tuple[Link, ...]:
        """The other conversations of the customer, in the order they were joined."""
        ...

    async def join(self, tx: Tx, root: str, other_root: str, link: Link) -> bool:
        """Make two customers one: `link` names the conversation that was proven to be the first one's.

        Marks, tags and notes of both are kept, and what each was. False when they are one already.
        """
        ...

    async def separate(self, tx: Tx, root: str, conversation_id: str) -> bool:
        """Take back the join of this linked conversation: two customers again, each with what it had.

        What was noted since stays with the first one. False where it is not linked (any more).
        """
        ...

    async def notes(self, root: str) -> tuple[CustomerNote, ...]:
        """Newest first."""
        ...

    async def add_note(self, tx: Tx, root: str, note: CustomerNote) -> None: ...

    async def history(self, conversation_ids: Sequence[str], *, sight: Sight, limit: int) -> tuple[Handoff, ...]:
        """The handovers of these conversations that `sight` covers, newest first."""
        ...

    async def search(
        self, words: str, *, number: str, talks: Sequence[str], sight: Sight, limit: int
    ) -> tuple[Handoff, ...]:
        """The newest handovers of customers whose name holds `words`, one a conversation, as far as `sight` covers.

        With a `number` (without blanks and dashes) also of those in whose context packet or promises it stands: an
        order, a phone, a case; and of the conversations `talks`.
        """
        ...

    async def put_code(self, tx: Tx, conversation_id: str, other: str, digest: str, *, ends_at: datetime) -> None:
        """Keep the digest of a code that was sent into `other`, in the place of an older one."""
        ...

    async def try_code(self, tx: Tx, conversation_id: str, digest: str, *, at: datetime, tries: int) -> str | None:
        """Where a code was sent, if this is its digest, in time and within `tries`; then it is used up."""
        ...
