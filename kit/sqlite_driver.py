"""kit: SQLite for asyncio without a thread hop for every call. Stands where SQLAlchemy expects an aiosqlite connection.

A statement of ours takes some ten microseconds, a hop to a thread and back ten times that; a turn makes two hundred
such calls. So what cannot wait runs at once, in the event loop:

* in a write transaction everything but COMMIT, which waits for the disk and runs in a thread; BEGIN IMMEDIATE does only
  where somebody else is writing (the house's own processes take turns before it, docs/decisions/0013);
* a read, until it has taken `STEPS` of SQLite's machine or met a lock: then it is broken off and run again in a thread.
  A read changes nothing, so running it twice is the same as running it once.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Any, Self, TypeVar

T = TypeVar("T")

STEPS = 200_000
"""Instructions of SQLite's machine that a read may take in the event loop: a millisecond or two."""
BEGINS = "BEGIN IMMEDIATE"
ENDS = ("COMMIT", "ROLLBACK")
BROKEN_OFF = frozenset({sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class Connection:
    """One connection; as much of aiosqlite's interface as SQLAlchemy uses."""

    def __init__(self, raw: sqlite3.Connection, executor: Executor, *, writes: bool, busy_seconds: float) -> None:
        self._raw, self._executor, self._writes, self._busy_seconds = raw, executor, writes, busy_seconds
        self._wait_for_locks(busy_seconds if writes else 0)

    @property
    def _connection(self) -> sqlite3.Connection:
        """Looked at by SQLAlchemy before a commit or rollback."""
        return self._raw

    @property
    def isolation_level(self) -> str | None:
        """None: transactions are begun by statement."""
        return self._raw.isolation_level

    @property
    def in_transaction(self) -> bool:
        return self._raw.in_transaction

    def begin_reading(self) -> None:
        """Begin a transaction that reads; takes no lock and so never waits."""
        self._raw.execute("BEGIN").close()

    def cursor(self) -> Cursor:
        """A cursor; nothing is done yet."""
        return Cursor(self)

    async def commit(self) -> None:
        if self._writes:
            await self._in_thread(self._raw.commit)
        else:
            self._raw.commit()

    async def rollback(self) -> None:
        if self._writes and self._raw.in_transaction:
            await self._in_thread(self._raw.rollback)
        else:
            self._raw.rollback()

    async def close(self) -> None:
        await self._in_thread(self._raw.close)

    def stop(self) -> None:
        """Close without waiting for anything."""
        with contextlib.suppress(sqlite3.Error):
            self._raw.close()

    async def create_function(self, *args: Any, **kwargs: Any) -> None:
        self._raw.create_function(*args, **kwargs)

    async def run(self, statement: str, work: Callable[[], T]) -> T:
        """Run `work`, which executes `statement`, here or in a thread."""
        begun = statement.upper()
        if self._writes and begun.startswith(ENDS):
            return await self._in_thread(work)
        if self._writes and not begun.startswith(BEGINS):
            return work()
        try:
            return self._without_waiting(work) if self._writes else self._briefly(work)
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in BROKEN_OFF:
                raise
        return await self._in_thread(work if self._writes else partial(self._patiently, work))

    def _without_waiting(self, work: Callable[[], T]) -> T:
        self._wait_for_locks(0)
        try:
            return work()
        finally:
            self._wait_for_locks(self._busy_seconds)

    def _briefly(self, work: Callable[[], T]) -> T:
        self._raw.set_progress_handler(_break_off, STEPS)
        try:
            return work()
        finally:
            self._raw.set_progress_handler(None, 0)

    def _patiently(self, work: Callable[[], T]) -> T:
        self._wait_for_locks(self._busy_seconds)
        try:
            return work()
        finally:
            self._wait_for_locks(0)

    def _wait_for_locks(self, seconds: float) -> None:
        self._raw.execute(f"PRAGMA busy_timeout={round(seconds * 1000)}").close()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        running = asyncio.get_running_loop().run_in_executor(self._executor, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            # The thread cannot be stopped: nobody else may use the connection before it is done with it.
            if not self._writes:
                self._raw.interrupt()
            with contextlib.suppress(Exception):
                await running
            raise


class Cursor:
    """One statement's result; its rows are read when it is executed, so that fetching never waits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cursor = connection._connection.cursor()  # noqa: SLF001 - the two are one thing
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid

    @property
    def arraysize(self) -> int:
        return self._cursor.arraysize

    @arraysize.setter
    def arraysize(self, size: int) -> None:
        self._cursor.arraysize = size

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Cursor:
        self._rows = await self._connection.run(statement, partial(self._execute, statement, parameters))
        return self

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> Cursor:
        await self._connection.run(statement, partial(self._cursor.executemany, statement, parameters))
        return self

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    async def close(self) -> None:
        self._cursor.close()

    def _execute(self, statement: str, parameters: Sequence[Any]) -> list[Any]:
        self._cursor.execute(statement, parameters)
        return self._cursor.fetchall()


def connector(
    path: str, executor: Executor, *, pragmas: Sequence[str], writes: bool, busy_seconds: float
) -> Callable[..., Any]:
    """What `create_async_engine(async_creator=…)` wants: opens a connection to the file at `path`."""

    async def connect(*_: Any, **__: Any) -> Connection:
        def make() -> Connection:
            raw = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
            for pragma in pragmas:
                raw.execute(f"PRAGMA {pragma}").close()
            return Connection(raw, executor, writes=writes, busy_seconds=busy_seconds)

        return await asyncio.get_running_loop().run_in_executor(executor, make)

    return connect


def _break_off() -> int:
    return 1
