"""tests: the cases room's pages, served to a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kit.sql import Database
from kit.texts import Texts
from tests.cases.office import Office, build_office
from tests.support.clock import MovableClock
from tests.support.serving import serving


@pytest.fixture
def office(sqlite_database: Database, texts: Texts, clock: MovableClock) -> Office:
    """The files behind their pages."""
    return build_office(sqlite_database, texts, clock)


@pytest.fixture
async def address(office: Office) -> AsyncIterator[str]:
    """Address of the running pages."""
    async with serving(office.house.app) as address:
        yield address
