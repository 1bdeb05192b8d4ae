"""handoff: colleagues who are asked to join a conversation that somebody else holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handoff.contracts.agents import Agent


class InvitationEnd(StrEnum):
    """How an invitation ended."""

    DECLINED = "declined"
    LAPSED = "lapsed"
    """The time to answer ran out."""
    LEFT = "left"
    """The guest had joined and is gone again."""
    WITHDRAWN = "withdrawn"
    """Whoever holds the conversation took it back before it was answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One colleague asked into one handover. A guest reads and writes; its owner stays its owner."""

    id: str
    handoff_id: str
    conversation_id: str
    guest: Agent
    by: Agent
    reason: str
    made_at: datetime
    ends_at: datetime
    """Until when it can be accepted."""
    joined_at: datetime | None = None
    """None while nobody has answered."""
    customer: str = ""
    """The customer of the conversation, by name."""
