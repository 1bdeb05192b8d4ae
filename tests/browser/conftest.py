"""tests: the staff room's pages and the website's channel, served to a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kit.sql import Database
from kit.texts import Texts
from tests.bot.channels.web.desk import WebDesk
from tests.bot.support.desk import Parts
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


@pytest.fixture
async def desk(sqlite_database: Database, texts: Texts) -> AsyncIterator[WebDesk]:
    """The website's channel, with nobody who answers but the test."""
    async with WebDesk(parts=Parts(database=sqlite_database, texts=texts)).running() as desk:
        yield desk
