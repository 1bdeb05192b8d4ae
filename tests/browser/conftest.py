"""tests: the staff room's pages and a page with the conversation elements, in a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kit.sql import Database
from kit.texts import Texts
from tests.support.clock import MovableClock
from tests.support.serving import serving
from tests.support.web import House, build_house


@pytest.fixture
def house(sqlite_database: Database, texts: Texts, clock: MovableClock) -> House:
    """The staff room."""
    return build_house(sqlite_database, texts, clock=clock)


@pytest.fixture
async def address(house: House) -> AsyncIterator[str]:
    """Address of the running staff room."""
    async with serving(house.app) as address:
        yield address
