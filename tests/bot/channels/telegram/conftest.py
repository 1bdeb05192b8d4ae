"""tests: a fake Bot API with the channel behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kit.sql import Database
from kit.texts import Texts
from tests.bot.channels.telegram.desk import TelegramDesk
from tests.bot.support.desk import Parts
from tests.support.fake_bot_api import FakeBotApi


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    """A running fake of the Bot API."""
    async with FakeBotApi().running() as api:
        yield api


@pytest.fixture
def sqlite_parts(sqlite_database: Database, texts: Texts) -> Parts:
    """The conversation's parts on SQLite alone; tests/bot runs them on PostgreSQL too."""
    return Parts(database=sqlite_database, texts=texts)


@pytest.fixture
async def desk(api: FakeBotApi, sqlite_parts: Parts) -> AsyncIterator[TelegramDesk]:
    """The channel in polling mode."""
    desk = TelegramDesk(api=api, parts=sqlite_parts)
    yield desk
    await desk.channel.close()
