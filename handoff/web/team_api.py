"""handoff: what each representative takes, for programs, below `/api/v1/team`; people do it on the page `/team`."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from handoff.contracts import AgentProfile
from handoff.team import MOST, Team
from kit.contracts import Language
from kit.refusals import NotFound
from staff.contracts import Account, Role
from staff.ports import Gate

AccountId = Annotated[str, Path(max_length=40)]
Number = Annotated[int, Field(ge=0, le=MOST)]
Day = Annotated[str, Field(max_length=40)]


class ProfileBody(BaseModel):
    """What a representative takes. Empty lists mean everything."""

    model_config = ConfigDict(extra="forbid")
    departments: set[str] = Field(default=set(), description="Names from `handoff.departments`.")
    languages: set[Language] = set()
    skills: set[str] = Field(default=set(), description="Names from `handoff.skills`.")
    capacity: Number | None = Field(
        default=None,
        description="Conversations at the same time; null: `handoff.routing.capacity`, 0: none is offered.",
    )
    channel_capacity: dict[str, Number] = Field(
        default={}, description="How many of these may be of one channel, by its name; others are not limited."
    )
    shifts: list[Day] = Field(
        default=[""] * 7, min_length=7, max_length=7, description='Shift of each weekday, Monday first; "": a day off.'
    )

    def profile(self, account_id: str) -> AgentProfile:
        """The same as the desk stores it."""
        return AgentProfile(
            account_id=account_id,
            departments=frozenset(self.departments),
            languages=frozenset(self.languages),
            skills=frozenset(self.skills),
            capacity=self.capacity,
            channel_capacity=tuple(sorted(self.channel_capacity.items())),
            shifts=tuple(self.shifts),
        )


class MemberBody(ProfileBody):
    """A representative, and what they take."""

    id: str
    name: str = Field(description="As customers and colleagues read it.")

    @classmethod
    def of(cls, account: Account, profile: AgentProfile) -> Self:
        """The body of one member."""
        return cls(
            id=account.id,
            name=account.display_name,
            departments=set(profile.departments),
            languages=set(profile.languages),
            skills=set(profile.skills),
            capacity=profile.capacity,
            channel_capacity=dict(profile.channel_capacity),
            shifts=list(profile.shifts),
        )


def build_team_api(*, team: Team, gate: Gate) -> APIRouter:
    """Two routes, for supervisors and for programs whose scopes allow it."""
    router = APIRouter(prefix="/api/v1/team", tags=["team"])

    @router.get("")
    async def list_team(request: Request) -> list[MemberBody]:
        """Everyone who works at the desk, by name, and what each of them takes."""
        await gate.require(request, Role.SUPERVISOR)
        return [MemberBody.of(account, profile) for account, profile in await team.members()]

    @router.put("/{account_id}")
    async def save_member(request: Request, account_id: AccountId, body: ProfileBody) -> MemberBody:
        """Say what a representative takes, from the next offer on; what is left out is as if nothing were chosen."""
        by = await gate.require(request, Role.SUPERVISOR)
        account = next((account for account, _ in await team.members() if account.id == account_id), None)
        if account is None:
            raise NotFound
        profile = body.profile(account_id)
        await team.save_profile(profile, by=by.id)
        return MemberBody.of(account, profile)

    return router
