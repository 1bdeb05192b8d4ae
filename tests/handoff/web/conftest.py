"""tests: the console over SQLite; its stores have their own tests on both."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kit.sql import Database
from kit.texts import Texts
from tests.support.clock import MovableClock
from tests.support.console import ConsoleHouse, build_console
from tests.support.serving import serving


@pytest.fixture
async def console(sqlite_database: Database, texts: Texts, clock: MovableClock) -> ConsoleHouse:
    """The console, not yet listening for news."""
    return await build_console(sqlite_database, texts, clock)


@pytest.fixture
async def address(console: ConsoleHouse) -> AsyncIterator[str]:
    """Address of the running console."""
    async with console.live, serving(console.app) as address:
        yield address
