"""The event loop goes on while a write waits for whoever else writes the same SQLite file."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from kit.contracts import Tx
from kit.sql import Database, connection_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "desk.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("CREATE TABLE numbers (number INTEGER)")
        raw.commit()
    return path


@pytest.fixture
def stranger(path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who writes without asking the house's own lock, such as the sqlite3 shell."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        yield raw


async def add(tx: Tx) -> None:
    await connection_of(tx).execute(text("INSERT INTO numbers VALUES (1)"))


async def count(store: Database) -> int:
    async with store.read() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM numbers"))).scalar_one())


async def test_a_write_waits_in_a_thread_while_a_stranger_holds_the_file(
    path: Path, stranger: sqlite3.Connection
) -> None:
    store = Database(f"sqlite:///{path}")
    await store.open()
    stranger.execute("BEGIN IMMEDIATE")
    stranger.execute("INSERT INTO numbers VALUES (2)")
    writing = asyncio.create_task(store.write(add))
    # Reads run in the event loop: they would not come back if the write waited there.
    assert [await count(store) for _ in range(20)] == [0] * 20
    assert not writing.done()
    stranger.execute("COMMIT")
    await writing
    assert await count(store) == 2
    await store.close()


async def test_a_write_that_was_undone_leaves_nothing_open(path: Path, stranger: sqlite3.Connection) -> None:
    store = Database(f"sqlite:///{path}")

    async def fail(tx: Tx) -> None:
        await add(tx)
        raise LookupError

    with pytest.raises(LookupError):
        await store.write(fail)
    stranger.execute("BEGIN IMMEDIATE")  # would be refused as locked
    stranger.execute("ROLLBACK")
    assert await count(store) == 0
    await store.close()
