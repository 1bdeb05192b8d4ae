"""bot: who may be responsible for a case; implements `cases.ports.Colleagues` over the desk's team."""

from __future__ import annotations

from typing import Protocol

from cases.contracts import Colleague
from handoff.contracts import AgentProfile
from staff.contracts import Account


class Members(Protocol):
    """Everybody who works at the desk, by name, with where they belong."""

    async def members(self) -> tuple[tuple[Account, AgentProfile], ...]: ...


class DeskColleagues:
    """The colleagues of the desk."""

    def __init__(self, team: Members) -> None:
        self._team = team

    async def all(self) -> tuple[Colleague, ...]:
        return tuple(
            Colleague(id=account.id, name=account.display_name, departments=profile.departments)
            for account, profile in await self._team.members()
        )
