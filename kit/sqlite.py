"""kit: how SQLite is written. One task owns the only writing connection and gives waiting writes one commit.

A pool of SQLite writers collapses under contention; one writer with group commit does not
(docs/decisions/0002-one-writer.md has the figures).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.engine import Engine

from kit.contracts import Tx
from kit.faults import fault_fields
from kit.file_lock import FileLock
from kit.sqlite_driver import Connection, Readers, plain_engine

BATCH = 64
"""Most writes that share one commit."""
BUSY_SECONDS = 15
"""How long a connection waits for another process's transaction."""


log = structlog.get_logger(__name__)


class StoreClosed(RuntimeError):
    """The store was closed before this write was committed; nothing of it was stored."""


class _CannotBegin(Exception):
    """No transaction could be opened; no job has run. The cause says why."""


class _Torn(Exception):
    """A job's failure ended the transaction that others shared."""


@dataclass(slots=True)
class _Job:
    work: Callable[[Tx], Awaitable[Any]]
    done: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None

    def tell(self) -> None:
        """Give the caller what this job came to."""
        if self.done.done():
            return
        if isinstance(self.error, asyncio.CancelledError):
            self.done.cancel()
        elif self.error is not None:
            self.done.set_exception(self.error)
        else:
            self.done.set_result(self.result)

    def fail(self, error: BaseException) -> None:
        """Give the caller `error`."""
        self.error = error
        self.tell()


def writer_lock(path: str) -> Path:
    """The file that whoever writes the SQLite file at `path` locks first."""
    return Path(f"{path}-writer")


class GroupWriter:
    """The only writer of a SQLite file in this process."""

    def __init__(self, path: str, executor: Executor, **options: Any) -> None:
        self._engine, self._executor = _engine(path, writes=True, **options), executor
        self._connection: Connection | None = None
        self._lock = FileLock(writer_lock(path), seconds=BUSY_SECONDS)
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start writing, in the running event loop."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="sql-writer")

    async def stop(self) -> None:
        """Finish the writes already accepted, then stop."""
        if self._task is None:
            return
        if not self._task.done():
            await self._jobs.join()
            self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._drop()
        self._lock.close()

    async def write(self, work: Callable[[Tx], Awaitable[Any]]) -> Any:
        """Run `work` in a transaction shared with whoever else waits; its result after the commit."""
        if self._task is None or self._task.done():
            raise StoreClosed
        job = _Job(work, asyncio.get_running_loop().create_future())
        # A caller that went away never asks; looking at the outcome keeps asyncio from warning about it.
        job.done.add_done_callback(_looked_at)
        self._jobs.put_nowait(job)
        # Shielded: a caller that is cancelled does not tear a transaction that others share.
        return await asyncio.shield(job.done)

    async def _run(self) -> None:
        try:
            while True:
                batch = [await self._jobs.get()]
                while len(batch) < BATCH and not self._jobs.empty():
                    batch.append(self._jobs.get_nowait())
                try:
                    await self._write_batch(batch)
                finally:
                    for job in batch:
                        job.fail(StoreClosed())  # only reaches callers who were told nothing yet
                        self._jobs.task_done()
        finally:
            while not self._jobs.empty():
                self._jobs.get_nowait().fail(StoreClosed())
                self._jobs.task_done()

    async def _write_batch(self, batch: Sequence[_Job]) -> None:
        if len(batch) > 1:
            try:
                await self._commit(batch)
            except _CannotBegin as error:
                for job in batch:
                    job.fail(error.__cause__ or error)
                return
            except Exception as error:  # noqa: BLE001 - one job spoilt the shared transaction or its commit; who, shows below
                log.warning("sql.batch_torn", writes=len(batch), **fault_fields(error))
            else:
                return
        for job in batch:
            try:
                await self._commit([job])
            except _CannotBegin as error:
                job.fail(error.__cause__ or error)
            except Exception as error:  # noqa: BLE001 - the caller's to judge; the writer lives on
                job.fail(error)

    async def _commit(self, jobs: Sequence[_Job]) -> None:
        async with contextlib.AsyncExitStack() as stack:
            try:
                connection = await self._connected()
                await stack.enter_async_context(self._lock.held())
                await connection.begin()
            except Exception as error:
                raise _CannotBegin from error
            try:
                if len(jobs) > 1:
                    for job in jobs:
                        await _run_in_savepoint(connection, job)
                else:
                    await _run_job(connection, jobs[0])
                if len(jobs) > 1 or jobs[0].error is None:
                    await connection.commit()
                else:
                    await connection.rollback()
            except BaseException:
                # SQLite may still stand inside the transaction (a COMMIT that failed does that): drop it whole.
                self._drop()
                raise
        for job in jobs:
            job.tell()

    async def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = await Connection.open(
                self._engine, self._executor, writes=True, busy_seconds=BUSY_SECONDS
            )
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.drop()
            self._connection = None


async def _run_job(connection: Connection, job: _Job) -> None:
    job.result, job.error = None, None
    try:
        job.result = await job.work(Tx(connection))
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise  # the writer itself is being stopped
        job.error = error
    except Exception as error:  # noqa: BLE001 - belongs to this job's caller, not to the batch
        job.error = error


async def _run_in_savepoint(connection: Connection, job: _Job) -> None:
    """Run one job of several; raises when its failure took the whole transaction along."""
    savepoint = await connection.begin_nested()
    await _run_job(connection, job)
    if job.error is None:
        await savepoint.commit()
        return
    # SQLite ends the whole transaction by itself after some faults (disk full, I/O error, interrupt).
    if not connection.in_transaction:
        raise _Torn from job.error
    await savepoint.rollback()


def _looked_at(done: asyncio.Future[Any]) -> None:
    if not done.cancelled():
        done.exception()


def readers(path: str, executor: Executor, *, most: int, **options: Any) -> Readers:
    """At most `most` connections that read the file at `path`."""
    return Readers(_engine(path, writes=False, **options), executor, most=most, busy_seconds=BUSY_SECONDS)


def _engine(path: str, *, writes: bool, **options: Any) -> Engine:
    pragmas = [
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-32000",
        "journal_mode=WAL" if writes else "query_only=ON",
    ]
    return plain_engine(path, pragmas=pragmas, writes=writes, busy_seconds=BUSY_SECONDS, **options)
