"""benchmarks.delivery: a customer's window as the desk sees it: token, socket, greeting, signs of life."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass

import httpx
from websockets.asyncio.client import ClientConnection, connect

PING_SECONDS = 10.0
"""As `kit/web/static/kit/heartbeat.js` has it."""
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Widget:
    """An open window and the conversation it shows."""

    wire: ClientConnection
    conversation: str


async def open_widget(address: str, http: httpx.AsyncClient) -> Widget:
    """A window at the desk at `address` that has its greeting."""
    answer = await http.post(f"{address}/api/visitor", headers={"Origin": address})
    answer.raise_for_status()
    wire = await connect(
        address.replace("http", "ws", 1) + "/ws/visitor",
        origin=address,  # type: ignore[arg-type]
        compression=None,
        ping_interval=None,  # a widget has no other sign of life than its own
        open_timeout=PATIENCE_SECONDS,
    )
    await wire.send(json.dumps({"t": "hello", "token": answer.json()["token"], "after": 0, "language": "zh"}))
    conversation = ""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            frame = json.loads(await wire.recv())
            if frame["t"] == "ready":
                conversation = frame["conversation"]
            if frame["t"] == "entries":
                return Widget(wire, conversation)


async def ping(wire: ClientConnection) -> None:
    """Give signs of life for ever; the first at some moment, because not all windows were opened at one."""
    await asyncio.sleep(random.uniform(0, PING_SECONDS))
    while True:
        await wire.send('{"t": "ping"}')
        await asyncio.sleep(PING_SECONDS)
