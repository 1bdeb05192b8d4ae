"""tests: customers who keep books. They write, reconnect when cut off, send again what was not acknowledged, and at the
end compare what they were promised with what is stored and with what their window shows."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.support.wait import until

RETRY = 0.05
ANSWER_SECONDS = 60.0


@dataclass(slots=True)
class Shown:
    """What a window shows: entries by number, each once, as docs/protocol.md asks of every client."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    upto: int = 0

    def take(self, frame: dict[str, Any]) -> bool:
        """Add a frame of entries; False when something before it is missing and the window must ask again."""
        if frame["after"] > self.upto:
            return False
        for entry in frame["entries"]:
            if entry["seq"] > self.upto:
                self.entries.append(entry)
                self.upto = entry["seq"]
        self.upto = max(self.upto, frame["upto"])
        return True


class Customer:
    """One widget window over a real socket."""

    def __init__(self, address: str, name: str, language: str = "zh") -> None:
        self.name, self.language = name, language
        self.sent: list[tuple[str, str]] = []
        self.acknowledged: dict[str, int] = {}
        self.shown = Shown()
        self.refused: list[dict[str, Any]] = []
        self.connections = 0
        self.conversation = ""
        self._address = address
        self._token = ""
        self._pongs = 0
        self._unacknowledged: dict[str, str] = {}
        self._wire: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None

    async def arrive(self) -> None:
        """Open the window; returns when the conversation is open."""
        self._task = asyncio.create_task(self._stay(), name=self.name)
        await until(lambda: self.conversation, within=ANSWER_SECONDS)

    async def leave(self) -> None:
        """Close the window."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def say(self, text: str) -> str:
        """Write a message: it is kept until acknowledged, whatever happens to the connection."""
        key = str(uuid.uuid4())
        self.sent.append((key, text))
        self._unacknowledged[key] = text
        if self._wire is not None:
            with contextlib.suppress(WebSocketException, OSError):
                await self._send_message(self._wire, key)
        return key

    async def say_and_wait(self, text: str) -> None:
        """Write, and wait for the acknowledgement."""
        key = await self.say(text)
        await until(lambda: key in self.acknowledged, within=ANSWER_SECONDS)

    async def answered(self, *, within: float = ANSWER_SECONDS) -> None:
        """Wait until the window shows an answer after the customer's last message."""
        key = self.sent[-1][0]
        await until(lambda: key in self.acknowledged and self._has_answer(self.acknowledged[key]), within=within)

    async def alive(self) -> None:
        """Wait until the desk has answered a sign of life that was sent after everything else."""
        before = self._pongs
        if self._wire is not None:
            await self._wire.send(json.dumps({"t": "ping"}))
        await until(lambda: self._pongs > before, within=ANSWER_SECONDS)

    def _has_answer(self, seq: int) -> bool:
        return any(entry["seq"] > seq and entry["kind"] in {"bot", "agent"} for entry in self.shown.entries)

    async def _stay(self) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
            while True:
                with contextlib.suppress(WebSocketException, OSError, httpx.HTTPError, TimeoutError):
                    if not self._token:
                        answer = await http.post(f"{self._address}/api/visitor", headers={"Origin": self._address})
                        answer.raise_for_status()
                        self._token = answer.json()["token"]
                    await self._visit()
                await asyncio.sleep(RETRY)

    async def _visit(self) -> None:
        url = self._address.replace("http", "ws", 1) + "/ws/visitor"
        async with connect(url, origin=self._address, compression=None, open_timeout=10) as wire:  # type: ignore[arg-type]
            self.connections += 1
            await self._hello(wire)
            try:
                async for raw in wire:
                    await self._hear(wire, json.loads(raw))
            finally:
                self._wire = None

    async def _hear(self, wire: ClientConnection, frame: dict[str, Any]) -> None:
        match frame["t"]:
            case "ready":
                self.conversation = frame["conversation"]
                self._wire = wire  # first: what is said from now on leaves by itself
                for key in list(self._unacknowledged):
                    await self._send_message(wire, key)
            case "entries":
                if not self.shown.take(frame):
                    await self._hello(wire)
            case "ack":
                before = self.acknowledged.setdefault(frame["key"], frame["seq"])
                assert before == frame["seq"], "one message was acknowledged under two numbers"
                self._unacknowledged.pop(frame["key"], None)
            case "pong":
                self._pongs += 1
            case "refused":
                self.refused.append(frame)
            case _:
                pass

    async def _hello(self, wire: ClientConnection) -> None:
        hello = {"t": "hello", "token": self._token, "after": self.shown.upto, "language": self.language}
        await wire.send(json.dumps(hello))

    async def _send_message(self, wire: ClientConnection, key: str) -> None:
        await wire.send(json.dumps({"t": "send", "key": key, "text": self._unacknowledged[key]}))


@dataclass(frozen=True, slots=True)
class Stored:
    """One line of a transcript as the store has it."""

    seq: int
    kind: str
    key: str
    public: bool


def faults_in_the_books(customer: Customer, transcript: list[Stored], turns: list[int]) -> list[str]:
    """Everything that breaks a promise; `turns` are the numbers of the entries that turns dealt with."""
    faults = []
    by_key = {line.key: line.seq for line in transcript}
    if [line.seq for line in transcript] != list(range(1, len(transcript) + 1)):
        faults.append("the numbers of the transcript have gaps")
    if len(by_key) != len(transcript):
        faults.append("a key stands twice in the transcript")
    for key, seq in customer.acknowledged.items():
        if by_key.get(key) != seq:
            faults.append(f"acknowledged as {seq}, stored as {by_key.get(key)}")
    order = [by_key[key] for key, _ in customer.sent if key in by_key]
    if order != sorted(order):
        faults.append(f"stored in another order than sent: {order}")
    mine = {line.seq for line in transcript if line.kind == "customer"}
    if unknown := mine - {by_key[key] for key, _ in customer.sent if key in by_key}:
        faults.append(f"stored, but never sent: {sorted(unknown)}")
    dealt = [seq for seq in turns if seq in mine]
    if sorted(dealt) != sorted(mine):
        faults.append(f"turns dealt with {sorted(dealt)}, messages are {sorted(mine)}")
    shown = [entry["seq"] for entry in customer.shown.entries]
    public = [line.seq for line in transcript if line.public]
    if shown != public:
        faults.append(f"the window shows {shown}, the transcript has {public}")
    return faults
