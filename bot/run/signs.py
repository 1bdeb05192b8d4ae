"""bot.run: hears what processes say of themselves (sd_notify's protocol over a Unix socket)."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path


class Signs(asyncio.DatagramProtocol):
    """Signs of life of one process."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.last = asyncio.get_running_loop().time()
        self.watched = False
        """Whether it sends WATCHDOG=1; one that never did cannot be missed."""

    def datagram_received(self, data: bytes, addr: object) -> None:
        lines = data.decode(errors="replace").split("\n")
        self.last = asyncio.get_running_loop().time()
        if "READY=1" in lines:
            self.ready.set()
        if "WATCHDOG=1" in lines:
            self.watched = True


@contextlib.asynccontextmanager
async def listening(path: Path) -> AsyncIterator[Signs]:
    """Listen at `path`, which is what the process gets as NOTIFY_SOCKET."""
    path.unlink(missing_ok=True)  # noqa: ASYNC240 - one local system call
    wire = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    wire.setblocking(False)  # noqa: FBT003 - positional only
    wire.bind(str(path))
    transport, signs = await asyncio.get_running_loop().create_datagram_endpoint(Signs, sock=wire)
    try:
        yield signs
    finally:
        transport.close()
        path.unlink(missing_ok=True)  # noqa: ASYNC240
