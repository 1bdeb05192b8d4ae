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
    """A file with what it is compared by."""

    case: Case
    product: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A file that may be about the same matter, and why it may."""

    case: Case
    same: tuple[Same, ...]
