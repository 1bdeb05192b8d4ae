"""handoff: where the queue and its waiting times are read, as Protocols. `handoff/adapters` implements them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from handoff.estimate import Wait
from handoff.ordering import Waiting


class WaitStore(Protocol):
    """How long customers waited, in SQL."""

    async def recent(self, department: str, *, since: datetime) -> tuple[Wait, ...]:
        """Those of a department who were claimed since then, and those who wait now."""
        ...


class QueueOrder(Protocol):
    """Places in the queue, read quickly. SQL is the truth; the Redis version is a mirror of one queue version."""

    async def ahead(self, conversation_id: str) -> int | None:
        """How many of its department wait before it; None when it does not wait."""
        ...

    async def length(self, department: str | None = None) -> int:
        """How many wait for a department, or for all of them."""
        ...

    async def first(self, limit: int, department: str) -> tuple[str, ...]:
        """Conversation ids of the head of a department's queue, next one first."""
        ...


class QueueSource(Protocol):
    """Where a mirror of the queue is rebuilt from."""

    async def snapshot(self) -> tuple[str, tuple[tuple[str, Waiting], ...]]:
        """The queue's mark and everyone who waits with their department, read at one moment."""
        ...

    async def mark(self) -> str:
        """Names this state of this database's queue: another state, or another database, has another mark."""
        ...
