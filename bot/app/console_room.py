"""bot.app: what the agents' console has besides the desk itself, built for the web process."""

from __future__ import annotations

from fastapi import APIRouter

from bot.app.ground import Ground
from bot.app.rooms import Rooms
from handoff.adapters.canned_store import SqlCannedStore
from handoff.canned_replies import CannedReplies
from handoff.web.canned import build_canned_router
from kit.web.pages import Pages
from staff.ports import Gate


def console_routers(ground: Ground, rooms: Rooms, pages: Pages, gate: Gate) -> list[APIRouter]:
    """The console's helpers and the pages they are kept on."""
    settings = ground.settings.handoff
    canned = CannedReplies(
        transactions=ground.database,
        store=SqlCannedStore(ground.database),
        audit=rooms.staff,
        settings=settings,
        clock=ground.clock,
        new_id=ground.new_id,
    )
    return [build_canned_router(pages=pages, canned=canned, agents=rooms.agents, gate=gate, settings=settings)]
