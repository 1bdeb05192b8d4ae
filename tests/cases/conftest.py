"""tests: complaint files over a real store, with and without their pages."""

from __future__ import annotations

import pytest

from kit.sql import Database
from kit.texts import Texts
from tests.cases.office import Office, build_office
from tests.cases.support import Files, build_files
from tests.support.clock import MovableClock


@pytest.fixture
def files(database: Database, clock: MovableClock) -> Files:
    """Complaint files on an empty store; SQLite and PostgreSQL in turn."""
    return build_files(database, clock)


@pytest.fixture
def office(sqlite_database: Database, texts: Texts, clock: MovableClock) -> Office:
    """The files behind their pages, on an empty store."""
    return build_office(sqlite_database, texts, clock)
