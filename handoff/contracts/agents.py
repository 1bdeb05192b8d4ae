"""handoff: representatives, their state and what is offered to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handoff.contracts.handoffs import Why
from kit.contracts import Language


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
