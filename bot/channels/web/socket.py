"""bot: a visitor's live socket. Frames in, frames out; what they mean is in `visits.py`.

A frame is acknowledged after the commit. When the store fails the connection is closed without a word: the window
keeps what was not acknowledged, comes back and sends it again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog
from fastapi import APIRouter, WebSocket

from bot.channels.identity import Identity, IdentityRefused
from bot.channels.web.rate import Rate
from bot.channels.web.visitors import Visitor, Visitors, VisitorUnknown
from bot.channels.web.visits import PART, Visits, is_number, language_in
from bot.contracts import Conversation, Owner
from bot.realtime import Hub, Listener
from kit.contracts import Language, Signals
from kit.refusals import Malformed, Refusal, TooMany
from kit.texts import Texts
from kit.web.sockets import Frame, FrameSocket

HELLO_SECONDS = 10.0
"""How long a connection may stay without saying who it is."""
PREVIEW_LIMIT = 500
"""Characters of what is being written that a representative is shown."""
TRY_AGAIN_LATER = 1013
NO_HELLO = 4408
"""Worth another try, as 408 is: on a bad network the first frame may come late."""
FRAMES_PER_MINUTE = 600
"""Frames of any kind from one connection; far above what typing, pressing and heartbeats make."""

log = structlog.get_logger("bot.widget")


def build_visitor_socket(
    *,
    visits: Visits,
    visitors: Visitors,
    hub: Hub,
    signals: Signals,
    texts: Texts,
    preview: bool = False,
    hello_seconds: float = HELLO_SECONDS,
) -> APIRouter:
    """The route `/ws/visitor`. `preview`: representatives see what is being written to them."""
    router = APIRouter()

    @router.websocket("/ws/visitor")
    async def visit(socket: WebSocket) -> None:
        async with FrameSocket(socket, texts) as frames:
            connection = _Connection(
                frames, visits=visits, visitors=visitors, hub=hub, signals=signals, preview=preview
            )
            await connection.serve(hello_seconds)

    return router


class _Connection:
    def __init__(
        self,
        frames: FrameSocket,
        *,
        visits: Visits,
        visitors: Visitors,
        hub: Hub,
        signals: Signals,
        preview: bool,
    ) -> None:
        self._preview = preview
        self._frames, self._visits, self._visitors, self._hub, self._signals = frames, visits, visitors, hub, signals
        self._rate = Rate(FRAMES_PER_MINUTE)
        self._visitor = ""
        self._language: Language | None = None
        self._conversation: Conversation | None = None
        self._listener: Listener | None = None
        self._window = contextlib.ExitStack()
        self._pump: asyncio.Task[None] | None = None
        self._order = asyncio.Lock()
        """Entries leave in the order of their numbers, also when the window says hello again meanwhile."""

    async def serve(self, hello_seconds: float) -> None:
        """Talk until one side goes."""
        try:
            async with asyncio.timeout(hello_seconds) as deadline:
                while not self._visitor:
                    frame = await self._frames.receive()
                    if frame is None:
                        return
                    await self._guarded(frame, self._handler(frame, known=False))
                deadline.reschedule(None)
                while (frame := await self._frames.receive()) is not None:
                    await self._guarded(frame, self._handler(frame, known=True))
        except TimeoutError:
            self._frames.close(NO_HELLO)
        finally:
            await self._shut()

    def _handler(self, frame: Frame, *, known: bool) -> Callable[[Frame], Awaitable[None]]:
        handlers: dict[str, Callable[[Frame], Awaitable[None]]] = {"hello": self._hello, "ping": self._ping}
        if known:
            handlers |= {"send": self._say, "press": self._say, "typing": self._typing, "seen": self._seen}
        handler = handlers.get(str(frame["t"]))
        return handler or self._unknown

    async def _guarded(self, frame: Frame, handle: Callable[[Frame], Awaitable[None]]) -> None:
        key = frame.get("key")
        try:
            self._rate.check("frames")
        except TooMany:
            self._frames.close(TRY_AGAIN_LATER)
            return
        try:
            await handle(frame)
        except Refusal as refusal:
            self._frames.refuse(refusal, key=key if isinstance(key, str) else None)
        except Exception as error:  # noqa: BLE001 - whatever the store's fault: no acknowledgement, and come again
            conversation = self._conversation.id if self._conversation else None
            log.warning("widget.interrupted", conversation=conversation, error=type(error).__name__)
            self._frames.close(TRY_AGAIN_LATER)

    async def _unknown(self, frame: Frame) -> None:
        allowed = "hello, send, press, typing, seen, ping" if self._visitor else "hello, ping"
        raise Malformed(field="t", details={"t": allowed})

    async def _ping(self, _: Frame) -> None:
        self._frames.send({"t": "pong"})

    async def _hello(self, frame: Frame) -> None:
        self._language = language_in(frame.get("language")) or self._language
        self._frames.language = self._language or self._frames.language
        token, after = frame.get("token"), frame.get("after", 0)
        if not isinstance(after, int) or not is_number(after):
            raise Malformed(field="after", details={"after": "the last number you have, or 0"})
        if not isinstance(token, str):
            raise VisitorUnknown(field="token")
        visitor = self._visitors.read(token)
        identity = self._identity(frame)
        conversation = await self._visits.open(visitor.id, self._language, identity)
        async with self._order:
            await self._show(visitor, conversation, after=after)

    def _identity(self, frame: Frame) -> Identity | None:
        """Who the shop says it is; a wrong signature is told, and the visitor goes on as a stranger."""
        try:
            return self._visits.identity(frame.get("identity"))
        except IdentityRefused as refusal:
            self._frames.refuse(refusal, key=None)
            return None

    async def _show(self, visitor: Visitor, conversation: Conversation, *, after: int) -> None:
        """Bring the window to `conversation`, from `after` on."""
        if self._conversation is None or self._conversation.id != conversation.id:
            if self._listener is not None:
                self._listener.tell()  # whoever waits for its news must turn to the new one
            self._window.close()
            self._listener = self._window.enter_context(self._hub.listening(conversation.id, seen=after))
        self._visitor, self._conversation = visitor.id, conversation
        ready: Frame = {
            "t": "ready",
            "conversation": conversation.id,
            "seq": conversation.last_seq,
            "state": await self._state(conversation),
        }
        if visitor.token is not None:
            ready["token"] = visitor.token
        self._frames.send(ready)
        if self._listener is not None:
            self._listener.seen = after
            self._listener.tell(entries=True)
        if self._pump is None:
            self._pump = asyncio.create_task(self._tell_news(), name="widget-news")

    async def _say(self, frame: Frame) -> None:
        if frame["t"] == "send" and "choice" in frame:
            raise Malformed(field="choice", details={"choice": "only in `press`"})
        if frame["t"] == "press" and "choice" not in frame:
            raise Malformed(field="choice", details={"choice": "the id of a choice"})
        received = await self._visits.say(self._visitor, frame, self._language)
        self._frames.send({"t": "ack", "key": frame["key"], "seq": received.seq})

    async def _typing(self, frame: Frame) -> None:
        if not isinstance(frame.get("on"), bool):
            raise Malformed(field="on", details={"on": "true or false"})
        if self._conversation is not None:
            body: Frame = {"typing": frame["on"], "who": "customer"}
            text = frame.get("text")
            # Only for a person who is speaking with them: nobody reads along while the bot answers.
            if self._preview and frame["on"] and isinstance(text, str) and self._conversation.owner is Owner.AGENT:
                body["text"] = text[:PREVIEW_LIMIT]
            await self._signals.publish(f"conversation:{self._conversation.id}", body)

    async def _seen(self, frame: Frame) -> None:
        upto, read = frame.get("upto"), frame.get("read")
        if not isinstance(upto, int) or not is_number(upto) or not isinstance(read, bool):
            raise Malformed(field="upto", details={"upto": "the last number you have", "read": "true or false"})
        if self._listener is not None:
            # No window has more than it was sent.
            upto = min(upto, self._listener.seen)
            await self._visits.receipts.seen(self._listener.conversation_id, upto=upto, read=read)

    async def _tell_news(self) -> None:
        """Send what the hub tells of, until the window is gone or the store fails."""
        try:
            while self._listener is not None:
                listener = self._listener
                news = await listener.next()
                if listener is not self._listener:
                    continue  # the window shows another visitor by now
                if news.entries:
                    await self._send_entries(listener)
                if news.state:
                    await self._send_state(listener)
                for who, on in news.typing:
                    if who != "customer":
                        self._frames.send({"t": "typing", "who": who, "on": on})
        except Exception as error:  # noqa: BLE001 - the window comes back and reads on where it stood
            log.warning("widget.interrupted", error=type(error).__name__)
            self._frames.close(TRY_AGAIN_LATER)

    async def _send_entries(self, listener: Listener) -> None:
        while True:
            async with self._order:
                part = await self._visits.entries(listener.conversation_id, after=listener.seen)
                if part is None or not self._frames.send({"t": "entries", **part}):
                    return
                before, listener.seen = listener.seen, int(str(part["upto"]))
                # Numbers have no gaps: fewer than a whole part were all there were. What comes later is told of.
                if listener.seen - before < PART:
                    return

    async def _send_state(self, listener: Listener) -> None:
        conversation = await self._visits.reads.find(listener.conversation_id)
        if conversation is not None:
            self._conversation = conversation
            self._frames.send({"t": "state", **await self._state(conversation)})

    async def _state(self, conversation: Conversation) -> Frame:
        if self._listener is not None:
            self._listener.epoch = conversation.epoch
            self._listener.waits = conversation.owner is Owner.QUEUE
        return await self._visits.state(conversation)

    async def _shut(self) -> None:
        self._window.close()
        if self._pump is not None:
            self._pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._pump
