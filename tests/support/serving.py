"""tests: an ASGI application behind a real HTTP server in the test's own event loop, on a port nobody else has."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import uvicorn

from tests.support.wait import until


@contextlib.asynccontextmanager
async def serving(app: Any, *, at: int = 0, **options: Any) -> AsyncIterator[str]:
    """Serve `app`, on port `at` where one is given; yields its address, such as http://127.0.0.1:43211.

    `options` go to uvicorn.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", at))
    port = listener.getsockname()[1]
    settings: dict[str, Any] = {
        "lifespan": "off",
        "log_config": None,
        "timeout_graceful_shutdown": 2,
        "ws": "websockets-sansio",
        "ws_max_size": 65_536,
        "ws_per_message_deflate": False,
    }
    server = uvicorn.Server(uvicorn.Config(app, **(settings | options)))
    server.capture_signals = contextlib.nullcontext  # type: ignore[assignment,method-assign]
    running = asyncio.create_task(server.serve(sockets=[listener]), name="uvicorn")
    try:
        await until(lambda: server.started or running.done())
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running
        listener.close()
