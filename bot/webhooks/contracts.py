"""bot: the values of webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.contracts import Delivery
from kit.contracts import JsonValue


class EventType(StrEnum):
    """What another system can be told of."""

    CONVERSATION_OPENED = "conversation.opened"
    CONVERSATION_RESOLVED = "conversation.resolved"
    CONVERSATION_RETURNED = "conversation.returned"
    """Given back to the bot."""
    MESSAGE_CREATED = "message.created"
    """Customer, bot or representative said something; internal notes are never told."""
    QUEUE_ENTERED = "queue.entered"
    QUEUE_CLAIMED = "queue.claimed"
    QUEUE_LEFT = "queue.left"
    QUEUE_RETURNED = "queue.returned"
    """The representative disappeared; the customer waits again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened; `id` is the same whenever and to whomever it is told."""

    id: str
    type: EventType
    at: datetime
    data: dict[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Another system's address, and what it wants to hear."""

    id: str
    url: str
    events: frozenset[EventType]
    channel: str
    """Only conversations of this channel; empty: of every one."""
    active: bool
    secret_turn: int
    """How often the secret was changed; the secret itself follows from it and is stored nowhere."""
    rotated_at: datetime | None
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDelivery:
    """One event on its way to one address."""

    id: str
    webhook_id: str
    event_id: str
    type: EventType
    body: str
    """JSON exactly as it is sent, every time."""
    state: Delivery
    attempts: int
    next_at: datetime
    status: int | None
    """What the address answered last; None when it did not."""
    reason: str
    created_at: datetime
    delivered_at: datetime | None
