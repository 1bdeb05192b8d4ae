"""handoff: what the desk keeps of a customer besides their conversations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Proof(StrEnum):
    """How we know that two conversations are one customer's; text key `handoff.customer.proof.<proof>`."""

    CODE = "code"
    """They read out in one what we sent into the other."""
    CONFIRMED = "confirmed"
    """An agent said how they know."""
    SIGNED = "signed"
    """The shop's server signed in both who the customer is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """What the desk keeps of a customer, over all conversations that are proven to be theirs."""

    conversation_id: str
    """The conversation it was asked for."""
    key_account: bool = False
    named_agent_id: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerNote:
    """What colleagues should know of a customer."""

    id: str
    by: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A conversation that was joined to a customer, and on what proof."""

    conversation_id: str
    proof: Proof
    by: str
    """Who joined it, by name."""
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A way to reach a customer, as its reader may see it."""

    kind: str
    """`phone`, `contact` or `mail`."""
    value: str
    masked: bool
