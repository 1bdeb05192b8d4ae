"""handoff: what supervision is kept in, as Protocols. `handoff/adapters/floor_store.py` implements them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handoff.contracts import Agent, ClockKind, Flow, Handoff, Level, Notice, PacketQuality, Placing, Urgency
from kit.contracts import Tx


class FloorStore(Protocol):
    """Handovers as supervisors change and count them, in SQL. Every change moves the queue's version on."""

    async def set_urgency(self, tx: Tx, handoff: Handoff, urgency: Urgency, placing: Placing) -> Handoff | None:
        """Another urgency and its promised time; None when the value's epoch is not the present one."""
        ...

    async def flow(self, *, since: datetime, departments: frozenset[str] = frozenset()) -> Flow:
        """What came and went since then, in these departments; empty: in all."""
        ...


class NoticeStore(Protocol):
    """Notices in SQL."""

    async def add(self, tx: Tx, told: Sequence[Notice]) -> None:
        """Store notices; one whose id is known stays as it is."""
        ...

    async def unread(self, account_id: str, *, since: datetime, limit: int) -> tuple[Notice, ...]:
        """What somebody was told since then, has not read and (as far as its rows say) is still so, newest first."""
        ...

    async def read(self, tx: Tx, account_id: str, notice_id: str, *, at: datetime) -> bool:
        """Somebody has read a notice; False when it is not theirs or was read before."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """That one level of the ladder was told of one clock."""

    handoff_id: str
    kind: ClockKind
    began_at: datetime
    """Since when the clock counts: the next answer is another clock with every question."""
    level: Level


class EscalationStore(Protocol):
    """Who was told of what, in SQL."""

    async def add(self, tx: Tx, told: Told) -> bool:
        """Note it; False when it was noted before."""
        ...

    async def of(self, handoff_ids: Sequence[str]) -> frozenset[Told]:
        """What was told of these handovers."""
        ...


class PacketStore(Protocol):
    """How good the context of handovers was, in SQL."""

    async def rate(self, tx: Tx, handoff_id: str, by: Agent, *, useful: bool, at: datetime) -> None:
        """What the agent says of it; a newer word takes the place of an older one."""
        ...

    async def note_repeats(self, tx: Tx, handoff_id: str, by: Agent, fields: Sequence[str], *, at: datetime) -> None:
        """The customer was asked again for these; each counts once a handover."""
        ...

    async def quality(self, handoff_id: str) -> PacketQuality: ...
