"""kit: whose turn it is, between processes of one machine.

SQLite's own lock is a race that is run again after each pause: on a busy machine one process can lose it for seconds.
flock() wakes those who wait one after the other, and the kernel takes it back from a process that is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path


class FileLock:
    """A lock that is a file; one task of a process at a time may use one object."""

    def __init__(self, path: Path, *, seconds: float) -> None:
        self._path = path
        self._seconds = seconds
        self._file: int | None = None

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Hold the lock. Raises TimeoutError when it cannot be had in time."""
        file = self._open()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            await self._wait(file)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the file."""
        self._drop()

    async def _wait(self, file: int) -> None:
        loop = asyncio.get_running_loop()
        got = asyncio.Event()
        # The thread's own handle on the same open file: ours may be closed, and its number taken, before it waits.
        own = os.dup(file)

        def wait() -> None:
            try:
                fcntl.flock(own, fcntl.LOCK_EX)
                with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is interested any more
                    loop.call_soon_threadsafe(got.set)
            finally:
                os.close(own)

        # A thread of its own: the shared ones may all be busy, and this one must not hold up the end of the process.
        threading.Thread(target=wait, name="file-lock", daemon=True).start()
        try:
            async with asyncio.timeout(self._seconds):
                await got.wait()
        except BaseException:
            # The thread still waits. When its turn comes it closes the file's last handle, and that frees the lock.
            self._drop()
            raise

    def _open(self) -> int:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._file

    def _drop(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
