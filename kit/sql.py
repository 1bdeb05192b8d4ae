"""kit: the SQL store. SQLite through one writer with group commit, or PostgreSQL; the same interface.

SQL is the truth of the house. Every write goes through `Database.write`; what it returned is on disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, DateTime, Dialect, MetaData, Text, func
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

from kit.contracts import Tx
from kit.sqlite import GroupWriter, StoreClosed
from kit.sqlite import readers as sqlite_readers
from kit.sqlite_driver import Readers

__all__ = ["Database", "StoreClosed", "UtcDateTime", "Work", "connection_of", "metadata", "store_url"]

T = TypeVar("T")
Work = Callable[[Tx], Awaitable[T]]

ATTEMPTS = 4
"""Tries of a PostgreSQL transaction that lost to a deadlock or a serialisation conflict."""
LOST_RACES = frozenset({"40001", "40P01"})
"""SQLSTATE of a serialisation failure and of a deadlock: nothing was stored, and trying again is right."""
WORK_SECONDS = 30.0
"""Longest one write may take; one that hangs would hold up everybody behind it."""
CONNECT_SECONDS = 10.0
"""Longest wait for a PostgreSQL connection."""
FOR_MANY = {"jit": "off", "max_parallel_workers_per_gather": "0"}
"""PostgreSQL works on many short questions at once here: one that takes every processor, or compiles what will run for
some milliseconds, makes the others wait, and on a busy machine itself."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every room registers its tables here; `bot/migrations` brings a database up to it."""

_writing: ContextVar[bool] = ContextVar("kit.sql.writing", default=False)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime. SQLite hands datetimes back naive; this gives them their zone again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = "times are aware UTC datetimes; pass datetime.now(UTC), not a naive one"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def connection_of(tx: Tx) -> AsyncConnection:
    """The connection inside a transaction; for SQL adapters only."""
    return cast("AsyncConnection", tx)


def compact(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A text column without what people write between the parts of a number: blanks, dashes, brackets, full stops."""
    plain = column
    for sign in " -().":
        plain = func.replace(plain, sign, "", type_=Text)
    return plain


def store_url(url: str) -> str:
    """`url` with the driver the house uses: people write `postgresql://…`, SQLAlchemy wants `postgresql+asyncpg://…`.

    Raises ValueError for other databases, and for SQLite in memory (reader and writer must see one file).
    """
    parsed = make_url(url)
    match parsed.drivername:
        case "postgres" | "postgresql" | "postgresql+asyncpg":
            return parsed.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
        case "sqlite" | "sqlite+aiosqlite" if parsed.database and ":memory:" not in parsed.database:
            return parsed.set(drivername="sqlite+aiosqlite").render_as_string(hide_password=False)
    message = f"{parsed.drivername}: a store is sqlite:///path/to/file.db or postgresql://user@host/name"
    raise ValueError(message)


class Database:
    """One store: a SQLite file or a PostgreSQL database.

    A write once accepted is carried through even when its caller is cancelled. `work` may be run more than once
    (after a lost race, or when a commit it shared failed), so it only reads and writes SQL and computes.
    """

    def __init__(self, url: str, *, readers: int = 8, work_seconds: float = WORK_SECONDS) -> None:
        self.url = store_url(url)
        self.embedded = self.url.startswith("sqlite")
        self._work_seconds = work_seconds
        self._running: set[asyncio.Task[Any]] = set()
        self._opened = self._closed = False
        self._executor: ThreadPoolExecutor | None = None
        self._writer: GroupWriter | None = None
        self._readers: Readers | None = None
        self._engine: AsyncEngine | None = None
        """Of PostgreSQL; SQLite has the three above."""
        if self.embedded:
            path = str(make_url(self.url).database)
            self._executor = ThreadPoolExecutor(2 * readers + 1, thread_name_prefix="sqlite")
            self._writer = GroupWriter(path, self._executor, json_serializer=_json)
            self._readers = sqlite_readers(path, self._executor, most=2 * readers, json_serializer=_json)
        else:
            self._engine = create_async_engine(
                self.url,
                json_serializer=_json,
                pool_size=readers,
                max_overflow=readers,
                pool_pre_ping=True,
                connect_args={
                    "timeout": CONNECT_SECONDS,
                    "command_timeout": work_seconds,
                    "server_settings": FOR_MANY,
                },
            )
            self._reading = self._engine.execution_options(postgresql_readonly=True)

    async def open(self) -> None:
        """Start the writer, in the event loop that will use the store; `write` does it too, when needed."""
        if self._closed:
            raise StoreClosed
        if self._writer is not None and not self._opened:
            Path(str(make_url(self.url).database)).parent.mkdir(parents=True, exist_ok=True)
            self._writer.start()
        self._opened = True

    async def close(self) -> None:
        """Refuse new writes, finish those already accepted, then release every connection."""
        self._closed = True
        if self._writer is not None:
            await self._writer.stop()
        if self._running:
            await asyncio.wait(self._running)
        if self._readers is not None:
            self._readers.close()
        if self._engine is not None:
            await self._engine.dispose()
        if self._executor is not None:
            self._executor.shutdown(wait=False)

    async def create_schema(self) -> None:
        """Create every table of `metadata` that is missing; for tests and throw-away stores (the desk migrates)."""
        await self.write(lambda tx: connection_of(tx).run_sync(metadata.create_all))

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees everything committed so far and refuses to write."""
        if self._readers is not None:
            async with self._readers.one() as reader:
                # As much of it as the house uses; adapters see no difference.
                yield cast("AsyncConnection", reader)
            return
        async with self._reading.connect() as connection:
            yield connection

    async def write(self, work: Work[T]) -> T:
        """Run `work` in one transaction and return its result after the commit.

        On SQLite writes that wait together share one commit; one that raises is undone alone.
        Raises what `work` raised, TimeoutError when it takes too long, `OperationalError` (or another `DBAPIError`)
        when the store cannot commit, `StoreClosed` after `close`.
        """
        if self._closed:
            raise StoreClosed
        if _writing.get():
            message = "a write inside a write waits for itself; hand the open `tx` on instead"
            raise RuntimeError(message)
        guarded = self._guarded(work)
        if self._writer is not None:
            await self.open()
            return cast("T", await self._writer.write(guarded))
        task = asyncio.create_task(self._write_postgres(guarded))
        self._running.add(task)
        task.add_done_callback(self._finished)
        return cast("T", await asyncio.shield(task))

    def _guarded(self, work: Work[T]) -> Work[T]:
        async def run(tx: Tx) -> T:
            token = _writing.set(True)
            try:
                async with asyncio.timeout(self._work_seconds):
                    return await work(tx)
            finally:
                _writing.reset(token)

        return run

    async def _write_postgres(self, work: Work[T]) -> T:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._postgres().begin() as connection:
                    return await work(Tx(connection))
            except DBAPIError as error:
                if attempt == ATTEMPTS or getattr(error.orig, "sqlstate", None) not in LOST_RACES:
                    raise
                await asyncio.sleep(0.01 * attempt)
        raise AssertionError

    def _postgres(self) -> AsyncEngine:
        if self._engine is None:
            raise AssertionError
        return self._engine

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # a caller that went away never asks; this keeps asyncio from warning about it


def _json(value: object) -> str:
    """JSON that people can read in the store: Chinese stays Chinese."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
