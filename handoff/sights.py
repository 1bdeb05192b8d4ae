"""handoff: what a signed-in person may see, by role and by the departments on the team page."""

from __future__ import annotations

from handoff.contracts import Act, Sight
from handoff.duty_ports import TeamStore
from handoff.settings import HandoffSettings
from staff.contracts import Role

WIDEST = ("all", "team", "own")


class Sights:
    """Answers what somebody may see."""

    def __init__(self, *, profiles: TeamStore, settings: HandoffSettings) -> None:
        self._profiles, self._settings = profiles, settings.scopes
        self._looks_openly = Act.LOOK in settings.supervision.tell_agent

    async def of(self, account_id: str, roles: frozenset[Role], limits: frozenset[str] = frozenset()) -> Sight:
        """The sight of an account: the widest one of its roles; an administrator's is a supervisor's.

        A program has no row on the team page: `limits` are the departments its token names.
        """
        supervises = bool(roles & {Role.SUPERVISOR, Role.ADMIN})
        scopes = [self._settings.supervisor] if supervises else []
        if Role.AGENT in roles or not scopes:
            scopes.append(self._settings.agent)
        profile = (await self._profiles.all()).get(account_id)
        return Sight(
            account_id=account_id,
            scope=min(scopes, key=WIDEST.index),
            departments=profile.departments if profile is not None else limits,
            quiet=supervises and not self._looks_openly,
        )
