"""bot.app: what the agents' console has besides the desk itself, built for the web process."""

from __future__ import annotations

from fastapi import APIRouter

from bot.app.colleagues import build_transfers
from bot.app.ground import Ground
from bot.app.rooms import Rooms
from bot.desk_articles import DeskArticles
from bot.entry_files import EntryFiles
from handoff.adapters.canned_store import SqlCannedStore
from handoff.canned_replies import CannedReplies
from handoff.ports import Translates
from handoff.suggesting import Suggesting
from handoff.web.articles import build_articles_router
from handoff.web.canned import build_canned_router
from handoff.web.deliveries import build_deliveries_router
from handoff.web.files import build_files_router
from handoff.web.suggestions import build_suggestions_router
from handoff.web.transcript import build_transcript_router
from handoff.web.transfers import build_transfers_router
from handoff.web.translations import build_translations_router
from kit.markdown import to_html
from kit.web.pages import Pages
from staff.ports import Gate


def console_routers(
    ground: Ground,
    rooms: Rooms,
    pages: Pages,
    gate: Gate,
    *,
    articles: DeskArticles,
    files: EntryFiles,
    translator: Translates | None,
) -> list[APIRouter]:
    """The console's helpers and the pages they are kept on. `translator` where one is configured."""
    settings = ground.settings.handoff
    canned = CannedReplies(
        transactions=ground.database,
        store=SqlCannedStore(ground.database),
        audit=rooms.staff,
        settings=settings,
        clock=ground.clock,
        new_id=ground.new_id,
    )
    suggesting = Suggesting(conversations=rooms.conversations, articles=articles)
    transfers = build_transfers(ground, rooms)
    translating = []
    if translator is not None:
        translating.append(
            build_translations_router(
                pages=pages, translator=translator, agents=rooms.agents, gate=gate, sights=rooms.floor.sights
            )
        )
    return [
        *translating,
        build_canned_router(
            pages=pages, canned=canned, agents=rooms.agents, gate=gate, sights=rooms.floor.sights, settings=settings
        ),
        build_articles_router(suggesting=suggesting, gate=gate, to_html=to_html),
        build_deliveries_router(delivering=rooms.delivering, gate=gate),
        build_files_router(agents=rooms.agents, files=files, gate=gate, sights=rooms.floor.sights),
        build_suggestions_router(suggesting=suggesting, agents=rooms.agents, gate=gate, sights=rooms.floor.sights),
        build_transcript_router(agents=rooms.agents, gate=gate, sights=rooms.floor.sights, to_html=to_html),
        build_transfers_router(
            pages=pages,
            transfers=transfers,
            agents=rooms.agents,
            gate=gate,
            sights=rooms.floor.sights,
            settings=settings,
        ),
    ]
