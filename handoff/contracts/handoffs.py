"""handoff: a conversation that a person takes: its request, packet, state and what a claim comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from kit.contracts import Language


class Urgency(IntEnum):
    """Higher is promised an earlier answer; a CRITICAL one never waits behind another (handoff/ordering.py)."""

    NORMAL = 0
    SERIOUS = 1
    CRITICAL = 2


class HandoffState(StrEnum):
    """The life of one handover. WAITING and ACTIVE are open; a conversation has at most one open handover."""

    WAITING = "waiting"
    ACTIVE = "active"
    RESOLVED = "resolved"
    RETURNED = "returned"
    """Given back to the bot by the agent."""
    LEFT = "left"
    """The customer left the queue."""
    PROMISED = "promised"
    """The customer waits no longer: an answer by a time was promised (`Promise`)."""


class Outcome(StrEnum):
    """How a representative closed a conversation."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"
    """Nothing more can be done here."""
    FOLLOW_UP = "follow_up"
    """Somebody will come back to the customer."""
    NO_REPLY = "no_reply"
    """The customer is gone."""


class HandoffReason(StrEnum):
    """Why a person is called."""

    ASKED = "asked"
    """The customer asked for a person."""
    COMPLAINT = "complaint"
    UNANSWERED = "unanswered"
    """The bot did not know, more than once."""
    SAFETY = "safety"
    FAULT = "fault"
    """The bot could not work."""
    PROMISED = "promised"
    """A promised answer or call-back is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardNote:
    """One more thing that was heard in a complaint, and the words that said so."""

    aspect: str
    """`also` (a further category), `wants` or `mood`."""
    name: str
    confidence: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintNote:
    """The complaint as the context packet shows it."""

    number: str | None
    category: str
    category_confidence: float
    severity: str
    severity_confidence: float
    words: tuple[str, ...]
    wanted: str | None
    rule: str | None = None
    """The plain rule that raised the severity."""
    heard: tuple[HeardNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One thing the bot tried: what was asked, what it decided, the article and its confidence, whether it helped."""

    question: str
    decision: str
    """`answer`, `clarify` or `unknown`."""
    title: str | None
    confidence: float | None
    helped: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierContact:
    """An earlier handover or case of the same customer."""

    at: datetime
    kind: str
    """`handoff` or `case`."""
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterWish:
    """What the customer asked for after the packet was made, while a person held the conversation."""

    at: datetime
    line: str
    intent: str
    intent_confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardLater:
    """What one message of the customer says that an agent should find in the packet."""

    language: Language
    entities: tuple[tuple[str, str], ...] = ()
    mood: str = ""
    """Empty where none was heard."""
    wish: LaterWish | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextPacket:
    """Everything an agent should know before the first word."""

    want: str
    """What the customer wants, in one line, in the customer's own words."""
    language: Language
    intent: str
    intent_confidence: float
    entities: tuple[tuple[str, str], ...]
    """(kind, value) as recognised, such as ("order_number", "CJ2611-088213")."""
    given: tuple[tuple[str, str], ...]
    """(form field, value) the customer already gave; nobody asks again."""
    complaint: ComplaintNote | None
    attempts: tuple[Attempt, ...]
    earlier: tuple[EarlierContact, ...]
    moods: tuple[tuple[datetime, str], ...] = ()
    """When the customer's mood was heard to be another one, oldest first."""
    later: tuple[LaterWish, ...] = ()
    """What was asked for since, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRequest:
    """A conversation that needs a person. The desk itself finds the department, unless an article names it."""

    conversation_id: str
    customer_name: str
    channel: str
    reason: HandoffReason
    urgency: Urgency
    language: Language
    packet: ContextPacket
    department: str = ""
    """Name of the department that the article says the customer belongs to; one the desk does not have is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One reason of a choice: text key `handoff.why.<code>`, and what it is about (a name, a number), if anything."""

    code: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Where a handover belongs, as decided when the customer asked."""

    department: str
    skill: str | None
    """What whoever takes it should be good at."""
    key_account: bool
    named_agent_id: str | None
    """The account id of a key account's own representative."""
    answer_by: datetime
    """When a person's first word was promised."""
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """One handover and where it is."""

    id: str
    conversation_id: str
    customer_name: str
    channel: str
    reason: HandoffReason
    urgency: Urgency
    language: Language
    state: HandoffState
    packet: ContextPacket
    asked_at: datetime
    """When the customer began to wait; kept when a vanished agent's conversation comes back."""
    returned_to_queue: int
    """How often an agent vanished; such a conversation stands at the head of its urgency."""
    agent_id: str | None
    agent_name: str | None
    claimed_at: datetime | None
    ended_at: datetime | None
    epoch: int
    """The owner's epoch: grows whenever the owner of the conversation changes; a writer with an old one loses."""
    placing: Placing
    outcome: Outcome | None = None
    """Only of a RESOLVED one."""
    category: str | None = None
    """What it was about (`HandoffSettings.categories`), if whoever resolved it said so."""


class View(StrEnum):
    """The lists of the console."""

    MINE = "mine"
    WAITING = "waiting"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """The claim succeeded."""

    handoff: Handoff


@dataclass(frozen=True, slots=True, kw_only=True)
class LostTo:
    """A colleague was faster, or it is over; `agent_name` is None when nobody holds it any more."""

    agent_name: str | None
    state: HandoffState
