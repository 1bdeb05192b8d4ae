"""tests: the console as an application of real parts, over the desk of tests/handoff, with agents who are signed in."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import websockets
from starlette.types import ASGIApp

from cases.settings import CaseSettings
from handoff.contracts import Agent
from handoff.ports import Translates
from handoff.settings import HandoffSettings, TranslatorSettings
from handoff.settings.hours import WeeklyHours
from handoff.suggesting import Suggesting
from handoff.web.articles import build_articles_router
from handoff.web.canned import build_canned_router
from handoff.web.console import NAV, build_console_router
from handoff.web.deliveries import build_deliveries_router
from handoff.web.files import build_files_router
from handoff.web.live import LiveDesk
from handoff.web.suggestions import build_suggestions_router
from handoff.web.transcript import build_transcript_router
from handoff.web.transfers import build_transfers_router
from handoff.web.translations import build_translations_router
from kit.contracts import Clock, Language, Signals
from kit.markdown import to_html
from kit.rooms import template_folders
from kit.signals import MemorySignals
from kit.sql import Database
from kit.texts import Texts
from kit.web.pages import Pages
from staff.adapters.build import build_staff
from staff.contracts import Role
from staff.service import Staff
from staff.settings import StaffSettings
from staff.web.gate import CookieGate
from tests.handoff.house import House, build_house
from tests.support import web
from tests.support.clock import MovableClock

ALWAYS_OPEN = HandoffSettings(
    start_grace_seconds=0, hours=WeeklyHours(**dict.fromkeys(WeeklyHours.model_fields, ("00:00-24:00",)))
)
"""For desks that run by the clock on the wall: at night promises would stand still and the tests with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleHouse:
    """The console, the desk under it and the staff who work at it."""

    desk: House
    live: LiveDesk
    app: ASGIApp
    staff: Staff
    web: web.House

    async def agent(self, name: str = "mei", *roles: Role, language: Language = Language.EN) -> Agent:
        """A new account that works at the desk."""
        account_id = await self.web.add(name, *(roles or (Role.AGENT,)), language=language)
        return Agent(id=account_id, name=name.title())

    @contextlib.asynccontextmanager
    async def signed_in(self, name: str = "mei", *, html: bool = False) -> AsyncIterator[httpx.AsyncClient]:
        """A client that `name` is signed in with."""
        async with self.web.client(html=html) as client:
            await web.sign_in(client, name)
            yield client


async def build_console(
    database: Database,
    texts: Texts,
    clock: MovableClock,
    *,
    signals: Signals | None = None,
    real_clock: Clock | None = None,
    undo_seconds: int = 0,
    desk_settings: HandoffSettings | None = None,
    translator: Translates | None = None,
) -> ConsoleHouse:
    """The console as `bot/app.py` builds it, with conversations of the stand-in. `live` is not running yet.

    Replies leave at once unless said otherwise: a test need not wait for what nobody takes back.
    """
    wire = signals or MemorySignals()
    desk = await build_house(database, clock, settings=desk_settings, signals=wire)
    live = LiveDesk(desk.agents, desk.delivering, wire, render=to_html)
    settings = StaffSettings()
    staff = build_staff(database, settings, clock=real_clock or clock, hasher=web.cheap_hasher())
    desk.staff.source = staff
    pages = Pages(texts, template_folders(), nav=NAV)
    gate = CookieGate(staff, days=settings.session_days)
    canned = build_canned_router(
        pages=pages, canned=desk.canned, agents=desk.agents, gate=gate, sights=desk.sights, settings=HandoffSettings()
    )
    suggestions = build_suggestions_router(
        suggesting=Suggesting(conversations=desk.conversations, articles=desk.articles),
        agents=desk.agents,
        gate=gate,
        sights=desk.sights,
    )
    looking_up = build_articles_router(
        suggesting=Suggesting(conversations=desk.conversations, articles=desk.articles), gate=gate, to_html=to_html
    )
    files = build_files_router(agents=desk.agents, files=desk.attachments, gate=gate, sights=desk.sights)
    again = build_deliveries_router(delivering=desk.delivering, gate=gate)
    transcript = build_transcript_router(agents=desk.agents, gate=gate, sights=desk.sights, to_html=to_html)
    giving = build_transfers_router(
        pages=pages,
        transfers=desk.transfers,
        agents=desk.agents,
        gate=gate,
        sights=desk.sights,
        settings=HandoffSettings(),
    )
    router = build_console_router(
        pages=pages,
        agents=desk.agents,
        mentions=desk.mentions,
        live=live,
        gate=gate,
        category_label=CaseSettings().label,
        settings=HandoffSettings(
            undo_seconds=undo_seconds,
            translator=TranslatorSettings(url="https://translator.test" if translator is not None else ""),
        ),
        team=desk.team,
        duty=desk.duty,
        dispatcher=desk.dispatcher,
        tagging=desk.tagging,
        snoozing=desk.snoozing,
        reading=desk.reading,
        invitations=desk.invitations,
        supervision=desk.supervision,
        notices=desk.notices,
        levels=desk.levels,
        floor=desk.floor,
        sights=desk.sights,
        records=desk.records,
        clock=clock,
        files=desk.attachments,
        file_limit_mib=1,
    )
    translating = (
        [
            build_translations_router(
                pages=pages, translator=translator, agents=desk.agents, gate=gate, sights=desk.sights
            )
        ]
        if translator is not None
        else []
    )
    house = web.build_house(
        database,
        texts,
        clock=real_clock or clock,
        routers=[router, canned, suggestions, looking_up, files, again, transcript, giving, *translating],
        nav=NAV,
    )
    return ConsoleHouse(desk=desk, live=live, app=house.app, staff=house.staff, web=house)


class Desktop:
    """One agent's socket, as the console holds it."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        self.connection = connection
        self.passed: list[dict[str, Any]] = []

    async def say(self, kind: str, **fields: Any) -> None:
        """Send a frame."""
        await self.connection.send(json.dumps({"t": kind, **fields}))

    async def hear(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next frame of this kind with these fields; others on the way are kept in `passed`."""
        while True:
            frame: dict[str, Any] = json.loads(await self.connection.recv())
            if frame["t"] == kind and all(frame.get(name) == value for name, value in fields.items()):
                return frame
            self.passed.append(frame)


@contextlib.asynccontextmanager
async def desktop(address: str, client: httpx.AsyncClient, *, hello: bool = True) -> AsyncIterator[Desktop]:
    """A socket of whoever is signed in with `client`."""
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items()), "Origin": address}
    url = address.replace("http", "ws") + "/ws/desk"
    async with websockets.connect(url, additional_headers=headers, compression=None) as connection:
        seat = Desktop(connection)
        if hello:
            await seat.say("hello")
            await seat.hear("ready")
        yield seat
