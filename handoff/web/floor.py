"""handoff: `/floor`, the supervisors' wall, and `/ws/floor`, which tells it that there is something to read again."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request, Response, WebSocket
from pydantic import BaseModel, ConfigDict, Field

from handoff.contracts import ClockState
from handoff.floor import Floor
from handoff.settings import HandoffSettings
from handoff.sights import Sights
from handoff.supervision import Supervision
from handoff.web.agents import agent_of
from handoff.web.labels import CategoryLabel, Labels
from handoff.web.live import Console, LiveDesk
from handoff.web.rows import SEVERITIES
from kit.contracts import JsonValue
from kit.refusals import NotAllowed, NotSignedIn, Refusal
from kit.web.pages import NavItem, Pages
from kit.web.sockets import FrameSocket
from staff.contracts import Role
from staff.ports import Gate

PATH = "/floor"
NAV = (NavItem(href=PATH, text="handoff.floor.nav", icon="eye", roles=frozenset({Role.SUPERVISOR, Role.ADMIN})),)
SESSION_OVER, NOT_ALLOWED = 4401, 4403
LOOKS = {
    ClockState.LATE: "danger",
    ClockState.AT_RISK: "warn",
    ClockState.RUNNING: "",
    ClockState.PAUSED: "info",
}
"""How a clock's chip looks; a word always stands beside it."""


class BroadcastBody(BaseModel):
    """What everybody at the desk is told."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(max_length=20_000)


def build_floor_router(
    *,
    pages: Pages,
    floor: Floor,
    supervision: Supervision,
    live: LiveDesk,
    gate: Gate,
    sights: Sights,
    category_label: CategoryLabel,
    settings: HandoffSettings,
) -> APIRouter:
    """The wall, for supervisors."""
    router = APIRouter()

    async def shown(request: Request, template: str) -> Response:
        person = await gate.require(request, Role.SUPERVISOR)
        labels = Labels(pages.texts, pages.language(request), category_label=category_label, settings=settings)
        return pages.page(
            request,
            template,
            wall=await floor.wall(await sights.of(person.id, person.roles)),
            labels=labels,
            looks=LOOKS,
            severities=SEVERITIES,
            minutes=minutes_of,
            reply_limit=settings.reply_limit,
        )

    @router.get(PATH)
    async def page(request: Request) -> Response:
        return await shown(request, "handoff/floor.html")

    @router.get(f"{PATH}/board")
    async def board(request: Request) -> Response:
        return await shown(request, "handoff/board.html")

    @router.post(f"{PATH}/broadcast", response_model=None)
    async def broadcast(request: Request, body: BroadcastBody) -> dict[str, JsonValue]:
        person = await gate.require(request, Role.SUPERVISOR)
        return {"told": await supervision.broadcast(agent_of(person), body.text)}

    @router.websocket("/ws/floor")
    async def socket(websocket: WebSocket) -> None:
        try:
            person = await gate.require(websocket, Role.SUPERVISOR)
        except Refusal as refusal:
            await websocket.accept()
            await websocket.close(SESSION_OVER if isinstance(refusal, NotSignedIn) else NOT_ALLOWED)
            return
        async with FrameSocket(websocket, pages.texts) as frames:
            wall = Console(frames, agent_of(person), await sights.of(person.id, person.roles))
            await _serve(websocket, frames, wall, live=live, gate=gate)

    return router


async def _serve(websocket: WebSocket, frames: FrameSocket, wall: Console, *, live: LiveDesk, gate: Gate) -> None:
    """Watching is not being on duty: unlike the console, a wall shows no sign of life of anybody."""
    live.add(wall)
    try:
        while (frame := await frames.receive()) is not None:
            try:
                await gate.require(websocket, Role.SUPERVISOR)
            except NotSignedIn:
                frames.close(SESSION_OVER)
            except NotAllowed:
                frames.close(NOT_ALLOWED)
            else:
                frames.send({"t": "ready" if frame["t"] == "hello" else "pong"})
    finally:
        await live.remove(wall)


def minutes_of(length: timedelta) -> str:
    """A length of time, late or not, as `4:05` (minutes and seconds) or `2:04:05`."""
    seconds = abs(int(length.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes = f"{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
    return f"{hours}:{minutes}" if hours else minutes
