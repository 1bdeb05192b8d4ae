"""kit: SQLite for asyncio without a thread or a greenlet for every statement.

A statement of ours takes some ten microseconds; a hop to a thread takes ten times that, SQLAlchemy's own bridge to
asyncio twice that. So what cannot wait runs at once, in the event loop, on SQLAlchemy's plain connection:

* in a write transaction everything but COMMIT, which waits for the disk and runs in a thread; BEGIN IMMEDIATE does only
  where somebody else is writing (the house's own processes take turns before it, docs/decisions/0013);
* a read, until it has taken `STEPS` of SQLite's machine or met a lock: then it is broken off and run again in a thread.
  A read changes nothing, so running it twice is the same as running it once.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Any, Self, TypeVar

from sqlalchemy import Dialect, create_engine, event
from sqlalchemy.engine import Connection as PlainConnection
from sqlalchemy.engine import CursorResult, Engine, NestedTransaction
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql import Executable

T = TypeVar("T")

STEPS = 200_000
"""Instructions of SQLite's machine that a read may take in the event loop: a millisecond or two."""
BROKEN_OFF = frozenset({sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class _Cursor(sqlite3.Cursor):
    """Reads its rows when it is executed, so that fetching never waits."""

    _rows: list[Any]

    def execute(self, statement: str, parameters: Any = ()) -> Self:
        super().execute(statement, parameters)
        self._rows = super().fetchall() if self.description is not None else []
        return self

    def executemany(self, statement: str, parameters: Iterable[Any]) -> Self:
        self._rows = []
        return super().executemany(statement, parameters)

    def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    def fetchmany(self, size: int | None = None) -> list[Any]:
        count = self.arraysize if size is None else size
        rows, self._rows = self._rows[:count], self._rows[count:]
        return rows

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None


class _Raw(sqlite3.Connection):
    """Gives out the cursors above."""

    def cursor(self, *_: Any) -> Any:
        return super().cursor(_Cursor)


class Connection:
    """One connection; as much of SQLAlchemy's `AsyncConnection` as the house uses. For one task at a time."""

    def __init__(self, plain: PlainConnection, executor: Executor, *, writes: bool, busy_seconds: float) -> None:
        self._plain, self._executor, self._writes, self._busy_seconds = plain, executor, writes, busy_seconds
        self._raw: sqlite3.Connection = plain.connection.driver_connection  # type: ignore[assignment]
        self._wait_for_locks(busy_seconds if writes else 0)

    @classmethod
    async def open(cls, engine: Engine, executor: Executor, *, writes: bool, busy_seconds: float) -> Connection:
        """Open the file, in a thread."""
        plain = await asyncio.get_running_loop().run_in_executor(executor, engine.connect)
        return cls(plain, executor, writes=writes, busy_seconds=busy_seconds)

    @property
    def dialect(self) -> Dialect:
        return self._plain.dialect

    @property
    def in_transaction(self) -> bool:
        """Whether SQLite has a transaction open; some faults end it behind SQLAlchemy's back."""
        return self._raw.in_transaction

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        """Run a statement; its rows are there when this returns."""
        return await self._run(partial(self._plain.execute, statement, parameters))

    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> CursorResult[Any]:
        """Run SQL as it stands."""
        return await self._run(partial(self._plain.exec_driver_sql, statement, parameters))

    async def run_sync(self, work: Callable[..., T], *arguments: Any) -> T:
        """Run `work` with SQLAlchemy's plain connection, in a thread: for reads that are known to take long."""
        ready = partial(work, self._plain, *arguments)
        return await self._in_thread(ready if self._writes else partial(self._patiently, ready))

    def begin_nested(self) -> Savepoint:
        """A savepoint: await it, or enter it."""
        return Savepoint(self._plain)

    async def begin(self) -> None:
        """Begin to write. Raises `OperationalError` when somebody else does not let go of the file in time."""
        begin = partial(self._plain.exec_driver_sql, "BEGIN IMMEDIATE")
        try:
            self._wait_for_locks(0)
            try:
                begin()
            except OperationalError as error:
                if not _is_broken_off(error):
                    raise
            else:
                return
            finally:
                self._wait_for_locks(self._busy_seconds)
            await self._in_thread(begin)
        except BaseException:
            self._plain.rollback()
            raise

    async def commit(self) -> None:
        """Make what was written durable."""
        await self._in_thread(self._plain.commit)

    async def rollback(self) -> None:
        """Undo what was written."""
        await self._in_thread(self._plain.rollback)

    def end_reading(self) -> None:
        """Let go of the state that was read; the next statement sees what was committed since."""
        self._plain.rollback()

    def drop(self) -> None:
        """Close whatever state it is in, without waiting for anything."""
        with contextlib.suppress(Exception):
            self._plain.invalidate()
        with contextlib.suppress(Exception):
            self._plain.close()
        with contextlib.suppress(sqlite3.Error):
            self._raw.close()

    async def _run(self, work: Callable[[], T]) -> T:
        if self._writes:
            return work()
        self._raw.set_progress_handler(_break_off, STEPS)
        try:
            return work()
        except OperationalError as error:
            if not _is_broken_off(error):
                raise
        finally:
            self._raw.set_progress_handler(None, 0)
        return await self._in_thread(partial(self._patiently, work))

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


class Savepoint:
    """A part of a transaction that can be undone alone."""

    def __init__(self, plain: PlainConnection) -> None:
        self._plain = plain
        self._nested: NestedTransaction | None = None

    def __await__(self) -> Generator[Any, None, Self]:
        return self._begun().__await__()

    async def __aenter__(self) -> Self:
        return await self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await (self.commit() if kind is None else self.rollback())

    async def commit(self) -> None:
        """Keep it, as far as the transaction is kept."""
        if self._nested is not None and self._nested.is_active:
            self._nested.commit()

    async def rollback(self) -> None:
        """Undo it."""
        if self._nested is not None and self._nested.is_active:
            self._nested.rollback()

    async def _begun(self) -> Self:
        self._nested = self._plain.begin_nested()
        return self


class Readers:
    """Connections that read; each is used by one task at a time and kept open between."""

    def __init__(self, engine: Engine, executor: Executor, *, most: int, busy_seconds: float) -> None:
        self._engine, self._executor, self._busy_seconds = engine, executor, busy_seconds
        self._room = asyncio.Semaphore(most)
        self._free: list[Connection] = []

    @contextlib.asynccontextmanager
    async def one(self) -> AsyncIterator[Connection]:
        """A connection that sees everything committed before its first statement, and nothing later."""
        async with self._room:
            connection = self._free.pop() if self._free else await self._open()
            try:
                yield connection
            finally:
                try:
                    connection.end_reading()
                except Exception:
                    connection.drop()
                    raise
                self._free.append(connection)

    def close(self) -> None:
        """Close those that nobody uses."""
        while self._free:
            self._free.pop().drop()

    async def _open(self) -> Connection:
        return await Connection.open(self._engine, self._executor, writes=False, busy_seconds=self._busy_seconds)


def plain_engine(path: str, *, pragmas: Sequence[str], writes: bool, busy_seconds: float, **options: Any) -> Engine:
    """SQLAlchemy over the file at `path`, without a pool: who connects keeps the connection."""

    def connect() -> sqlite3.Connection:
        raw = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False, factory=_Raw)
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}").close()
        return raw

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, **options)
    if not writes:
        # A writer begins by itself, and at once for writing.
        @event.listens_for(engine, "begin")
        def _begin(connection: PlainConnection) -> None:
            raw: Any = connection.connection.driver_connection
            raw.execute("BEGIN").close()

    return engine


def _is_broken_off(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in BROKEN_OFF


def _break_off() -> int:
    return 1
