"""handoff: `/team`, where supervisors say what each representative takes."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from handoff.contracts import AgentProfile
from handoff.settings import HandoffSettings, Shift
from handoff.team import MOST, Team
from handoff.web.labels import channel_label
from kit.contracts import Language
from kit.refusals import Malformed, NotFound, Refusal
from kit.web.pages import NavItem, Pages
from staff.contracts import Role
from staff.ports import Gate

PATH = "/team"
NAV = (NavItem(href=PATH, text="handoff.team.nav", icon="people", roles=frozenset({Role.SUPERVISOR, Role.ADMIN})),)
AccountId = Annotated[str, Path(max_length=40)]


def build_team_router(*, pages: Pages, team: Team, gate: Gate, settings: HandoffSettings) -> APIRouter:
    """`/team` and what is below it."""
    router = APIRouter(prefix=PATH)

    async def page(request: Request, *, refusal: Refusal | None = None, open_id: str = "", saved: str = "") -> Response:
        language = pages.language(request)
        members = await team.members()
        return pages.page(
            request,
            "handoff/team.html",
            status=refusal.status if refusal else HTTPStatus.OK,
            members=members,
            channel_capacity={account.id: dict(profile.channel_capacity) for account, profile in members},
            departments=[(one.name, one.label(language)) for one in settings.departments],
            skills=[(one.name, one.label(language)) for one in settings.skills],
            languages=list(Language),
            shifts=[(one.name, shift_label(one, settings, language), one.department) for one in settings.shifts],
            channels=[(one, channel_label(one, pages.texts, language)) for one in team.channels],
            capacity=settings.routing.capacity,
            most=MOST,
            refusal=refusal,
            open_id=open_id,
            saved=saved,
        )

    @router.get("")
    async def show(request: Request, saved: str = "") -> Response:
        await gate.require(request, Role.SUPERVISOR)
        return await page(request, saved=saved)

    @router.post("/{account_id}")
    async def save(request: Request, account_id: AccountId) -> Response:
        supervisor = await gate.require(request, Role.SUPERVISOR)
        if account_id not in {account.id for account, _ in await team.members()}:
            raise NotFound
        try:
            await team.save_profile(profile_in(await request.form(), account_id, team.channels), by=supervisor.id)
        except Refusal as refusal:
            return await page(request, refusal=refusal, open_id=account_id)
        return RedirectResponse(f"{PATH}?saved={account_id}", HTTPStatus.SEE_OTHER)

    return router


def shift_label(shift: Shift, settings: HandoffSettings, language: Language) -> str:
    """A shift with its slots, and whose it is where it is one department's."""
    whose = [settings.department_label(shift.department, language)] if shift.department is not None else []
    return " · ".join([*whose, shift.label(language), *shift.slots])


def profile_in(form: FormData, account_id: str, channels: Sequence[str]) -> AgentProfile:
    """What was chosen. Raises Malformed for a language nobody offered."""
    languages = frozenset(map(str, form.getlist("languages")))
    if not languages <= set(Language):
        raise Malformed(field="languages", details={"languages": ", ".join(Language)})
    of_channel = {channel: number_of(str(form.get(f"capacity_{channel}", ""))) for channel in channels}
    return AgentProfile(
        account_id=account_id,
        departments=frozenset(map(str, form.getlist("departments"))),
        languages=frozenset(map(Language, languages)),
        skills=frozenset(map(str, form.getlist("skills"))),
        capacity=number_of(str(form.get("capacity", ""))),
        channel_capacity=tuple((channel, number) for channel, number in of_channel.items() if number is not None),
        shifts=tuple(str(form.get(f"shift_{weekday}", "")) for weekday in range(7)),
    )


def number_of(typed: str) -> int | None:
    """A number somebody typed; None for an empty field, -1 (which nothing allows) for what is no number."""
    text = typed.strip()
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() else -1
