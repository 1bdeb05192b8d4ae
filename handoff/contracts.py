"""handoff: the values that cross its door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from kit.contracts import Language


class Urgency(IntEnum):
    """Higher goes first; a higher one never waits behind a lower one."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRequest:
    """A conversation that needs a person."""

    conversation_id: str
    customer_name: str
    channel: str
    reason: HandoffReason
    urgency: Urgency
    language: Language
    packet: ContextPacket


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
    outcome: Outcome | None = None
    """Only of a RESOLVED one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlace:
    """What a waiting customer may know."""

    ahead: int
    waiting_since: datetime
    agents_on_duty: int
    open_now: bool
    """Within opening hours, or somebody is at work outside them."""
    opens_at: datetime | None
    """The next opening time when closed; None when the hours are round the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """The claim succeeded."""

    handoff: Handoff


@dataclass(frozen=True, slots=True, kw_only=True)
class LostTo:
    """A colleague was faster, or it is over; `agent_name` is None when nobody holds it any more."""

    agent_name: str | None
    state: HandoffState


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A representative as the queue knows one."""

    id: str
    """Account id."""
    name: str
    """Display name: what customers and colleagues see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLoad:
    """A representative on duty and how many conversations they hold."""

    agent: Agent
    active: int
    seen_at: datetime
