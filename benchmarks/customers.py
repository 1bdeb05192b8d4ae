"""benchmarks: customers who ask and wait for the answer, of the desk's widget socket and of Rasa's REST channel."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Protocol

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

TOGETHER = 10
"""Customers who arrive at the same time."""
ANSWER_SECONDS = 30.0
"""A question without an answer after this long counts as failed."""


class Unanswered(Exception):
    """The bot refused, fell silent or answered nothing."""


class HandedOver(Exception):
    """A person has the conversation now: the bot is silent as it should be."""


class Customer(Protocol):
    """One customer; asks one question at a time."""

    @property
    def gone(self) -> bool:
        """Whether this conversation is over for the bot; somebody new must come."""
        ...

    async def ask(self, text: str) -> str:
        """Ask, wait for the answer to arrive, return its text. Raises Unanswered, HandedOver."""
        ...

    async def leave(self) -> None: ...


class DeskCustomer:
    """A visitor of the widget: message out and answer in over one WebSocket."""

    def __init__(self, wire: ClientConnection) -> None:
        self._wire = wire
        self._greeted = asyncio.Event()
        self._key, self._mine = "", 0
        self._answer: asyncio.Future[str] | None = None
        self._with_bot = True
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def arrive(cls, address: str, http: httpx.AsyncClient) -> DeskCustomer:
        """Open a widget at the desk at `address`; returns when its greeting is there, so that none waits in the way."""
        answer = await http.post(f"{address}/api/visitor", headers={"Origin": address})
        answer.raise_for_status()
        url = address.replace("http", "ws", 1) + "/ws/visitor"
        wire = await connect(url, origin=address, compression=None, max_queue=64)  # type: ignore[arg-type]
        customer = cls(wire)
        hello = {"t": "hello", "token": answer.json()["token"], "after": 0, "language": "zh"}
        await wire.send(json.dumps(hello))
        async with asyncio.timeout(ANSWER_SECONDS):
            await customer._greeted.wait()
        return customer

    @property
    def gone(self) -> bool:
        return not self._with_bot or self._reader.done()

    async def ask(self, text: str) -> str:
        self._key, self._mine = str(uuid.uuid4()), 0
        self._answer = asyncio.get_running_loop().create_future()
        try:
            await self._wire.send(json.dumps({"t": "send", "key": self._key, "text": text}))
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._answer
        except TimeoutError as error:
            raise Unanswered("no answer") from error
        except ConnectionClosed as error:
            raise Unanswered("cut off") from error

    async def leave(self) -> None:
        """Close the window."""
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
        await self._wire.close()

    async def _read(self) -> None:
        try:
            async for raw in self._wire:
                self._hear(json.loads(raw))
        finally:
            self._end(Unanswered("cut off"))

    def _hear(self, frame: dict[str, Any]) -> None:
        match frame["t"]:
            case "refused":
                self._end(Unanswered(str(frame["error"]["code"])))
            case "ack" if frame["key"] == self._key:
                self._mine = frame["seq"]
            case "state":
                self._with_bot = frame["owner"] == "bot"
                if self._mine and not self._with_bot:
                    self._end(HandedOver())
            case "entries":
                for entry in frame["entries"]:
                    if entry["kind"] == "bot":
                        self._greeted.set()
                    if entry["key"] == self._key:
                        self._mine = entry["seq"]
                    elif self._mine and entry["seq"] > self._mine and entry["kind"] == "bot":
                        self._tell(str(entry["text"]))
            case _:
                pass

    def _tell(self, text: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(text)

    def _end(self, reason: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(reason)


class RasaCustomer:
    """A sender of a stock Rasa bot's REST channel."""

    def __init__(self, address: str, http: httpx.AsyncClient) -> None:
        self._url = f"{address}/webhooks/rest/webhook"
        self._http = http
        self._name = uuid.uuid4().hex

    @property
    def gone(self) -> bool:
        return False

    async def leave(self) -> None:
        """Nothing is open."""

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


class Crowd:
    """The customers of one bot."""

    def __init__(self, arrive: Callable[[], Awaitable[Customer]], size: int) -> None:
        self._arrive, self._size = arrive, size
        self._free: deque[Customer] = deque()
        self._freed = asyncio.Condition()
        self.replaced = 0
        """Customers who were handed over to a person and left; others came instead."""

    async def fill(self) -> None:
        """Let everybody arrive, a few at a time."""
        for come in range(0, self._size, TOGETHER):
            people = (self._arrive() for _ in range(come, min(come + TOGETHER, self._size)))
            self._free.extend(await asyncio.gather(*people))

    async def ask(self, text: str) -> str:
        """Whoever is free asks. Raises Unanswered, HandedOver."""
        async with self._freed:
            await self._freed.wait_for(lambda: self._free)
            customer = self._free.popleft()
        try:
            if customer.gone:
                customer = await self._replace(customer)
            return await customer.ask(text)
        finally:
            async with self._freed:
                self._free.append(customer)
                self._freed.notify()

    async def leave(self) -> None:
        """Close every window."""
        for customer in self._free:
            await customer.leave()

    async def _replace(self, customer: Customer) -> Customer:
        self.replaced += 1
        await customer.leave()
        return await self._arrive()


@contextlib.asynccontextmanager
async def crowd(kind: str, address: str, size: int) -> AsyncIterator[Crowd]:
    """`size` customers of the bot at `address`; `kind` is `desk` or `rasa`."""
    limits = httpx.Limits(max_connections=size, max_keepalive_connections=size)
    async with httpx.AsyncClient(timeout=30, limits=limits, trust_env=False) as http:

        async def arrive() -> Customer:
            return RasaCustomer(address, http) if kind == "rasa" else await DeskCustomer.arrive(address, http)

        people = Crowd(arrive, size)
        try:
            await people.fill()
            yield people
        finally:
            await people.leave()
