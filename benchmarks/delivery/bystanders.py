"""benchmarks.delivery: widgets that are open and silent but for their signs of life, in a process of their own.

python -m benchmarks.delivery.bystanders ADDRESS COUNT

Prints a line when all are open, another with the number of those that were cut off when its input ends.
"""

from __future__ import annotations

import asyncio
import gc
import sys

import httpx
import uvloop

from benchmarks.delivery.widget import PATIENCE_SECONDS, Widget, open_widget, ping

TOGETHER = 10


async def stand_by(widget: Widget) -> None:
    """Ping as a widget does; what comes is read and dropped. Returns when the desk cuts it off."""
    pinging = asyncio.create_task(ping(widget.wire))
    try:
        async for _ in widget.wire:
            pass
    finally:
        pinging.cancel()


async def run(address: str, count: int) -> None:
    """Open `count` widgets and hold them until the input ends."""
    standing: list[asyncio.Task[None]] = []
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, trust_env=False) as http:
        while len(standing) < count:
            some = min(TOGETHER, count - len(standing))
            widgets = await asyncio.gather(*(open_widget(address, http) for _ in range(some)))
            standing += [asyncio.create_task(stand_by(widget)) for widget in widgets]
    print(len(standing), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    print(sum(task.done() for task in standing), flush=True)
    for task in standing:
        task.cancel()
    await asyncio.gather(*standing, return_exceptions=True)


if __name__ == "__main__":
    # Thousands of people's browsers do not stop together for a second: that would be this process's collector.
    gc.disable()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(sys.argv[1], int(sys.argv[2])))
