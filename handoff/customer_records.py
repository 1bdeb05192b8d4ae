"""handoff: the customer behind conversations: history, notes, tags, joined channels, contact data.

Two conversations are one customer's only on proof, and every joining, reveal and mark is in the audit trail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from handoff.contact_masks import contacts_of, masked, number_in
from handoff.contracts import (
    Agent,
    Contact,
    Customer,
    CustomerNote,
    Handoff,
    Link,
    Proof,
    Sight,
)
from handoff.customer_ports import CustomerRecordStore
from handoff.news import News
from handoff.ports import Conversations, Files
from handoff.refusals import AlreadyJoined, CodeWrong, JoinedByShop, NotHandedOver, NotJoined, UnknownChoice
from handoff.settings import HandoffSettings
from handoff.store_ports import CustomerStore, HandoffStore
from handoff.wording import check_reply
from kit.contracts import Clock, NewId, Transactions, Tx
from staff.contracts import AuditRecord
from staff.ports import AuditLog

HISTORY = 30
FOUND = 10
CODE_FOR = timedelta(minutes=10)
TRIES = 5
NOTE_LIMIT = 2000
TAG_LIMIT, TAGS = 20, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A customer as one reader sees them."""

    customer: Customer
    history: tuple[Handoff, ...]
    notes: tuple[CustomerNote, ...]
    links: tuple[Link, ...]
    contacts: tuple[Contact, ...]


class CustomerRecords:
    """Customer records. `sight` is what the reader may see; what it does not cover does not exist for them."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: HandoffStore,
        customers: CustomerStore,
        records: CustomerRecordStore,
        conversations: Conversations,
        files: Files,
        audit: AuditLog,
        news: News,
        settings: HandoffSettings,
        clock: Clock,
        new_id: NewId,
        new_code: Callable[[], str],
    ) -> None:
        self._transactions, self._store, self._customers, self._records = transactions, store, customers, records
        self._conversations, self._files, self._audit, self._news = conversations, files, audit, news
        self._settings, self._clock, self._new_id, self._new_code = settings, clock, new_id, new_code

    async def record(self, conversation_id: str, *, sight: Sight, in_full: bool) -> Record:
        """The customer of a conversation; contact data masked unless `in_full`. Raises NotHandedOver."""
        await self._load(conversation_id, sight)
        root = await self._records.root(conversation_id)
        links = await self._records.links(root)
        every = [root, *(link.conversation_id for link in links)]
        history = await self._records.history(every, sight=sight, limit=HISTORY)
        return Record(
            customer=await self._customers.load(conversation_id),
            history=history,
            notes=await self._records.notes(root),
            links=links,
            contacts=self.contacts(history, in_full=in_full),
        )

    @staticmethod
    def contacts(history: tuple[Handoff, ...], *, in_full: bool) -> tuple[Contact, ...]:
        """Every contact given in these handovers, once."""
        found = {value: kind for handoff in reversed(history) for kind, value in contacts_of(handoff.packet)}
        return tuple(
            Contact(kind=kind, value=value if in_full else masked(value), masked=not in_full)
            for value, kind in found.items()
        )

    async def reveal(self, conversation_id: str, number: int, *, sight: Sight, by: Agent) -> str:
        """Contact `number` (from 0) of the record in full, noted in the audit trail. Raises UnknownChoice."""
        shown = (await self.record(conversation_id, sight=sight, in_full=True)).contacts
        if not 0 <= number < len(shown):
            raise UnknownChoice(field="number", value=str(number))
        value = shown[number].value
        await self._transactions.write(
            lambda tx: self._note(tx, "reveal", conversation_id, by, after=f"{shown[number].kind} {masked(value)}")
        )
        return value

    async def add_note(self, conversation_id: str, text: str, *, sight: Sight, by: Agent) -> None:
        """Note something for colleagues. Raises ReplyEmpty, ReplyTooLong, NotHandedOver."""
        clean = check_reply(text, limit=NOTE_LIMIT)
        await self._load(conversation_id, sight)
        root = await self._records.root(conversation_id)
        note = CustomerNote(id=self._new_id(), by=by.name, text=clean, at=self._clock())
        await self._transactions.write(lambda tx: self._records.add_note(tx, root, note))

    async def set_tags(self, conversation_id: str, typed: str, *, sight: Sight, by: Agent) -> None:
        """Replace the tags by what was typed, parted by commas. Raises UnknownChoice for too long or too many."""
        await self._load(conversation_id, sight)
        words = typed.replace("，", ",").replace("、", ",").split(",")
        tags = tuple(dict.fromkeys(word for part in words if (word := " ".join(part.split()))))
        too_long = [tag for tag in tags if len(tag) > TAG_LIMIT] or list(tags[TAGS:])
        if too_long:
            raise UnknownChoice(field="tags", value=too_long[0])
        before = await self._customers.load(conversation_id)

        async def work(tx: Tx) -> None:
            await self._customers.save(tx, replace(before, tags=tags))
            await self._note(
                tx, "tags", conversation_id, by, before=", ".join(before.tags) or "-", after=", ".join(tags) or "-"
            )

        if tags != before.tags:
            await self._transactions.write(work)

    async def search(self, words: str, *, sight: Sight) -> tuple[Handoff, ...]:
        """Customers by name, or by a number they gave, newest first, as far as the reader sees them."""
        clean = " ".join(words.split())[:80]
        if not clean:
            return ()
        number = number_in(clean)
        talks = await self._files.talks_with(number) if number else ()
        return await self._records.search(clean, number=number, talks=talks, sight=sight, limit=FOUND)

    async def join(self, conversation_id: str, other: str, reason: str, *, sight: Sight, by: Agent) -> None:
        """Two conversations are one customer's, because `by` knows it from `reason`.

        Raises AlreadyJoined, ReplyEmpty where no reason is given, NotHandedOver.
        """
        clean = check_reply(reason, limit=NOTE_LIMIT)
        await self._load(conversation_id, sight)
        await self._load(other, sight)
        await self._joined(conversation_id, other, Proof.CONFIRMED, clean, by=by)

    async def send_code(self, conversation_id: str, other: str, *, sight: Sight, by: Agent) -> None:
        """Send a code into `other`, for the customer to read out in `conversation_id`. Raises NotHandedOver."""
        await self._load(conversation_id, sight)
        await self._load(other, sight)
        if await self._records.root(conversation_id) == await self._records.root(other):
            raise AlreadyJoined
        at, code = self._clock(), self._new_code()

        async def work(tx: Tx) -> int:
            await self._records.put_code(
                tx, conversation_id, other, _digest(conversation_id, code), ends_at=at + CODE_FOR
            )
            await self._note(tx, "send_code", conversation_id, by, after=f"conversation:{other}")
            return await self._conversations.append_event(
                tx,
                other,
                key=f"code:{self._new_id()}",
                code="identity_code",
                slots={"code": code},
                at=at,
                public=True,
            )

        seq = await self._transactions.write(work)
        await self._news.lines_added(other, seq=seq)

    async def join_by_code(self, conversation_id: str, code: str, *, sight: Sight, by: Agent) -> None:
        """Join the conversation a code was sent into, if the customer of this one knew it. Raises CodeWrong."""
        await self._load(conversation_id, sight)
        digest, at = _digest(conversation_id, "".join(code.split())), self._clock()
        other = await self._transactions.write(
            lambda tx: self._records.try_code(tx, conversation_id, digest, at=at, tries=TRIES)
        )
        if other is None:
            raise CodeWrong(field="code")
        await self._joined(conversation_id, other, Proof.CODE, "", by=by)

    async def separate(self, conversation_id: str, other: str, *, sight: Sight, by: Agent) -> None:
        """Take back that `other` was joined to this customer: two records again. Raises NotJoined, JoinedByShop."""
        await self._load(conversation_id, sight)
        root = await self._records.root(conversation_id)
        link = next((one for one in await self._records.links(root) if one.conversation_id == other), None)
        if link is None:
            raise NotJoined
        if link.proof is Proof.SIGNED:
            raise JoinedByShop

        async def work(tx: Tx) -> None:
            if not await self._records.separate(tx, root, other):
                raise NotJoined
            was = f"conversation:{other}, {link.proof.value}" + (f": {link.reason}" if link.reason else "")
            await self._note(tx, "separate", root, by, before=was)

        await self._transactions.write(work)
        await self._news.desk_changed(conversation_id, other)

    async def _joined(self, conversation_id: str, other: str, proof: Proof, reason: str, *, by: Agent) -> None:
        root, other_root = await self._records.root(conversation_id), await self._records.root(other)
        link = Link(conversation_id=other, proof=proof, by=by.name, reason=reason, at=self._clock())

        async def work(tx: Tx) -> None:
            if root == other_root or not await self._records.join(tx, root, other_root, link):
                raise AlreadyJoined
            why = f"{proof.value}: {reason}" if reason else proof.value
            await self._note(tx, "join", conversation_id, by, after=f"conversation:{other}, {why}")

        await self._transactions.write(work)
        await self._news.desk_changed(conversation_id, other)

    async def _load(self, conversation_id: str, sight: Sight) -> Handoff:
        found = await self._store.latest(conversation_id, sight=sight)
        if found is None:
            raise NotHandedOver
        return found

    async def _note(
        self, tx: Tx, action: str, conversation_id: str, by: Agent, *, before: str = "", after: str = ""
    ) -> None:
        await self._audit.audit(
            tx,
            AuditRecord(
                at=self._clock(),
                account_id=by.id,
                action=f"handoff.{action}",
                subject=f"conversation:{conversation_id}",
                before=before,
                after=after,
            ),
        )


def _digest(conversation_id: str, code: str) -> str:
    return hashlib.sha256(f"{conversation_id}:{code}".encode()).hexdigest()
