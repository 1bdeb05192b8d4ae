"""benchmarks: customers who ask and wait for the answer, of the desk's widget socket and of Rasa's REST channel."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any, Protocol

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ANSWER_SECONDS = 30.0
"""A question without an answer after this long counts as failed."""


class Unanswered(Exception):
    """The bot refused, fell silent or answered nothing."""


class Customer(Protocol):
    """One customer; asks one question at a time."""

    async def ask(self, text: str) -> str:
        """Ask, wait for the answer to arrive, return its text. Raises Unanswered."""
        ...


class DeskCustomer:
    """A visitor of the widget: message out and answer in over one WebSocket."""

    def __init__(self, wire: ClientConnection) -> None:
        self._wire = wire

    @classmethod
    @contextlib.asynccontextmanager
    async def arrive(cls, address: str, http: httpx.AsyncClient) -> AsyncIterator[DeskCustomer]:
        """Open a widget at the desk at `address`."""
        answer = await http.post(f"{address}/api/visitor", headers={"Origin": address})
        answer.raise_for_status()
        token = answer.json()["token"]
        url = address.replace("http", "ws", 1) + "/ws/visitor"
        async with connect(url, origin=address, compression=None, max_queue=64) as wire:  # type: ignore[arg-type]
            customer = cls(wire)
            await wire.send(json.dumps({"t": "hello", "token": token, "after": 0, "language": "zh"}))
            await customer._until("ready")
            yield customer

    async def ask(self, text: str) -> str:
        key = str(uuid.uuid4())
        mine: int | None = None
        await self._wire.send(json.dumps({"t": "send", "key": key, "text": text}))
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                while True:
                    frame = json.loads(await self._wire.recv())
                    match frame["t"]:
                        case "refused":
                            raise Unanswered(str(frame["error"]["code"]))
                        case "ack" if frame["key"] == key:
                            mine = frame["seq"]
                        case "entries":
                            for entry in frame["entries"]:
                                if entry["key"] == key:
                                    mine = entry["seq"]
                                elif mine is not None and entry["seq"] > mine and entry["kind"] == "bot":
                                    return str(entry["text"])
                        case _:
                            pass
        except TimeoutError as error:
            raise Unanswered("no answer") from error
        except ConnectionClosed as error:
            raise Unanswered("cut off") from error

    async def _until(self, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                frame: dict[str, Any] = json.loads(await self._wire.recv())
                if frame["t"] == kind:
                    return frame
                if frame["t"] == "refused":
                    raise Unanswered(str(frame["error"]["code"]))


class RasaCustomer:
    """A sender of a stock Rasa bot's REST channel."""

    def __init__(self, address: str, http: httpx.AsyncClient) -> None:
        self._url = f"{address}/webhooks/rest/webhook"
        self._http = http
        self._name = uuid.uuid4().hex

    async def ask(self, text: str) -> str:
        try:
            answer = await self._http.post(
                self._url, json={"sender": self._name, "message": text}, timeout=ANSWER_SECONDS
            )
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise Unanswered(type(error).__name__) from error
        said = answer.json()
        if not said:  # its way of reporting every failure
            raise Unanswered("empty")
        return str(said[0].get("text", ""))


@contextlib.asynccontextmanager
async def customers(kind: str, address: str, count: int) -> AsyncIterator[list[Customer]]:
    """`count` customers of the bot at `address`; `kind` is `desk` or `rasa`."""
    limits = httpx.Limits(max_connections=count, max_keepalive_connections=count)
    async with contextlib.AsyncExitStack() as stack:
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=30, limits=limits, trust_env=False))
        if kind == "rasa":
            yield [RasaCustomer(address, http) for _ in range(count)]
        else:
            yield [await stack.enter_async_context(DeskCustomer.arrive(address, http)) for _ in range(count)]
