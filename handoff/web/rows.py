"""handoff: the lines of the console's lists. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from handoff.contracts import Handoff, HandoffState, Urgency
from handoff.ports import Line

SEVERITIES = {Urgency.NORMAL: "normal", Urgency.SERIOUS: "serious", Urgency.CRITICAL: "critical"}

SPOKEN_BY_PEOPLE = frozenset({"customer", "agent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One conversation in a list."""

    handoff: Handoff
    severity: str
    """`normal`, `serious` or `critical`."""
    category: str | None
    words: str
    """What a person said last, else what the customer wants: the bot's own words tell nobody what this is about."""
    language: str
    waiting: bool
    owed: bool
    """Held by somebody, and the customer spoke last: an answer is owed."""
    unread: bool
    """Held by the reader, who has not seen the customer's last words yet."""
    since: datetime
    """When the customer began to wait, or when the last words were said."""


def rows_of(handoffs: Iterable[Handoff], last: Mapping[str, Line], *, read: Mapping[str, int], whose: str) -> list[Row]:
    """The rows, in the order given, for the agent `whose`, who has `read` so far."""
    return [
        _row(
            handoff,
            last.get(handoff.conversation_id),
            read=read.get(handoff.conversation_id, 0) if handoff.agent_id == whose else None,
        )
        for handoff in handoffs
    ]


def _row(handoff: Handoff, line: Line | None, *, read: int | None) -> Row:
    waiting = handoff.state is HandoffState.WAITING
    complaint = handoff.packet.complaint
    spoken = line if line is not None and line.text and line.kind in SPOKEN_BY_PEOPLE else None
    return Row(
        handoff=handoff,
        severity=SEVERITIES[handoff.urgency],
        category=complaint.category if complaint else None,
        words=" ".join(spoken.text.split()) if spoken else handoff.packet.want,
        language=(spoken.language if spoken else handoff.packet.language).value,
        waiting=waiting,
        owed=not waiting and line is not None and line.kind == "customer",
        unread=read is not None and line is not None and line.kind == "customer" and line.seq > read,
        since=handoff.asked_at if waiting or line is None else line.at,
    )
