"""benchmarks.delivery: messages both ways between customers and their representative, timed socket to socket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection

from benchmarks.arrivals import poisson
from benchmarks.delivery.seat import Seat
from benchmarks.delivery.widget import PATIENCE_SECONDS, Widget, open_widget, ping

FOR_A_PERSON = "转人工"


class Exchange:
    """What was sent and when it arrived."""

    def __init__(self) -> None:
        self.to_agent: list[float] = []
        self.to_customer: list[float] = []
        """Seconds from when a message was due until it arrived."""
        self.refused = 0
        self._under_way: dict[str, float] = {}
        self._all_there = asyncio.Event()

    @property
    def missing(self) -> int:
        """Messages that did not arrive."""
        return len(self._under_way)

    def sent(self, text: str, due: float) -> None:
        """Note a message by its text; all texts are different."""
        self._under_way[text] = due
        self._all_there.clear()

    async def hear(self, frames: AsyncIterator[dict[str, Any]], *, kind: str, into: list[float]) -> None:
        """Note what arrives; what is shown again is no second arrival."""
        async for frame in frames:
            self.refused += frame["t"] == "refused"
            for entry in frame.get("entries", ()):
                due = self._under_way.pop(entry["text"], None) if entry["kind"] == kind else None
                if due is not None:
                    into.append(asyncio.get_running_loop().time() - due)
            if not self._under_way:
                self._all_there.set()

    async def settled(self) -> None:
        """Wait until everything has arrived, or patience ends."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._all_there.wait()


@contextlib.asynccontextmanager
async def customers(address: str, count: int) -> AsyncIterator[list[Widget]]:
    """`count` customers who wait for a person."""
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, trust_env=False) as http:
        people = [await open_widget(address, http) for _ in range(count)]
    pinging = [asyncio.create_task(ping(one.wire)) for one in people]
    try:
        for one in people:
            await one.wire.send(json.dumps({"t": "send", "key": str(uuid.uuid4()), "text": FOR_A_PERSON}))
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not _waits(json.loads(await one.wire.recv())):
                    pass
        yield people
    finally:
        for task in pinging:
            task.cancel()
        for one in people:
            await one.wire.close()


def _waits(frame: dict[str, object]) -> bool:
    return frame["t"] == "state" and frame["owner"] != "bot"


async def talk(seat: Seat, people: list[Widget], *, rate: float, seconds: float, seed: int) -> Exchange:
    """Messages, one this way and one that, `rate` a second on average for `seconds`."""
    exchange, chance, loop = Exchange(), random.Random(seed), asyncio.get_running_loop()
    held = list(seat.epochs.items())
    ears = [exchange.hear(seat.frames(), kind="customer", into=exchange.to_agent)]
    ears += [exchange.hear(frames(one.wire), kind="agent", into=exchange.to_customer) for one in people]
    hearing = [asyncio.create_task(ear) for ear in ears]
    began = loop.time()
    for number, moment in enumerate(poisson(rate, seconds, seed=seed)):
        await asyncio.sleep(max(0.0, began + moment - loop.time()))
        text, key = f"message {number} of run {seed}", str(uuid.uuid4())
        exchange.sent(text, began + moment)
        if number % 2:
            conversation, epoch = chance.choice(held)
            await seat.say("send", key=key, conversation=conversation, text=text, epoch=epoch)
        else:
            await chance.choice(people).wire.send(json.dumps({"t": "send", "key": key, "text": text}))
    await exchange.settled()
    for task in hearing:
        task.cancel()
    await asyncio.gather(*hearing, return_exceptions=True)
    return exchange


async def frames(wire: ClientConnection) -> AsyncIterator[dict[str, Any]]:
    """Everything the desk sends to a window."""
    async for raw in wire:
        yield json.loads(raw)
