"""tests: a page with the conversation elements and a scripted desk behind its socket, which drops what it is told to.

The desk keeps the protocol of docs/protocol.md for visitors: numbered entries, one entry a key, `hello` with the last
number seen. What real rooms do with it is theirs to test; here the browser's half is on trial.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response, WebSocket

from kit.contracts import JsonValue
from kit.refusals import Conflict
from kit.texts import Texts
from kit.web.pages import Pages, json_block
from kit.web.sockets import Frame, FrameSocket

PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>probe</title>
<link rel="icon" href="/static/kit/icon.svg">
<link rel="stylesheet" href="/static/kit/tokens.css"><link rel="stylesheet" href="/static/kit/desk.css">
<link rel="stylesheet" href="/static/kit/chat.css"><link rel="stylesheet" href="/probe.css">
<script type="module" src="/probe.js"></script></head>
<body><h1 class="visually-hidden">probe</h1><p id="state" role="status"></p>
<chat-thread perspective="{perspective}"></chat-thread><chat-composer></chat-composer>{texts}</body></html>"""

STYLE = "body{display:grid;grid-template-rows:auto 1fr auto;height:100vh;overflow:hidden}"

MODULE = """
import "/static/kit/chat-thread.js";
import "/static/kit/chat-composer.js";
import { EntryLog } from "/static/kit/entry-log.js";
import { LiveSocket, newKey } from "/static/kit/live-socket.js";

const thread = document.querySelector("chat-thread");
const composer = document.querySelector("chat-composer");
const log = new EntryLog();
const heartbeat = Number(new URLSearchParams(location.search).get("beat")) || undefined;
const hello = () => ({ t: "hello", after: log.last });
const socket = new LiveSocket({ path: "/ws", store: "probe:waiting", hello, heartbeat });
Object.assign(window, { thread, composer, log, socket, frames: [] });
composer.conversation = "probe";
const offer = () => socket.waiting().forEach((item) => {
  const { key, text } = item.frame;
  if (!text) return;
  thread.addPending({ key, text, at: item.at });
  if (item.failed) thread.markFailed(key, item.failed);
});
socket.addEventListener("pending", offer);
socket.addEventListener("state", ({ detail }) => {
  document.getElementById("state").textContent = detail;
  thread.markOffline(detail !== "online");
});
socket.addEventListener("frame", ({ detail: frame }) => {
  window.frames.push(frame);
  if (frame.t === "entries") {
    const { fresh, gap } = log.take(frame);
    if (gap) socket.hello();
    thread.take(fresh);
  }
  if (frame.t === "ack") thread.markSent(frame.key);
  if (frame.t === "typing") thread.showTyping(frame);
});
composer.addEventListener("send", ({ detail }) => socket.deliver({ t: "send", key: newKey(), text: detail.text }));
composer.addEventListener("typing", ({ detail }) => socket.send({ t: "typing", on: detail.on }));
thread.addEventListener("choose", ({ detail }) => socket.deliver({ t: "press", key: newKey(), ...detail }));
thread.addEventListener("retry", ({ detail }) => socket.retry(detail.key));
thread.addEventListener("discard", ({ detail }) => { socket.forget(detail.key); thread.removePending(detail.key); });
offer();
socket.start();
"""


class Refused(Conflict):
    """The desk refuses what says so."""

    code = "conflict"


class ScriptedDesk:
    """One conversation. `lose` names what becomes of the next sends."""

    def __init__(self, texts: Texts, pages: Pages) -> None:
        self._texts, self._pages = texts, pages
        self.entries: list[dict[str, JsonValue]] = []
        self.received: list[Frame] = []
        self.sockets: set[FrameSocket] = set()
        self.lose: list[str] = []
        """Taken from the front, one a send: `message` (cut before storing), `ack` (store, then cut), `refuse`."""
        self.accepting = True
        self.answers_pings = True

    def router(self) -> APIRouter:
        """The page, its module and the socket."""
        router = APIRouter()
        router.get("/probe")(self._page)
        router.get("/probe.js")(lambda: Response(MODULE, media_type="text/javascript"))
        router.get("/probe.css")(lambda: Response(STYLE, media_type="text/css"))
        router.websocket("/ws")(self._serve)
        return router

    def add(self, kind: str, text: str, *, send: bool = True, key: str = "", **payload: Any) -> int:
        """A new entry, sent to every open window unless `send` is False (the news is lost); its number."""
        seq = len(self.entries) + 1
        entry: dict[str, JsonValue] = {
            "seq": seq,
            "kind": kind,
            "key": key or f"k{seq}",
            "text": text,
            "html": payload.pop("html", ""),
            "language": "zh" if any(letter > "\u3400" for letter in text) else "en",
            "author": payload.pop("author", ""),
            "at": payload.pop("at", datetime.now(UTC).isoformat()),
            "payload": payload,
        }
        self.entries.append(entry)
        if send:
            self.tell({"t": "entries", "entries": [entry], "after": seq - 1, "upto": seq})
        return seq

    def tell(self, frame: Frame) -> None:
        """Send `frame` to every open window."""
        for socket in list(self.sockets):
            socket.send(frame)

    def cut(self) -> None:
        """Drop every connection."""
        for socket in list(self.sockets):
            socket.close(1012)

    def texts_of(self, kind: str) -> list[JsonValue]:
        """What stands in the conversation from one voice."""
        return [entry["text"] for entry in self.entries if entry["kind"] == kind]

    async def _page(self, request: Request, perspective: str = "customer") -> Response:
        language = self._pages.language(request)
        texts = {
            key: text
            for prefix in ("chat.", "shell.", "connection.")
            for key, text in self._texts.section(prefix, language).items()
        }
        lang = "zh-CN" if language == "zh" else "en"
        html = PAGE.format(lang=lang, perspective=perspective, texts=json_block("texts", texts))
        return Response(html, media_type="text/html")

    async def _serve(self, socket: WebSocket) -> None:
        if not self.accepting:
            await socket.close(1013)
            return
        async with FrameSocket(socket, self._texts) as frames:
            self.sockets.add(frames)
            try:
                while (frame := await frames.receive()) is not None:
                    self._answer(frames, frame)
            finally:
                self.sockets.discard(frames)

    def _answer(self, frames: FrameSocket, frame: Frame) -> None:
        self.received.append(frame)
        match frame["t"]:
            case "hello":
                after = int(str(frame["after"]))
                frames.send({"t": "ready"})
                missed: list[JsonValue] = list(self.entries[after:])
                frames.send({"t": "entries", "entries": missed, "after": after, "upto": len(self.entries)})
            case "ping" if self.answers_pings:
                frames.send({"t": "pong"})
            case "send" | "press":
                self._store(frames, frame)
            case _:
                pass  # typing

    def _store(self, frames: FrameSocket, frame: Frame) -> None:
        fate = self.lose.pop(0) if self.lose else ""
        key = str(frame["key"])
        if fate == "message":
            frames.close(1012)
            return
        if fate == "refuse":
            frames.refuse(Refused(), key=key)
            return
        known = next((entry["seq"] for entry in self.entries if entry["key"] == key), None)
        payload = {"choice": frame["choice"], "to_seq": frame["seq"]} if frame["t"] == "press" else {}
        text = str(frame.get("text") or frame.get("label"))
        seq = known or self.add("customer", text, key=key, send=fate != "ack", **payload)
        if fate == "ack":
            frames.close(1012)
        else:
            frames.send({"t": "ack", "key": key, "seq": seq})
