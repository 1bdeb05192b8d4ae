"""bot: the values of a conversation, from what arrives to what leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kit.contracts import JsonValue, Language
from kit.files import SentFile


class InboundKind(StrEnum):
    """What a customer can send."""

    TEXT = "text"
    PRESS = "press"
    """A button of an earlier reply; `choice` says which."""
    FILE = "file"
    """A file or medium; `file_name` and `file_kind` describe it."""
    START = "start"
    """The conversation is opened (widget opened for the first time, Telegram /start)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One thing a channel received, translated; made by a pure function from what really arrived."""

    channel: str
    external_id: str
    """The sender's own id of it, unique in the channel (widget: client key; Telegram: update id)."""
    address: str
    """Where the conversation lives in the channel (widget: visitor id; Telegram: chat id)."""
    kind: InboundKind
    text: str = ""
    choice: str = ""
    """Choice id of a PRESS, such as `article:01J…`, `human`, `helped:yes`, `form:skip`."""
    to_seq: int | None = None
    """The entry a PRESS belongs to, where the channel knows it."""
    customer_name: str = ""
    language_hint: Language | None = None
    """What the channel says of the customer's language; the text itself wins."""
    file_name: str = ""
    file_kind: str = ""
    file: SentFile | None = None
    """A FILE's content, where it came along."""
    file_ref: str = ""
    """Else the channel's own name of it, by which the content is fetched when somebody wants to see it."""


class Owner(StrEnum):
    """Who speaks for the house in a conversation."""

    BOT = "bot"
    QUEUE = "queue"
    """Waiting for a person; the bot may still answer questions but opens no second handover."""
    AGENT = "agent"
    """A person; the bot is silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One customer in one channel, for ever; handovers and complaints are episodes of it."""

    id: str
    channel: str
    address: str
    customer_name: str
    language: Language
    owner: Owner
    agent_id: str | None
    epoch: int
    """Grows when the owner changes; a writer who names an old one loses."""
    last_seq: int
    handled_seq: int
    """The last customer entry a turn has dealt with; a turn is due while customer entries stand after it."""
    state: dict[str, JsonValue]
    """Dialogue state (see bot/state.py), committed with the replies."""
    created_at: datetime
    updated_at: datetime


class EntryKind(StrEnum):
    """The voices of a transcript."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    NOTE = "note"
    """Internal; never reaches a customer."""
    EVENT = "event"
    """What happened (handed over, joined, resolved). `payload.code`, `payload.slots`, `payload.public`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One button under a reply."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One numbered line of a conversation: at once transcript and event log. `seq` has no gaps."""

    conversation_id: str
    seq: int
    kind: EntryKind
    key: str
    """Unique in the conversation; storing the same key again returns the first entry."""
    text: str
    """Plain text for customers and agents; Markdown for bot answers from articles (`payload.format`)."""
    language: Language
    author: str
    """Display name of agent or customer; empty for the bot."""
    at: datetime
    payload: dict[str, JsonValue] = field(default_factory=dict)
    """Documented in docs/protocol.md: choices, source, decision id, format, code, slots, public, file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The inbox's word on an inbound: where it stands, and whether it stood there before."""

    conversation_id: str
    seq: int
    duplicate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a channel can do; the only thing the rest of the house asks about a channel."""

    name: str
    text_limit: int
    markdown: bool
    buttons: int
    """Most buttons under one message; 0 where there are none."""
    pushes: bool
    """Replies must be sent out (outbox); False where clients fetch them (widget)."""
    typing: bool


class Delivery(StrEnum):
    """State of one outbox row."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One entry on its way to a pushing channel."""

    id: str
    conversation_id: str
    seq: int
    channel: str
    address: str
    entry: Entry
    attempts: int


class FailureKind(StrEnum):
    """Other people's failures, translated once."""

    LATER = "later"
    GONE = "gone"
    OURS = "ours"
    UNAVAILABLE = "unavailable"


class SendFailed(Exception):
    """A channel could not send; `kind` says what to do about it."""

    def __init__(self, kind: FailureKind, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.kind, self.reason, self.retry_after = kind, reason, retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """A line about to be stored; the store gives it its number."""

    kind: EntryKind
    key: str
    text: str
    language: Language
    author: str = ""
    author_id: str | None = None
    payload: dict[str, JsonValue] = field(default_factory=dict)
    asks_turn: bool = False
    """Whether the bot has to look at it."""
    public: bool = True
    """Whether the customer receives it; what is public goes to the outbox of a pushing channel."""
    file: SentFile | None = None
    """Stored with the line; `payload.file` says what it is."""


class TurnExit(StrEnum):
    """The three ways a turn ends."""

    ANSWERED = "answered"
    SILENT = "silent"
    CRASHED = "crashed"
    """A step failed; the customer got an answer, a choice or a person all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRecord:
    """One decision with all it was made from."""

    id: str
    conversation_id: str
    seq: int
    """The customer's entry that was dealt with."""
    reply_seq: int
    at: datetime
    exit: TurnExit
    decision: str
    """`answer`, `clarify`, `unknown`, `hand_over`, … (bot/decisions.py)."""
    rule: str
    """The rule of the policy that decided, such as `answering.sure`."""
    language: Language
    intent: str
    intent_confidence: float
    entities: tuple[tuple[str, str], ...]
    article_id: str | None
    article_title: str | None
    confidence: float | None
    helped: bool | None
    why: dict[str, JsonValue]
    faults: tuple[str, ...]
    milliseconds: float
