"""kit: what every answer and every request is held to: headers, origins, size and pace of bodies. Pure ASGI."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.contracts import JsonValue
from kit.faults import log_fault
from kit.texts import Texts
from kit.web.languages import language_of

BODY_LIMIT = 1024 * 1024
"""Largest request body in bytes."""
BODY_SECONDS = 30.0
"""Longest a client may take to send its body."""
DRAIN_FACTOR = 4
"""So many times the limit are read and thrown away before the connection is cut."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
log = structlog.get_logger(__name__)

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
}


class Security:
    """ASGI middleware; stands outside everything else.

    `embeddable` maps a path to the sites that may frame its page (the widget is shown on other sites), as
    `frame-ancestors` writes them; `shared` are paths of scripts that other sites load; `origins` are further origins
    that count as our own (`public_url` behind a proxy); `body_limits` maps path prefixes to limits other than
    `body_limit`.
    """

    def __init__(
        self,
        app: ASGIApp,
        texts: Texts,
        *,
        origins: Collection[str] = (),
        embeddable: Mapping[str, str] | None = None,
        shared: Collection[str] = (),
        body_limit: int = BODY_LIMIT,
        body_limits: Mapping[str, int] | None = None,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._app = app
        self._texts = texts
        self._origins = frozenset(origins)
        self._embeddable = {path: f"'self' {sites}" for path, sites in (embeddable or {}).items()}
        self._shared = frozenset(shared)
        self._body_limit = body_limit
        self._body_limits = dict(body_limits or {})
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the request, pass it on, dress the answer."""
        if scope["type"] == "websocket":
            if self._is_foreign(scope):
                await receive()
                await send({"type": "websocket.close", "code": 1008})  # before accept: the handshake gets a 403
                return
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = self._headers(scope)

        async def send_dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                for name, value in headers.items():
                    sent.setdefault(name, value)
            await send(message)

        async def refuse(status: int, code: str) -> None:
            """The envelope of kit/web/errors.py."""
            text = self._texts(f"refusal.{code}", language_of(HTTPConnection(scope)))
            envelope: dict[str, JsonValue] = {"error": {"code": code, "text": text, "field": None, "details": {}}}
            sent = [(b"content-type", b"application/json"), (b"connection", b"close")]
            await send_dressed({"type": "http.response.start", "status": status, "headers": sent})
            await send_dressed({"type": "http.response.body", "body": json.dumps(envelope).encode()})

        if scope["method"] not in SAFE_METHODS and self._is_foreign(scope):
            await refuse(403, "foreign_origin")
            return
        body = _Body(receive, send_dressed, limit=self._limit(scope["path"]), seconds=self._body_seconds)
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > body.limit:
            await body.drain()
            await refuse(413, "body_too_large")
            return
        try:
            await self._app(scope, body.receive, body.send)
        except Exception as error:  # noqa: BLE001 - goes no further: servers log messages, and those quote customers
            # A body cut short looks to the app as if the client went away; that is no fault of its own.
            if body.fault is None:
                log_fault(log, "web.crashed", error, path=scope["path"])
                body.fault = (500, "fault")
        if body.fault and not body.started:
            await refuse(*body.fault)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - as above
            log_fault(log, "web.socket_crashed", error, path=scope["path"])
            with contextlib.suppress(Exception):  # it may be closed already
                await send({"type": "websocket.close", "code": 1011})

    def _limit(self, path: str) -> int:
        return next((limit for prefix, limit in self._body_limits.items() if path.startswith(prefix)), self._body_limit)

    def _is_foreign(self, scope: Scope) -> bool:
        """Whether another site's page sent this. Programs send no Origin; they hold no cookies of ours either."""
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}
        # Only host and port are compared: behind a proxy that ends TLS the scheme seen here is another.
        return origin not in self._origins and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()

    def _headers(self, scope: Scope) -> dict[str, str]:
        path = scope["path"]
        ancestors = self._embeddable.get(path, "'self'")
        policy = {**POLICY, "frame-ancestors": ancestors}
        headers = {
            "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "cross-origin" if path in self._shared else "same-origin",
        }
        if path not in self._embeddable:
            headers["X-Frame-Options"] = "SAMEORIGIN"
        if scope.get("scheme") == "https":
            headers["Strict-Transport-Security"] = "max-age=31536000"
        return headers


class _Body:
    """Counts and times a request's body. Too large or too slow: the app hears a disconnect, `fault` says why."""

    def __init__(self, receive: Receive, send: Send, *, limit: int, seconds: float) -> None:
        self._receive, self._send, self._seconds = receive, send, seconds
        self.limit = limit
        self.fault: tuple[int, str] | None = None
        """Status and code of the refusal to send."""
        self.started = False
        """Whether the app's own answer is already on its way."""
        self._size = 0
        self._complete = False

    async def receive(self) -> Message:
        if self._complete:
            return await self._receive()
        if self.fault:
            return {"type": "http.disconnect"}
        try:
            async with asyncio.timeout(self._seconds):
                message = await self._receive()
        except TimeoutError:
            self.fault = (408, "body_too_slow")
            return {"type": "http.disconnect"}
        if message["type"] == "http.request":
            self._size += len(message.get("body", b""))
            self._complete = not message.get("more_body", False)
            if self._size > self.limit:
                self.fault = (413, "body_too_large")
                await self.drain()
                return {"type": "http.disconnect"}
        return message

    async def drain(self) -> None:
        """Read on a while for nothing: a client that is cut off while it writes never reads why."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._seconds):
                while not self._complete and self._size <= DRAIN_FACTOR * self.limit:
                    message = await self._receive()
                    self._size += len(message.get("body", b""))
                    self._complete = not message.get("more_body", False)

    async def send(self, message: Message) -> None:
        if self.fault is None or self.started:
            self.started = True
            await self._send(message)
