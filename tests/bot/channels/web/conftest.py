"""tests: a served web channel."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kit.sql import Database
from kit.texts import Texts
from tests.bot.channels.web.desk import WebDesk
from tests.bot.support.desk import Parts


@pytest.fixture
def sqlite_parts(sqlite_database: Database, texts: Texts) -> Parts:
    """The conversation's parts on SQLite alone; tests/bot runs them on PostgreSQL too."""
    return Parts(database=sqlite_database, texts=texts)


@pytest.fixture
async def desk(sqlite_parts: Parts) -> AsyncIterator[WebDesk]:
    """A running web channel."""
    async with WebDesk(parts=sqlite_parts).running() as desk:
        yield desk
