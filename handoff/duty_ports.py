"""handoff: what representatives, their hours and signs of life are kept in, as Protocols; for `handoff/adapters`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from handoff.contracts import (
    Agent,
    AgentProfile,
    Span,
)
from kit.contracts import Tx


class TeamStore(Protocol):
    """Profiles of representatives, in SQL."""

    async def save(self, tx: Tx, profile: AgentProfile) -> None: ...

    async def all(self) -> Mapping[str, AgentProfile]:
        """By account id."""
        ...


class DutyStore(Protocol):
    """Stretches of time in one state, in SQL; at most one open one an account."""

    async def begin(self, tx: Tx, span: Span) -> None:
        """Store an open stretch; nothing happens where one is open."""
        ...

    async def end(self, tx: Tx, account_id: str, *, at: datetime, clocked_out: bool) -> None:
        """End the open stretch, if there is one."""
        ...

    async def last(self) -> Mapping[str, Span]:
        """The newest stretch of each account, by account id."""
        ...

    async def spans(self, begin: datetime, end: datetime) -> tuple[Span, ...]:
        """All that reach into the time from `begin` to `end`, oldest first."""
        ...


class Presence(Protocol):
    """When each representative last showed life."""

    async def beat(self, agent: Agent, *, at: datetime) -> bool:
        """Note a sign of life; True when the agent was not known as present shortly before."""
        ...

    async def seen(self) -> tuple[tuple[Agent, datetime], ...]:
        """Everyone who showed life in the last day or so, with the moment of the last sign."""
        ...
