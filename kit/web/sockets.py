"""kit: one live socket on the server's side: JSON text frames in, a bounded queue out.

A client that stops reading is closed instead of holding up whoever sends to it; a frame that is not of the
documented form is refused and the connection stays (docs/protocol.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from types import TracebackType
from typing import Self

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from kit.contracts import JsonValue
from kit.refusals import Malformed, Refusal
from kit.texts import Texts
from kit.web.errors import error_body
from kit.web.languages import language_of

QUEUE_LIMIT = 256
"""Frames a client may have unread."""
FRAME_BYTES = 64 * 1024
"""Largest frame taken; uvicorn closes larger ones with 1009 (`ws_max_size`)."""
FAREWELL_SECONDS = 2.0
TRY_AGAIN_LATER = 1013
TOO_BIG = 1009

Frame = dict[str, JsonValue]


class FrameSocket:
    """`async with FrameSocket(...) as socket:` accepts the connection; leaving it closes."""

    def __init__(self, socket: WebSocket, texts: Texts, *, queue_limit: int = QUEUE_LIMIT) -> None:
        self._socket = socket
        self._texts = texts
        self.language = language_of(socket)
        self._queue: asyncio.Queue[str] = asyncio.Queue(queue_limit)
        self._writer: asyncio.Task[None] | None = None
        self._closed = asyncio.Event()
        self._code = 1000
        self._reading: asyncio.Timeout | None = None

    async def __aenter__(self) -> Self:
        await self._socket.accept()
        self._writer = asyncio.create_task(self._write_forever(), name="socket-writer")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        if self._writer is not None:
            if kind is None and not self._closed.is_set():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(FAREWELL_SECONDS):  # what was sent last may still leave
                        await self._queue.join()
            self._writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._writer
        if self._socket.client_state is WebSocketState.CONNECTED:
            # A client that does not read cannot take the close frame either; the server drops it when this returns.
            with contextlib.suppress(RuntimeError, OSError, WebSocketDisconnect, TimeoutError):
                async with asyncio.timeout(FAREWELL_SECONDS):
                    await self._socket.close(1011 if kind not in {None, asyncio.CancelledError} else self._code)

    def send(self, frame: Frame) -> bool:
        """Queue `frame`; False when the client is gone or has stopped reading (it is then closed with 1013)."""
        if self._closed.is_set():
            return False
        try:
            self._queue.put_nowait(json.dumps(frame, ensure_ascii=True, separators=(",", ":")))
        except asyncio.QueueFull:
            self.close(TRY_AGAIN_LATER)
            return False
        return True

    def refuse(self, refusal: Refusal, *, key: str | None = None) -> bool:
        """Send a `refused` frame; `key` is the refused frame's own."""
        return self.send({"t": "refused", "key": key, **error_body(refusal, self._texts, self.language)})

    def close(self, code: int = 1000) -> None:
        """End the connection: `receive` returns None, `send` returns False."""
        self._code = code
        self._end()

    async def receive(self) -> Frame | None:
        """The next frame that is a JSON object with a text `t`; None when the connection is over.

        Anything else is answered with `refused` (code `malformed`) and passed over.
        """
        while True:
            text = await self._receive_text()
            if text is None:
                return None
            if len(text) > FRAME_BYTES:
                self.close(TOO_BIG)
                return None
            try:
                frame = json.loads(text)
            except (ValueError, RecursionError):
                frame = None
            if isinstance(frame, dict) and isinstance(frame.get("t"), str):
                return frame
            self.refuse(Malformed(details={"t": "a frame is one JSON object with a text field t"}))

    async def _receive_text(self) -> str | None:
        if self._closed.is_set():
            return None  # what came in before the client heard of the end is not taken any more
        try:
            # No task of its own for each frame: thousands of windows give a sign of life every ten seconds.
            async with asyncio.timeout(None) as self._reading:
                message = await self._socket.receive()
        except TimeoutError:
            return None  # `_end` broke it off
        except (RuntimeError, OSError, WebSocketDisconnect):
            message = {"type": "websocket.disconnect"}
        finally:
            self._reading = None
        if message["type"] != "websocket.receive":
            self._end()
            return None
        text = message.get("text")
        return text if isinstance(text, str) else ""  # a binary frame is not of the documented form

    def _end(self) -> None:
        """Nothing is sent or taken any more; whoever waits for a frame waits no longer."""
        if self._reading is not None and not self._closed.is_set():
            self._reading.reschedule(asyncio.get_running_loop().time())
        self._closed.set()

    async def _write_forever(self) -> None:
        while True:
            text = await self._queue.get()
            try:
                await self._socket.send_text(text)
            except (RuntimeError, OSError, WebSocketDisconnect):
                self._end()
            finally:
                self._queue.task_done()
