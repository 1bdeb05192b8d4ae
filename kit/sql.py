"""kit: the SQL store. SQLite through one writer with group commit, or PostgreSQL; the same interface.

SQL is the truth of the house. Every write goes through `Database.write`; what it returned is on disk.
Source of the writer's design and its figures: docs/decisions/0002-one-writer.md.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import DateTime, Dialect, MetaData, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

from kit.contracts import Tx

T = TypeVar("T")
Work = Callable[[Tx], Awaitable[T]]

BATCH = 64
"""Most writes that share one commit on SQLite."""
BUSY_SECONDS = 15
"""How long a SQLite writer waits for another process's transaction."""
ATTEMPTS = 4
"""Tries of a PostgreSQL transaction that lost to a deadlock or a serialisation conflict."""

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


@dataclass(slots=True)
class _Job:
    work: Work[Any]
    done: asyncio.Future[Any]


class Database:
    """One store. `url` is an SQLAlchemy async URL: `sqlite+aiosqlite:///file.db` or `postgresql+asyncpg://…`."""

    def __init__(self, url: str, *, readers: int = 8) -> None:
        self.url = url
        self.embedded = url.startswith("sqlite")
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None
        if self.embedded:
            self._write_engine = create_async_engine(url, pool_size=1, max_overflow=0)
            self._read_engine = create_async_engine(url, pool_size=readers, max_overflow=readers)
            _prepare_sqlite(self._write_engine, begin="BEGIN IMMEDIATE", read_only=False)
            _prepare_sqlite(self._read_engine, begin="BEGIN", read_only=True)
        else:
            self._write_engine = self._read_engine = create_async_engine(
                url, pool_size=readers, max_overflow=readers, pool_pre_ping=True
            )

    async def open(self) -> None:
        """Start the writer. Call once, in the event loop that will use the store."""
        if self.embedded and self._writer is None:
            self._writer = asyncio.create_task(self._write_forever(), name="sql-writer")

    async def close(self) -> None:
        """Finish the writes already accepted, then release every connection."""
        if self._writer is not None:
            await self._jobs.join()
            self._writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._writer
            self._writer = None
        await self._write_engine.dispose()
        if self._read_engine is not self._write_engine:
            await self._read_engine.dispose()

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees everything committed so far; what it writes is thrown away (or refused)."""
        async with self._read_engine.connect() as connection:
            yield connection

    async def write(self, work: Work[T]) -> T:
        """Run `work` in one transaction and return its result after the commit.

        On SQLite writes that wait together share one commit; one that raises is undone alone (savepoint).
        Raises what `work` raised, or `OperationalError` when the store cannot commit.
        """
        if not self.embedded:
            return await self._write_postgres(work)
        if self._writer is None:
            await self.open()
        job = _Job(work, asyncio.get_running_loop().create_future())
        await self._jobs.put(job)
        # Shielded: a caller that is cancelled does not tear a transaction that others share.
        return cast("T", await asyncio.shield(job.done))

    async def _write_postgres(self, work: Work[T]) -> T:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._write_engine.begin() as connection:
                    return await work(Tx(connection))
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                if state not in {"40001", "40P01"} or attempt == ATTEMPTS:
                    raise
                await asyncio.sleep(0.01 * attempt)
        raise AssertionError

    async def _write_forever(self) -> None:
        while True:
            batch = [await self._jobs.get()]
            while len(batch) < BATCH and not self._jobs.empty():
                batch.append(self._jobs.get_nowait())
            try:
                await self._write_batch(batch)
            except Exception as error:  # noqa: BLE001 - every waiter must hear of it, and the writer must live on
                for job in batch:
                    if not job.done.done():
                        job.done.set_exception(error)
            finally:
                for job in batch:
                    # A caller that went away never asks; retrieving here keeps asyncio from warning about it.
                    job.done.add_done_callback(_retrieved)
                    self._jobs.task_done()

    async def _write_batch(self, batch: list[_Job]) -> None:
        outcomes: list[tuple[_Job, Any, Exception | None]] = []
        async with self._write_engine.connect() as connection, connection.begin():
            for job in batch:
                try:
                    async with connection.begin_nested():
                        outcomes.append((job, await job.work(Tx(connection)), None))
                except OperationalError:
                    raise
                except Exception as error:  # noqa: BLE001 - belongs to this job's caller, not to the batch
                    outcomes.append((job, None, error))
        for job, result, error_or_none in outcomes:
            if job.done.done():
                continue
            if error_or_none is None:
                job.done.set_result(result)
            else:
                job.done.set_exception(error_or_none)


def _retrieved(done: asyncio.Future[Any]) -> None:
    if not done.cancelled():
        done.exception()


def _prepare_sqlite(engine: AsyncEngine, *, begin: str, read_only: bool) -> None:
    """Take transaction control from the driver (its own begins too late) and set the durability pragmas."""

    @event.listens_for(engine.sync_engine, "connect")
    def _connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "cache_size=-32000",
            *(("query_only=ON",) if read_only else ()),
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)
