"""cases: the values of what is linked to a case: conversations, articles, files that came in a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LABEL = 200
"""Longest label, in characters."""


class LinkKind(StrEnum):
    """What is linked to a case."""

    CONVERSATION = "conversation"
    """Another conversation about the matter than the one the case came from."""
    ARTICLE = "article"
    """Knowledge that has to do with it: what the bot had answered, or what a colleague worked by."""
    FILE = "file"
    """A file the customer sent in a conversation: evidence that stays where it came in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """One thing that is linked to a case."""

    id: str
    case_id: str
    kind: LinkKind
    target: str
    """Id of the conversation or article; of a file its conversation and line, `<conversation>:<seq>`."""
    label: str
    """What people read for it: channel and customer, title, file name."""
    at: datetime
    by: str
    """Account id, `customer` or `bot`."""
    by_name: str


def file_target(conversation_id: str, seq: int) -> str:
    """The target of a file that came in a conversation."""
    return f"{conversation_id}:{seq}"


def file_of(target: str) -> tuple[str, int]:
    """Conversation and line of a file's target."""
    conversation_id, _, seq = target.rpartition(":")
    return conversation_id, int(seq)
