"""bot.app: `python -m bot web` and `python -m bot worker`, one process each; the supervisor starts and watches them."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import socket
import sys
from pathlib import Path

import uvicorn
import uvloop

from bot.app.ground import open_ground, read_settings
from bot.app.mind import look_briefly, set_aside
from bot.app.web import build_web
from bot.app.work import build_worker
from bot.logs import set_up_logging
from kit.notify import keep_alive, notify

FRAME_LIMIT = 64 * 1024
"""Bytes of one socket frame; longer ones end the connection with 1009."""
GRACE_SECONDS = 5
SWITCH_SECONDS = 0.0005
HEADER_SECONDS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What both processes take."""
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--data-dir", type=Path, default=None)
    parser.add_argument("--log-level", default="info", choices=("debug", "info", "warning", "error"))


def add_web_arguments(parser: argparse.ArgumentParser) -> None:
    """What the web process takes besides."""
    add_arguments(parser)
    parser.add_argument("--host", default=None)
    parser.add_argument("--port", type=int, default=None)
    parser.add_argument("--fd", type=int, default=None, help="an open listening socket, handed on by the supervisor")


def main_web(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    return _run(args, _serve_web(args))


def main_worker(args: argparse.Namespace) -> int:
    """Work until told to stop."""
    return _run(args, _serve_worker(args))


def _run(args: argparse.Namespace, work: object) -> int:
    set_up_logging(None, level=logging.getLevelNamesMapping()[args.log_level.upper()], console=True)
    # A thread that comes back from the model or the disk would else wait five milliseconds for the event loop's Python.
    sys.setswitchinterval(SWITCH_SECONDS)
    look_briefly()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)  # type: ignore[arg-type]
    logging.shutdown()
    # Everything is closed; taking a gigabyte of models apart piece by piece would only make a stop take seconds longer.
    os._exit(0)


class _Server(uvicorn.Server):
    """Says when it listens."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        notify("READY=1")


async def _serve_web(args: argparse.Namespace) -> None:
    settings, data_dir = read_settings(args.config, args.data_dir)
    async with (
        open_ground(settings, data_dir, config=args.config) as ground,
        build_web(ground, when_loaded=set_aside) as app,
    ):
        config = uvicorn.Config(
            app,
            host=args.host or settings.web.host,
            port=settings.web.port if args.port is None else args.port,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            ws="websockets-sansio",
            ws_max_size=FRAME_LIMIT,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        sockets = None if args.fd is None else [socket.socket(fileno=args.fd)]
        alive = asyncio.create_task(keep_alive(), name="keep-alive")
        try:
            await _Server(config).serve(sockets=sockets)
        finally:
            notify("STOPPING=1")
            alive.cancel()


async def _serve_worker(args: argparse.Namespace) -> None:
    settings, data_dir = read_settings(args.config, args.data_dir)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    alive = asyncio.create_task(keep_alive(), name="keep-alive")
    try:
        async with open_ground(settings, data_dir, config=args.config) as ground, build_worker(ground):
            set_aside()
            notify("READY=1")
            await stop.wait()
            notify("STOPPING=1")
    finally:
        alive.cancel()
