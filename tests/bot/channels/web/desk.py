"""tests: the website's channel as `bot/app.py` builds it, over a real inbox, with a scripted desk behind it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bot.adapters.channel_reads import SqlChannelReads
from bot.adapters.file_store import SqlFileStore
from bot.adapters.receipt_store import SqlReceiptStore
from bot.channels.identity import Signed
from bot.channels.web.api import build_visitor_api
from bot.channels.web.pages import SHARED, WidgetPages, build_widget_pages, embeddable
from bot.channels.web.rate import Rate
from bot.channels.web.socket import build_visitor_socket
from bot.channels.web.visitors import Visitors
from bot.channels.web.visits import CHANNEL, Visits
from bot.contracts import Entry, EntryKind, NewEntry, Owner
from bot.entry_files import EntryFiles
from bot.realtime import Hub
from bot.receipts import Receipts
from bot.settings.channels import WidgetSettings
from bot.settings.conversation import ShopSettings
from handoff.contracts import QueuePlace, WaitRange
from kit.contracts import JsonValue, Language
from kit.ids import new_id
from kit.markdown import to_html
from kit.rooms import static_folders, template_folders
from kit.web.application import build_application
from kit.web.pages import Pages
from kit.web.settings import WebSettings
from tests.bot.support.desk import Parts
from tests.support.clock import START
from tests.support.identities import SHOP_SECRET, build_identities
from tests.support.serving import serving
from tests.support.staff import ScriptedStaff
from tests.support.wait import until

SECRET = "the desk's own secret"
AGENT = "01JD6Y3Z2W9K4V7T8N5R1QAGNT"

Json = dict[str, Any]


@dataclass
class ScriptedQueue:
    """What customers may see of the live desk, as the test says."""

    ahead: int | None = None
    on_duty: int = 2
    open_now: bool = True
    opens_at: datetime | None = None
    wait: WaitRange | None = None

    async def place(self, conversation_id: str) -> QueuePlace | None:
        return None if self.ahead is None else self._place(self.ahead)

    async def outlook(self, at: datetime) -> QueuePlace:
        return self._place(0)

    def _place(self, ahead: int) -> QueuePlace:
        return QueuePlace(
            ahead=ahead,
            waiting_since=START,
            agents_on_duty=self.on_duty,
            open_now=self.open_now,
            opens_at=self.opens_at,
            wait=self.wait,
        )


async def name_of(account_id: str) -> str:
    """The agent's name."""
    return "林静" if account_id == AGENT else "?"


@dataclass(kw_only=True)
class WebDesk:
    """`async with` serves it; `url` is its address."""

    parts: Parts
    queue: ScriptedQueue = field(default_factory=ScriptedQueue)
    messages_per_minute: int = 600
    inbox: Any = None
    reads: Any = None
    hello_seconds: float = 10.0
    web: WebSettings = field(default_factory=WebSettings)
    widget: WidgetSettings = field(default_factory=WidgetSettings)
    wire_down_seconds: float = 0.05
    heal_seconds: float = 60.0
    url: str = ""
    staff: ScriptedStaff = field(default_factory=ScriptedStaff)
    sockets: bool = True
    """Whether the network lets sockets through."""

    def __post_init__(self) -> None:
        parts = self.parts
        self.hub = Hub(
            parts.signals,
            SqlChannelReads(parts.database),
            wire_down_seconds=self.wire_down_seconds,
            heal_seconds=self.heal_seconds,
        )
        self.receipts = SqlReceiptStore(parts.database, pushing=())
        self.visitors = Visitors(SECRET, days=30, clock=parts.clock, new_id=new_id)
        self.visits = Visits(
            inbox=self.inbox or parts.inbox,
            reads=self.reads or parts.store,
            queue=self.queue,
            names=name_of,
            clock=parts.clock,
            rate=Rate(self.messages_per_minute),
            to_html=to_html,
            files=EntryFiles(
                store=parts.store,
                files=SqlFileStore(parts.database),
                fetchers={},
                transactions=parts.database,
                settings=parts.settings.files,
                clock=parts.clock,
            ),
            receipts=Receipts(store=self.receipts, transactions=parts.database, signals=parts.signals),
            signed=Signed(secret=SHOP_SECRET, clock=parts.clock),
            identifies=build_identities(parts.database, parts.signals, parts.clock, self.staff),
            case_page="/c/mine/{}".format,
        )
        pages = Pages(parts.texts, template_folders())
        self.app = build_application(
            pages,
            [
                build_visitor_api(visits=self.visits, visitors=self.visitors, hub=self.hub),
                build_visitor_socket(
                    visits=self.visits,
                    visitors=self.visitors,
                    hub=self.hub,
                    signals=parts.signals,
                    texts=parts.texts,
                    preview=self.widget.typing_preview,
                    hello_seconds=self.hello_seconds,
                ),
                build_widget_pages(
                    WidgetPages(
                        pages=pages,
                        shop=ShopSettings(),
                        text_limit=2000,
                        file_limit_mib=10,
                        preview=self.widget.typing_preview,
                    )
                ),
            ],
            self.web,
            static=static_folders(),
            embeddable=embeddable(self.widget),
            shared=SHARED,
        )

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Serve the desk."""
        app = self.app if self.sockets else without_sockets(self.app)
        async with self.hub, serving(app) as self.url:
            yield self

    def token(self) -> str:
        """The token of a new visitor."""
        return self.visitors.new()

    @contextlib.asynccontextmanager
    async def socket(self, **headers: str) -> AsyncIterator[Socket]:
        """An open socket that has said nothing yet."""
        address = self.url.replace("http", "ws", 1) + "/ws/visitor"
        async with connect(address, additional_headers=headers, compression=None) as connection:
            yield Socket(connection)

    @contextlib.asynccontextmanager
    async def visit(self, token: str, *, after: int = 0, language: str = "zh") -> AsyncIterator[Socket]:
        """A socket that has been welcomed."""
        async with self.socket() as socket:
            await socket.hello(token, after=after, language=language)
            yield socket

    async def conversation_of(self, token: str) -> str:
        """The id of a visitor's conversation."""
        home = await self.parts.store.find_at(CHANNEL, self.visitors.read(token).id)
        assert home is not None
        return home.id

    async def write(
        self,
        token: str,
        text: str,
        *,
        kind: EntryKind = EntryKind.BOT,
        author: str = "",
        payload: dict[str, JsonValue] | None = None,
        tell: bool = True,
    ) -> Entry:
        """The house writes a line; `tell` announces it on the wire."""
        conversation = await self.conversation_of(token)
        new = NewEntry(
            kind=kind,
            key=f"turn:{self.parts.next_key()}",
            text=text,
            language=Language.ZH,
            author=author,
            payload=payload or {},
        )
        [entry] = await self.parts.database.write(
            lambda tx: self.parts.store.append(tx, conversation, [new], at=self.parts.clock())
        )
        if tell:
            await self.parts.signals.publish(f"conversation:{conversation}", {"seq": entry.seq})
        return entry

    async def own(self, token: str, owner: Owner, *, agent_id: str | None = None) -> None:
        """Change who speaks for the house, and say so."""
        conversation = await self.conversation_of(token)
        await self.parts.database.write(
            lambda tx: self.parts.store.set_owner(
                tx, conversation, owner=owner, agent_id=agent_id, at=self.parts.clock()
            )
        )
        await self.parts.signals.publish(f"conversation:{conversation}", {"state": True})

    def client(self, token: str = "") -> httpx.AsyncClient:
        """A client without sockets."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(base_url=self.url, headers=headers)


def without_sockets(app: ASGIApp) -> ASGIApp:
    """`app` behind a proxy that refuses every WebSocket."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        await app(scope, receive, send)

    return guarded


class Socket:
    """A visitor's end of the socket, which remembers everything it got."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.frames: list[Json] = []
        self.closed: int | None = None

    async def send(self, frame: Json | str) -> None:
        await self.connection.send(frame if isinstance(frame, str) else json.dumps(frame))

    async def hello(self, token: str, *, after: int = 0, language: str = "zh") -> Json:
        await self.send({"t": "hello", "token": token, "after": after, "language": language})
        return await self.next("ready")

    async def next(self, kind: str) -> Json:
        """The next frame of type `kind` that has not been looked at; others are remembered and passed over."""
        while True:
            frame = await self.receive()
            if frame["t"] == kind:
                return frame

    async def receive(self) -> Json:
        async with asyncio.timeout(15):
            return self.read(await self.connection.recv())

    def read(self, data: str | bytes) -> Json:
        """Remember a frame that came."""
        frame: Json = json.loads(data)
        self.frames.append(frame)
        return frame

    async def close_code(self) -> int:
        """Wait until the other side closes."""
        async with asyncio.timeout(15):
            while True:
                try:
                    await self.receive()
                except ConnectionClosed as closed:
                    return closed.rcvd.code if closed.rcvd else 1006

    async def say(self, key: str, text: str) -> Json:
        await self.send({"t": "send", "key": key, "text": text})
        return await self.next("ack")

    async def until_entry(self, text: str) -> Json:
        """Read on until an entry says `text`."""
        while True:
            for frame in self.frames:
                for entry in frame.get("entries", []):
                    if entry["text"] == text:
                        found: Json = entry
                        return found
            await self.receive()

    def shown(self) -> list[Json]:
        """Every entry that came, in the order of arrival."""
        return [entry for frame in self.frames for entry in frame.get("entries", [])]


async def stored(desk: WebDesk, token: str) -> list[str]:
    """The texts of a transcript."""
    entries = await desk.parts.store.entries(await desk.conversation_of(token))
    return [entry.text for entry in entries if entry.kind is not EntryKind.EVENT]


async def windows(desk: WebDesk, count: int) -> None:
    """Wait until that many windows are open."""
    await until(lambda: desk.hub.open == count)
