"""benchmarks.delivery: widgets that are open and silent but for their signs of life, in a process of their own.

python -m benchmarks.delivery.bystanders ADDRESS COUNT     prints a line when all are open, ends when its input does
"""

from __future__ import annotations

import asyncio
import json
import random
import sys

import httpx
from websockets.asyncio.client import ClientConnection, connect

TOGETHER = 10
PING_SECONDS = 10.0
"""As `kit/web/static/kit/heartbeat.js` has it."""
CONNECTION_SECONDS = 30.0


async def open_widget(address: str, http: httpx.AsyncClient) -> ClientConnection:
    """A widget at the desk at `address` that has its greeting."""
    answer = await http.post(f"{address}/api/visitor", headers={"Origin": address})
    answer.raise_for_status()
    wire = await connect(
        address.replace("http", "ws", 1) + "/ws/visitor",
        origin=address,  # type: ignore[arg-type]
        compression=None,
        ping_interval=None,  # a widget has no other sign of life than its own
        open_timeout=CONNECTION_SECONDS,
    )
    await wire.send(json.dumps({"t": "hello", "token": answer.json()["token"], "after": 0, "language": "zh"}))
    async with asyncio.timeout(CONNECTION_SECONDS):
        while json.loads(await wire.recv())["t"] != "entries":
            pass
    return wire


async def stand_by(wire: ClientConnection) -> None:
    """Ping as a widget does; what comes is read and dropped."""

    async def ping() -> None:
        await asyncio.sleep(random.uniform(0, PING_SECONDS))  # they were not opened at one moment
        while True:
            await wire.send('{"t": "ping"}')
            await asyncio.sleep(PING_SECONDS)

    pinging = asyncio.create_task(ping())
    try:
        async for _ in wire:
            pass
    finally:
        pinging.cancel()


async def run(address: str, count: int) -> None:
    """Open `count` widgets and hold them until the input ends."""
    loop = asyncio.get_running_loop()
    wires: list[ClientConnection] = []
    async with httpx.AsyncClient(timeout=CONNECTION_SECONDS, trust_env=False) as http:
        while len(wires) < count:
            some = min(TOGETHER, count - len(wires))
            wires += await asyncio.gather(*(open_widget(address, http) for _ in range(some)))
    standing = [asyncio.create_task(stand_by(wire)) for wire in wires]
    print(len(wires), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    lost = sum(task.done() for task in standing)
    print(lost, flush=True)
    for task in standing:
        task.cancel()
    await asyncio.gather(*standing, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], int(sys.argv[2])))
