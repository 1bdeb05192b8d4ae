"""bot.run: one process of ours, from its start to the end of its whole group."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping
from pathlib import Path

from bot.run.log_file import LogFile
from bot.run.program import Program
from kit.tether import tethered

CHUNK = 65_536
END_OF_OUTPUT_WITHIN = 1.0
"""Seconds for the last words of a process that ended; somebody it started may still hold its output open."""


class Child:
    """A running process in a group of its own, tied to the life of this one."""

    def __init__(self, process: asyncio.subprocess.Process, log: LogFile) -> None:
        self._process = process
        self._log = log
        self._pump = asyncio.create_task(self._write_log(), name=f"log of {process.pid}")

    @classmethod
    async def start(cls, program: Program, log: LogFile, *, extra: Mapping[str, str] | None = None) -> Child:
        """Start `program`; its output goes to `log`. Raises OSError when no process can be made."""
        environment = {} if program.only else dict(os.environ)
        process = await asyncio.create_subprocess_exec(
            *tethered(*program.command),
            env={**environment, **program.environment, **(extra or {})},
            cwd=program.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl+C in the terminal reaches the supervisor only, which stops all in order
            pass_fds=program.handed_on,
        )
        return cls(process, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ended(self) -> int:
        """Wait for its end; returns the exit status, negative for a signal. What it started is ended too."""
        status = await self._process.wait()
        self._signal_group(signal.SIGKILL)
        await asyncio.wait([self._pump], timeout=END_OF_OUTPUT_WITHIN)
        self._pump.cancel()
        return status

    async def stop(self, *, within: float) -> int:
        """Ask it to stop, and kill it when it has not after `within` seconds."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(within):
                await self._process.wait()
        except TimeoutError:
            self.kill()
        return await self.ended()

    def kill(self) -> None:
        """End it and everything it started, at once."""
        if self._process.returncode is None:
            self._signal_group(signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()  # in the instant before it has a group of its own

    def _signal_group(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    async def _write_log(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - asked for above
        rest = b""
        while chunk := await self._process.stdout.read(CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._log.write(line)
            if len(rest) > CHUNK:
                self._log.write(rest)
                rest = b""
        if rest:
            self._log.write(rest)


async def run_to_end(program: Program, log_path: Path) -> tuple[int, list[str]]:
    """Run a program that ends by itself; returns its exit status and last lines. A cancelled caller ends it."""
    log = LogFile(log_path)
    try:
        child = await Child.start(program, log)
        try:
            status = await child.ended()
        except asyncio.CancelledError:
            child.kill()
            await child.ended()
            raise
        return status, log.tail
    finally:
        log.close()
