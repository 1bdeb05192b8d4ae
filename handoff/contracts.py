"""handoff: the values that cross its door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
    """A conversation that needs a person. The desk itself finds the department."""

    conversation_id: str
    customer_name: str
    channel: str
    reason: HandoffReason
    urgency: Urgency
    language: Language
    packet: ContextPacket


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


FINE, COARSE, LONGEST = 10, 5, 60
"""Minutes: above FINE a wait is told in steps of COARSE, above LONGEST its upper end is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitRange:
    """How long a customer will probably wait from now on (handoff/estimate.py)."""

    low: timedelta
    high: timedelta

    @property
    def minutes(self) -> tuple[int, int | None]:
        """From and to in minutes as people are told: outwards, coarser the longer it is; None: more than an hour."""
        low, high = int(self.low.total_seconds() // 60), -int(-self.high.total_seconds() // 60)
        if high > FINE:
            low, high = (low // COARSE * COARSE if low > COARSE else low), -(-high // COARSE) * COARSE
        return low, high if high <= LONGEST else None

    @property
    def words(self) -> str | None:
        """Which sentence tells it: `soon`, `within`, `between`, `over`; None where there is nothing to tell."""
        low, high = self.minutes
        if high is None:
            return "over" if low else None
        return "between" if low else "within" if high > 1 else "soon"


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
    limit_minutes: int = 0
    """After how long the waiting ends with a promise; 0 where that is not known."""
    wait: WaitRange | None = None
    """How long it will take from now on; None when too little happened lately to say."""


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


class AgentState(StrEnum):
    """What a representative is doing. Only ONLINE is offered conversations; all but OFFLINE are on duty."""

    ONLINE = "online"
    BUSY = "busy"
    BREAK = "break"
    WRAPPING_UP = "wrapping_up"
    """Finishing the papers of the conversation that just ended; ends by itself."""
    OFFLINE = "offline"
    """Clocked out."""


class StateReason(StrEnum):
    """Why somebody is on a break or busy."""

    MEAL = "meal"
    REST = "rest"
    MEETING = "meeting"
    TRAINING = "training"
    OTHER = "other"
    NO_ANSWER = "no_answer"
    """Set by the desk: offers were not answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time in one state: what presence, clock-in and attendance are made of."""

    id: str
    account_id: str
    state: AgentState
    reason: StateReason | None
    began_at: datetime
    ended_at: datetime | None
    clocked_out: bool
    """It ended because the representative went off duty, not because they changed state or disappeared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLoad:
    """A representative on duty, what they are doing and how many conversations they hold."""

    agent: Agent
    active: int
    seen_at: datetime
    state: AgentState = AgentState.ONLINE
    reason: StateReason | None = None


class PromiseKind(StrEnum):
    """Why an answer was promised."""

    CALLBACK = "callback"
    """The customer booked a call-back."""
    MESSAGE = "message"
    """The customer left a message instead of waiting."""
    OVERDUE = "overdue"
    """Nobody could take the customer in time."""


class PromiseState(StrEnum):
    """The life of a promise."""

    OPEN = "open"
    QUEUED = "queued"
    """Its time has come: the conversation stands in the queue again."""
    KEPT = "kept"
    """A representative took the conversation."""
    WITHDRAWN = "withdrawn"
    """The customer no longer wants it, or a newer promise took its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """An answer that a customer who no longer waits was promised. A conversation has at most one that is not over."""

    id: str
    conversation_id: str
    handoff_id: str
    """The handover that ended with it."""
    department: str
    kind: PromiseKind
    begins_at: datetime
    """From when on somebody takes it up: the slot of a call-back, else at once or with the next opening."""
    due_by: datetime
    """When it was promised for at the latest."""
    number: str
    """The case it is filed under; what the customer keeps."""
    contact: str | None
    state: PromiseState
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a customer who no longer waits is to be promised."""

    kind: PromiseKind
    words: str = ""
    """The message left."""
    contact: str | None = None
    begins_at: datetime | None = None
    """The slot of a call-back."""


class DayPart(StrEnum):
    """Part of a day on the desk's clocks."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSlot:
    """A time that can be booked for a call-back."""

    begins_at: datetime
    day: date
    """On the desk's clocks, as is the part."""
    part: DayPart


class OfferEnd(StrEnum):
    """How an offer ended."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    """The time to accept ran out."""
    WITHDRAWN = "withdrawn"
    """Somebody else took the conversation, the customer left, or the representative is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A waiting conversation offered to one representative."""

    id: str
    handoff_id: str
    agent: Agent
    offered_at: datetime
    ends_at: datetime
    """Until when it can be accepted before it is passed on."""
    why: tuple[Why, ...]
    """Why this conversation now, and why this representative."""


NO_SHIFTS = ("",) * 7


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentProfile:
    """What a representative takes. Empty sets mean everything: a desk of three needs no set-up."""

    account_id: str
    departments: frozenset[str] = frozenset()
    languages: frozenset[Language] = frozenset()
    skills: frozenset[str] = frozenset()
    capacity: int | None = None
    """Conversations at the same time; None: as many as the settings say."""
    channel_capacity: tuple[tuple[str, int], ...] = ()
    """The same for single channels, as (channel, most)."""
    shifts: tuple[str, ...] = NO_SHIFTS
    """The shift of each weekday, Monday first; "" is a day off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """What the desk keeps of a customer besides the conversation."""

    conversation_id: str
    key_account: bool = False
    named_agent_id: str | None = None
