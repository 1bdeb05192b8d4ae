"""handoff: what it needs from the rooms above it, as Protocols. `bot` implements `Conversations`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handoff.contracts import Agent, Deliveries, FlagReason, Handoff, KnownArticle, Promise, Spoken, Suggestion
from kit.contracts import JsonValue, Language, Tx
from kit.files import SentFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a transcript as the desk shows it."""

    seq: int
    kind: str
    """`customer`, `bot`, `agent`, `note` or `event`."""
    text: str
    language: Language
    at: datetime
    author: str
    payload: dict[str, JsonValue]
    key: str = ""
    """The writer's own key; the console recognises its pending lines by it."""


class Conversations(Protocol):
    """The conversations behind the desk."""

    async def take_owner(self, tx: Tx, conversation_id: str, *, owner: str, at: datetime) -> int:
        """Make `owner` (`bot`, `queue` or `agent:<account id>`) the owner and return the new epoch."""
        ...

    async def append_agent(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        key: str,
        text: str,
        agent_id: str,
        agent_name: str,
        epoch: int,
        at: datetime,
        file: SentFile | None = None,
    ) -> int | None:
        """Store an agent's reply, or the file they send, under `key` (twice is once) and queue its delivery; its seq.

        None when `epoch` is not the conversation's present one: the writer has lost the conversation. What is stored
        under `key` already keeps its seq, whatever the epoch. Raises `kit.refusals.NotFound`.
        """
        ...

    async def append_note(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        key: str,
        text: str,
        agent_id: str,
        agent_name: str,
        at: datetime,
        payload: dict[str, JsonValue] | None = None,
    ) -> int:
        """Store an internal note under `key`; customers never receive it."""
        ...

    async def append_event(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        key: str,
        code: str,
        slots: dict[str, JsonValue],
        at: datetime,
        public: bool,
        when: datetime | None = None,
    ) -> int:
        """Store a line of what happened (text key `handoff.event.<code>`); `public` ones reach the customer.

        `when` fills the slot of that name, in the words of the conversation's language.
        """
        ...

    async def ask_how_it_was(
        self, tx: Tx, conversation_id: str, *, key: str, agent_id: str, agent_name: str, at: datetime
    ) -> int | None:
        """Ask the customer how they found this agent's help, once under `key`; the question's seq.

        None where nobody is asked: not drawn, or asked not long ago.
        """
        ...

    async def lines(self, conversation_id: str, *, after: int = 0, limit: int | None = None) -> tuple[Line, ...]:
        """The transcript after seq `after` (the first `limit` lines of it), notes included."""
        ...

    async def last_seq(self, conversation_id: str) -> int:
        """The number of the newest line; 0 where there is none."""
        ...

    async def last_lines(self, conversation_ids: Sequence[str]) -> Mapping[str, Line]:
        """The newest line of each conversation that customer, bot or agent wrote (no notes, no events)."""
        ...

    async def spoken(self, conversation_ids: Sequence[str], *, since: datetime) -> Mapping[str, tuple[Spoken, ...]]:
        """When customer and agents said something since then, oldest first, by conversation id."""
        ...


class DeliveryStates(Protocol):
    """What became of what was written to a customer."""

    async def of(self, conversation_id: str) -> Deliveries: ...

    async def send_again(self, tx: Tx, conversation_id: str, seq: int, *, at: datetime) -> bool:
        """Send once more what was given up; False where it was not, or somebody was faster."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A line of a transcript that is a file."""

    seq: int
    kind: str
    """`customer` or `agent`: who sent it."""
    name: str
    at: datetime


class Attachments(Protocol):
    """Files that customers and representatives send each other."""

    def check(self, name: str, content: bytes) -> SentFile:
        """A file as it is kept. Raises `kit.refusals.FileTooLarge`, `FileUnknown`."""
        ...

    async def load(self, conversation_id: str, seq: int) -> SentFile:
        """The file of a line. Raises `kit.refusals.NotFound` and refusals of the channel it lies in."""
        ...

    async def of(self, conversation_id: str) -> tuple[FileLine, ...]:
        """The files of a conversation, the newest first (at most some dozens)."""
        ...


class Translates(Protocol):
    """A translator, where one is configured."""

    async def translate(self, text: str, to: Language) -> str:
        """`text` in the language `to`. Raises `handoff.refusals.TranslatorAway`."""
        ...


class Articles(Protocol):
    """What the house knows."""

    async def suggest(self, question: str, language: Language) -> tuple[Suggestion, ...]:
        """Customers' articles that may answer `question`, the likeliest first; none when none is likely enough."""
        ...

    async def look_up(self, words: str, language: Language) -> tuple[KnownArticle, ...]:
        """What comes closest to `words`, the likeliest first, articles for staff too."""
        ...

    async def flag(self, article_id: str, agent: Agent, language: Language, *, reason: FlagReason, words: str) -> None:
        """Tell the editors that an answer is not right. Raises `kit.refusals.NotFound` and refusals about `words`."""
        ...


class Files(Protocol):
    """The complaint files: whatever is promised is also a case that somebody keeps until it is done."""

    async def file(self, tx: Tx, handoff: Handoff, promise: Promise, words: str, *, at: datetime) -> str:
        """Note the promise, and the message left, in the conversation's open case or in a new one; its number."""
        ...

    async def add_contact(self, tx: Tx, promise: Promise, contact: str, *, at: datetime) -> None:
        """Note in the case how the customer wants to be reached."""
        ...

    async def talks_with(self, number: str) -> tuple[str, ...]:
        """The newest conversations in whose files this phone, order or case number stands, written in any way."""
        ...
