"""bot: what the turn needs, as Protocols. The rooms' services fit them; tests pass scripted ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.contracts import Capabilities, Outgoing
from cases.contracts import Case, ChatReply, Editor, NewCase
from cases.contracts.follow_ups import Wish
from cases.contracts.surveys import SurveyReply
from handoff.contracts import Customer, FreeSlot, Handoff, HandoffRequest, HeardLater, Promise, QueuePlace, Wanted
from kit.contracts import Language, Tx
from knowledge_base.contracts import Article, Asked, Helped, Match, Miss, NoHelp, SearchResult
from nlu.contracts import ComplaintReading, Reading, Severity, Understanding
from staff.contracts import Person


class Understand(Protocol):
    """nlu: text to meaning in two steps, so that interpretation and search run side by side on one vector."""

    async def read(self, text: str, *, previous: Language) -> Reading:
        """Clean, detect the language (`previous` decides where the text does not say), encode once."""
        ...

    async def interpret(self, reading: Reading) -> Understanding:
        """Intent, entities, complaint. Never raises: when Rasa cannot answer in time, the stand-in does."""
        ...

    async def read_complaint(self, reading: Reading) -> ComplaintReading:
        """Only what complaint a text is: for a matter that is told in several messages."""
        ...


class Search(Protocol):
    """knowledge_base: from a reading to articles."""

    async def search(self, reading: Reading) -> SearchResult: ...

    async def published(self, article_id: str, language: Language) -> Match | None:
        """The published article by id, for a pressed choice; confidence 1.0."""
        ...


class Questions(Protocol):
    """knowledge_base: what customers asked and how it went, kept for the editors."""

    async def record_asked(self, tx: Tx, asked: Asked) -> None: ...

    async def record_miss(self, tx: Tx, miss: Miss) -> None: ...

    async def record_helped(self, asked_id: str, helped: Helped) -> None: ...

    async def record_reason(self, tx: Tx, asked_id: str, reason: NoHelp) -> None: ...

    async def record_handover(self, tx: Tx, customer: str, *, at: datetime) -> None: ...


class HearsReplies(Protocol):
    """knowledge_base: what agents write to customers may be what the base lacks."""

    async def record_reply(self, tx: Tx, customer: str, text: str, *, at: datetime) -> None: ...


class CaseFiles(Protocol):
    """cases: complaint files."""

    async def open(self, tx: Tx, new: NewCase, *, at: datetime) -> Case:
        """Open a file, or return the one already opened under `new.key`."""
        ...

    async def amend(
        self,
        tx: Tx,
        case_id: str,
        *,
        by: str,
        at: datetime,
        order_number: str | None = None,
        wanted: str | None = None,
        contact: str | None = None,
        added: str | None = None,
        category: str | None = None,
        severity: Severity | None = None,
        conversation_id: str | None = None,
    ) -> Case:
        """Add to a file or correct it; None leaves a value as it is, `added` is joined to what happened.

        `conversation_id` is where it was said.
        """
        ...

    async def withdraw(self, tx: Tx, case_id: str, *, by: str, at: datetime) -> Case: ...

    async def of_conversation(self, conversation_id: str) -> tuple[Case, ...]:
        """The files of one conversation, newest first. A number alone never shows somebody else's file."""
        ...

    async def proven(self, number: str, known: Sequence[str], *, conversation_id: str) -> Case | None:
        """The file, for who reported it in this conversation or knows phone, mail address or order number on it."""
        ...

    async def talks_with(self, number: str) -> tuple[str, ...]:
        """The newest conversations in whose files this phone, order or case number stands, for colleagues only."""
        ...


class KeepsFiles(Protocol):
    """cases: files that customers send."""

    async def keep(
        self, tx: Tx, conversation_id: str, seq: int, name: str, *, at: datetime, case_id: str | None = None
    ) -> Case | None:
        """A file becomes evidence of `case_id`, else of the customer's newest open case; None: of none."""
        ...


class CaseAnswers(Protocol):
    """cases: the customer's word on a decision about their own file."""

    async def confirm(self, tx: Tx, case_id: str, *, at: datetime) -> Case: ...

    async def object_to(self, tx: Tx, case_id: str, *, at: datetime) -> Case: ...


class SurveyAnswers(Protocol):
    """cases: what a customer answers to a satisfaction survey; None for one that is not of this conversation."""

    async def press(self, tx: Tx, conversation_id: str, choice: str, *, at: datetime) -> SurveyReply | None: ...

    async def write(
        self, tx: Tx, conversation_id: str, asked: str, text: str, *, at: datetime
    ) -> SurveyReply | None: ...


class FollowUps(Protocol):
    """cases: what customers say about follow-ups in the chat."""

    async def answer(
        self, tx: Tx, conversation_id: str, follow_up_id: str, question: str, answer: str, *, at: datetime
    ) -> ChatReply | None:
        """What a pressed answer leads to; None for one that means nothing any more, or is somebody else's."""
        ...

    async def may_be_asked_for(self, conversation_id: str) -> bool:
        """Whether the customer has not yet said how they want to be followed up."""
        ...

    async def set_wish(self, tx: Tx, conversation_id: str, wish: Wish, *, at: datetime) -> None: ...

    async def offer_survey(self, follow_up_id: str) -> None:
        """After the commit of a last answer."""
        ...


class Levels(Protocol):
    """handoff: which customers are key accounts."""

    async def customer(self, conversation_id: str) -> Customer: ...

    async def key_accounts(self) -> frozenset[str]: ...


class Overhears(Protocol):
    """cases: reads what colleagues write to customers; a promise becomes a clock."""

    async def overhear(self, tx: Tx, conversation_id: str, text: str, *, by: Editor, at: datetime) -> bool: ...


class Desk(Protocol):
    """handoff: the queue."""

    async def open(self, tx: Tx, request: HandoffRequest, *, at: datetime) -> Handoff:
        """Put the conversation into the queue, or return its open handover (raising its urgency if asked)."""
        ...

    async def leave(self, tx: Tx, conversation_id: str, *, at: datetime) -> bool: ...

    async def place(self, conversation_id: str) -> QueuePlace | None: ...

    async def outlook(self, at: datetime, request: HandoffRequest | None = None) -> QueuePlace:
        """What a customer would meet who asked now: agents on duty, opening hours, people ahead.

        With `request`, those ahead are counted in the queue that it would join.
        """
        ...

    async def slots(self, conversation_id: str, at: datetime) -> tuple[FreeSlot, ...]:
        """When the customer of a waiting conversation can be called back, soonest first."""
        ...

    async def promise(self, tx: Tx, conversation_id: str, wanted: Wanted, *, at: datetime) -> Promise | None:
        """End the waiting with a promise; None when nobody waits there or the slot is not free any more."""
        ...

    async def add_contact(self, tx: Tx, conversation_id: str, contact: str, *, at: datetime) -> bool:
        """How the customer wants to be reached about what was promised; False when nothing is promised."""
        ...

    async def hear(self, tx: Tx, conversation_id: str, heard: HeardLater, *, at: datetime) -> bool:
        """Add what a customer's words say to the packet of who holds the conversation; False when it adds nothing."""
        ...

    async def earlier(self, conversation_id: str) -> tuple[Handoff, ...]: ...


class FetchesFiles(Protocol):
    """Gets a file from the channel it was sent in."""

    async def fetch(self, ref: str) -> bytes:
        """Its content. Raises `bot.contracts.SendFailed`, `kit.refusals.FileTooLarge`."""
        ...


class Seen(Protocol):
    """handoff: what a colleague or a program may see (`handoff.scopes`)."""

    async def __call__(self, person: Person, conversation_ids: Sequence[str]) -> frozenset[str]:
        """Those of these conversations that they may; the others do not exist for them."""
        ...


class ChannelSender(Protocol):
    """Sends outbox rows of one channel."""

    @property
    def capabilities(self) -> Capabilities: ...

    async def send(self, outgoing: Outgoing) -> str:
        """Send; returns the channel's message id. Raises `bot.contracts.SendFailed`."""
        ...

    async def typing(self, address: str) -> None: ...


class Articles(Protocol):
    """knowledge_base's editing service as far as `python -m bot` uses it."""

    async def import_starter(self) -> int: ...

    async def find(self, key: str) -> Article | None: ...
