"""tests: the staff room over a real store."""

from __future__ import annotations

import pytest

from kit.sql import Database
from kit.texts import Texts
from tests.support.clock import MovableClock
from tests.support.web import House, build_house


@pytest.fixture
def house(sqlite_database: Database, texts: Texts, clock: MovableClock) -> House:
    """The staff room as an application; on SQLite (tests/contracts runs its stores on PostgreSQL too)."""
    return build_house(sqlite_database, texts, clock=clock)
