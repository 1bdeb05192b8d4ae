"""bot.migrations: reads and raises the level of a database. Each raise is one transaction: all of it or nothing."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from kit.file_lock import FileLock
from kit.sql import store_url
from kit.sqlite import writer_lock

STEPS = Path(__file__).parent

LOCK = 7_303_014
"""Key of PostgreSQL's advisory lock: of two machines that start at once, one migrates and the other waits."""
WAIT_SECONDS = 600
"""How long the second of two processes waits for the first to migrate the same SQLite file."""


class NewerDatabase(Exception):
    """The database was made by a later version of the house, which alone can use it."""

    def __init__(self, level: str) -> None:
        super().__init__(level)
        self.level = level


class Damaged(Exception):
    """A migrated database breaks its own rules; nothing was stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How far a database is."""

    now: str | None
    """The last step taken; None for an empty database."""
    newest: str
    """The last step this version knows."""
    is_known: bool
    """Whether this version knows the step at all; a later one's it does not."""

    @property
    def is_newest(self) -> bool:
        return self.now == self.newest


async def find_level(url: str, *, steps: Path = STEPS) -> Level:
    """The level of the database at `url`; changes nothing, and creates no file."""
    parsed = make_url(store_url(url))
    if parsed.get_backend_name() == "sqlite" and not await asyncio.to_thread(Path(str(parsed.database)).exists):
        return Level(now=None, newest=_newest(steps), is_known=True)
    async with connect(url, writes=False) as connection:
        now = await connection.run_sync(_level)
    return Level(now=now, newest=_newest(steps), is_known=now is None or now in _known(steps))


async def migrate(url: str, *, backups: Path | None = None, steps: Path = STEPS) -> Level:
    """Bring the database at `url` to this version; returns the level it had.

    A SQLite file that is not empty is copied into `backups` first. Raises NewerDatabase, Damaged, or what the
    database raised.
    """
    before = await find_level(url, steps=steps)
    if before.is_newest:
        return before
    if before.now is not None:
        if not before.is_known:
            raise NewerDatabase(before.now)
        if backups is not None:
            await asyncio.to_thread(_copy, url, backups, before.now)
    async with connect(url, writes=True) as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        await connection.run_sync(_upgrade, steps)
        if connection.dialect.name == "sqlite":
            broken = (await connection.execute(text("PRAGMA foreign_key_check"))).all()
            if broken:
                raise Damaged(", ".join(sorted({f"{row[0]} -> {row[2]}" for row in broken})))
    return before


def config(steps: Path = STEPS, connection: Connection | None = None) -> Config:
    """Alembic's settings; there is no alembic.ini, so that nobody runs it beside the house."""
    settings = Config()
    settings.set_main_option("script_location", str(steps).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings


def _newest(steps: Path) -> str:
    newest = ScriptDirectory.from_config(config(steps)).get_current_head()
    if newest is None:
        raise RuntimeError(f"{steps} holds no step")
    return newest


def _known(steps: Path) -> set[str]:
    return {step.revision for step in ScriptDirectory.from_config(config(steps)).walk_revisions()}


def _level(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection, steps: Path) -> None:
    command.upgrade(config(steps, connection), "head")


def _copy(url: str, backups: Path, level: str) -> Path:
    """Copy a SQLite file as it stands; other databases have their own tools (docs/operations.md)."""
    parsed = make_url(store_url(url))
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    target = backups / f"desk-{level}-{stamp}.db"
    if parsed.get_backend_name() == "sqlite":
        backups.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (
            contextlib.closing(sqlite3.connect(str(parsed.database))) as old,
            contextlib.closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
    return target


@contextlib.asynccontextmanager
async def connect(url: str, *, writes: bool) -> AsyncIterator[AsyncConnection]:
    """A connection of its own: steps that rebuild a SQLite table need its foreign keys off, the house never does."""
    engine = create_async_engine(store_url(url), poolclass=NullPool)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(engine.dispose)
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine, writes=writes)
            if writes:
                # Of two that turn a new file to WAL at once SQLite refuses one at once, whatever busy_timeout says.
                lock = FileLock(writer_lock(str(engine.url.database)), seconds=WAIT_SECONDS)
                stack.callback(lock.close)
                await stack.enter_async_context(lock.held())
        yield await stack.enter_async_context(engine.begin())


def _prepare_sqlite(engine: AsyncEngine, *, writes: bool) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in ("busy_timeout=30000", "foreign_keys=OFF", "journal_mode=WAL" if writes else "query_only=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
