"""kit: tells whoever started this process how far it is (sd_notify's protocol: our supervisor's or systemd's).

Without NOTIFY_SOCKET in the environment nothing happens.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket


def notify(*lines: str) -> None:
    """Send lines such as `READY=1`, `STATUS=loading the model`, `WATCHDOG=1`. Never raises, never waits."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.setblocking(False)  # noqa: FBT003 - positional only
        wire.sendto("\n".join(lines).encode(), address)


def watchdog_seconds() -> float | None:
    """How often to say WATCHDOG=1: half of what the starter of this process asks for; None when it does not ask."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    return int(microseconds) / 2_000_000 if microseconds.isdecimal() and int(microseconds) else None


async def keep_alive() -> None:
    """Say WATCHDOG=1 for ever from the event loop: a loop that hangs falls silent and is restarted."""
    seconds = watchdog_seconds()
    while seconds is not None:
        notify("WATCHDOG=1")
        await asyncio.sleep(seconds)
