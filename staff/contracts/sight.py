"""staff: what one person may see of conversations and cases; each room turns it into the condition of its reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Which conversations and cases a person sees."""

    OWN = "own"
    """What is theirs (held, offered, opened), and what waits for their departments and has nobody yet."""
    TEAM = "team"
    """Everything of their departments, and their own."""
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one person may see; the stores turn it into the condition of every read."""

    account_id: str
    scope: Scope
    departments: frozenset[str] = frozenset()
    """Where they belong; empty: everywhere."""
    quiet: bool = False
    """Whether colleagues are not told that they look at a conversation somebody else holds."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is hidden from them."""
        return self.scope is Scope.ALL or (self.scope is Scope.TEAM and not self.departments)

    def covers(self, department: str) -> bool:
        """Whether they belong to a department."""
        return self.scope is Scope.ALL or not self.departments or department in self.departments


EVERYTHING = Sight(account_id="", scope=Scope.ALL)
"""What the house itself sees."""
