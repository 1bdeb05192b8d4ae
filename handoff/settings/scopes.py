"""handoff: the settings of what each role may see."""

from __future__ import annotations

from pydantic import Field

from handoff.contracts import Scope
from kit.settings import Settings


class ScopeSettings(Settings):
    """Which conversations a role sees. Nobody's departments are set up at first, and then everybody belongs to all."""

    agent: Scope = Field(
        Scope.TEAM,
        description="Of representatives: own (what they hold, held or are offered, and who waits for their "
        "departments), team (everything of their departments, and their own), all.",
    )
    supervisor: Scope = Field(Scope.ALL, description="The same of supervisors.")
    contacts_shown_to: tuple[str, ...] = Field(
        ("supervisor",),
        description="Roles that see phone numbers and addresses in full; others see them masked and may reveal each, "
        "which is noted in the audit trail.",
    )
