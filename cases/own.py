"""cases: what a customer sees of their own case: what they reported and were told under their own number.

Where it was merged, the file that goes on is shown; what other customers said or sent about the matter is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cases.attaching import Attaching
from cases.contracts import Case, CaseChange
from cases.contracts.evidence import Evidence
from cases.contracts.linked import Linked, LinkKind, file_of
from cases.customer import CUSTOMER, customer_under
from cases.ports import CaseStore, LinkStore
from cases.refusals import OwnFileAway
from kit.files import SentFile
from kit.refusals import NotFound, Refusal


class ChatFiles(Protocol):
    """The files of conversations, and whose conversations are one customer's. `bot` knows both."""

    async def same_customer(self, one: str, other: str) -> bool:
        """Whether it was proven that one customer speaks in both."""
        ...

    async def load(self, conversation_id: str, seq: int) -> SentFile:
        """A file of a conversation. Raises NotFound, and what the channel says that does not hand it out."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCase:
    """A customer's own case."""

    number: str
    """The one this customer was given."""
    opened_at: datetime
    reported: str
    """What they reported, as they first said it."""
    case: Case
    """The file that goes on: their own, or the one theirs was merged into."""
    added: tuple[CaseChange, ...]
    """What they said later, oldest first."""
    evidence: tuple[Evidence, ...]
    """What they gave us on the page of the case, oldest first."""
    files: tuple[Linked, ...]
    """What they sent in the chat, oldest first."""


class OwnCases:
    """Cases as their customers see them. Whose case it is, the caller has made sure of."""

    def __init__(self, *, store: CaseStore, links: LinkStore, attaching: Attaching, chat: ChatFiles) -> None:
        self._store, self._links, self._attaching, self._chat = store, links, attaching, chat

    async def load(self, number: str) -> OwnCase:
        """The case of the customer who was given `number`. Raises NotFound."""
        own = await self._store.find(number)
        if own is None:
            raise NotFound
        # What they said while it was merged stands where it went on, even where it was taken out again.
        where = dict.fromkeys(line.after for line in own.history if line.what == "merged_into")
        files = [own, *[file for each in where if (file := await self._store.find(each)) is not None]]
        case = next((file.case for file in files if file.case.number == own.case.merged_into), own.case)
        theirs = {(file.case.id, customer_under(number, file.case).name) for file in files}
        return OwnCase(
            number=number,
            opened_at=own.case.opened_at,
            reported=own.history[0].after,
            case=case,
            added=tuple(
                line
                for file in files
                for line in file.history
                if line.what == "added" and line.by == CUSTOMER.id and (file.case.id, line.by_name) in theirs
            ),
            evidence=tuple(
                [
                    each
                    for file in files
                    for each in await self._attaching.of(file.case.id)
                    if each.by == CUSTOMER.id and (file.case.id, each.by_name) in theirs
                ]
            ),
            files=tuple(
                [
                    each
                    for file in files
                    for each in await self._links.of_case(file.case.id)
                    if each.kind is LinkKind.FILE and await self._sent_by(own.case, each)
                ]
            ),
        )

    async def of_conversation(self, conversation_id: str) -> tuple[OwnCase, ...]:
        """What was reported in a conversation, newest first, each under its own number."""
        return tuple([await self.load(number) for number in await self._store.numbers_of(conversation_id)])

    async def load_evidence(self, number: str, evidence_id: str) -> SentFile:
        """Something the customer gave us. Raises NotFound, for what others gave us too."""
        own = await self.load(number)
        found = next((each for each in own.evidence if each.id == evidence_id), None)
        if found is None:
            raise NotFound
        return (await self._attaching.load(found.case_id, found.id))[1]

    async def load_file(self, number: str, link_id: str) -> SentFile:
        """Something the customer sent in the chat. Raises NotFound, for what others sent too, and OwnFileAway."""
        own = await self.load(number)
        found = next((each for each in own.files if each.id == link_id), None)
        if found is None:
            raise NotFound
        try:
            return await self._chat.load(*file_of(found.target))
        except NotFound:
            raise
        except Refusal as refusal:  # the channel tells colleagues why; this is the customer
            raise OwnFileAway from refusal

    async def _sent_by(self, case: Case, file: Linked) -> bool:
        """Whether it came from the customer of a case: from its conversation, or one that is proven to be theirs."""
        sent_in, _ = file_of(file.target)
        if case.conversation_id is None:
            return False
        return sent_in == case.conversation_id or await self._chat.same_customer(case.conversation_id, sent_in)
