"""handoff: what one person may see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Which conversations a person sees."""

    OWN = "own"
    """What they hold, ended or are offered, and who waits for their departments."""
    TEAM = "team"
    """Everything of their departments, and their own."""
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The conversations one person may see; the stores turn it into the condition of every read."""

    account_id: str
    scope: Scope
    departments: frozenset[str] = frozenset()
    """Where they belong; empty: everywhere."""
    quiet: bool = False
    """Whether colleagues are not told that they look at a conversation somebody else holds."""

    @property
    def unlimited(self) -> bool:
        """Whether nothing is hidden, so that nothing need be looked up."""
        return self.scope is Scope.ALL or (self.scope is Scope.TEAM and not self.departments)

    def covers(self, department: str) -> bool:
        """Whether they belong to a department."""
        return self.scope is Scope.ALL or not self.departments or department in self.departments


EVERYTHING = Sight(account_id="", scope=Scope.ALL)
"""What the house itself sees."""
