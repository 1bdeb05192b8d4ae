"""cases: two files that may be about one matter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cases.contracts import Case


class Same(StrEnum):
    """What two files have in common."""

    ORDER = "order"
    CONTACT = "contact"
    CONVERSATION = "conversation"
    NAME = "name"
    PRODUCT = "product"
    MEANING = "meaning"
    """What is told reads more alike than what other customers tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a file is compared by: of thousands of them no more is read."""

    number: str
    conversation_id: str | None
    customer_name: str
    order_keys: frozenset[str]
    """What its order number may be recognised by (`cases.identity.keys_of`)."""
    contact_keys: frozenset[str]
    product: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A file that may be about the same matter, and why it may."""

    case: Case
    same: tuple[Same, ...]
