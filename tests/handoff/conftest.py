"""tests: a desk over a real store, with conversations of the stand-in."""

from __future__ import annotations

import pytest

from kit.sql import Database
from tests.handoff.house import House, build_house
from tests.support.clock import MovableClock


@pytest.fixture
async def house(database: Database, clock: MovableClock) -> House:
    """A desk on an empty store; SQLite and PostgreSQL in turn."""
    return await build_house(database, clock)


@pytest.fixture
async def small_house(sqlite_database: Database, clock: MovableClock) -> House:
    """A desk on SQLite, where the kind of store does not matter."""
    return await build_house(sqlite_database, clock)
