"""handoff: what supervisors do on the floor, and what somebody has to be told of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Act(StrEnum):
    """What a supervisor does in a conversation of somebody else; every one is in the audit trail."""

    LOOK = "look"
    """Opened it without a word."""
    WHISPER = "whisper"
    """Wrote to the agent; the customer never sees it."""
    TAKE_OVER = "take_over"
    """Holds it from now on."""
    REASSIGN = "reassign"
    """Gave it to somebody else."""
    URGENCY = "urgency"
    """Changed how urgent it is."""


class Level(StrEnum):
    """Who hears of a promise that is at risk or late, from the lowest rung of the ladder up."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"


class NoticeKind(StrEnum):
    """What a notice is about: text key `handoff.notice.<kind>`."""

    BROADCAST = "broadcast"
    WHISPER = "whisper"
    MENTION = "mention"
    """A note names them."""
    REMINDER = "reminder"
    """They put the conversation aside until now."""
    INVITED = "invited"
    """A colleague asks them into a conversation."""
    INVITATION_DECLINED = "invite_declined"
    INVITATION_LAPSED = "invite_lapsed"
    INVITATION_WITHDRAWN = "invite_withdrawn"
    """Whom they asked does not come, or did not answer in time."""
    LOOKED = "looked"
    TAKEN_AWAY = "taken_away"
    GIVEN = "given"
    URGENCY = "urgency"
    AT_RISK = "at_risk"
    LATE = "late"
    SILENT = "silent"
    """A conversation was given to others because its agent was silent."""
    DIGEST = "digest"
    """What is owed on cases today; in its own words."""
    CASE = "case"
    """A case is serious, or something on it is late; in its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something one person has to know; it stays until they say that they have read it."""

    id: str
    account_id: str
    """Whom it is for."""
    kind: NoticeKind
    by: str
    """Who caused it, by name; empty when the desk itself did."""
    conversation_id: str | None
    customer: str
    """The customer of that conversation, by name."""
    text: str
    """What was written, or the name of what is meant (a clock, an urgency)."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What came and went in a stretch of time."""

    asked: int
    claimed: int
    ended: int
    """Resolved, or given back to the bot."""
    left: int
    promised: int
    """Customers nobody could take in time, or who did not want to wait."""
    repeated: int
    """Customers who were asked again for what they had given already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketQuality:
    """How good the context of one handover was."""

    useful: bool | None
    """What the agent says of it; None while they said nothing."""
    asked_again: tuple[str, ...]
    """What the customer was asked for although it was known."""
