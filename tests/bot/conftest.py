"""tests: the conversation on SQLite and PostgreSQL in turn, or on SQLite alone."""

from __future__ import annotations

import pytest

from kit.sql import Database
from kit.texts import Texts
from tests.bot.support.desk import Parts


@pytest.fixture
def parts(database: Database, texts: Texts) -> Parts:
    """The conversation's parts; SQLite and PostgreSQL in turn."""
    return Parts(database=database, texts=texts)


@pytest.fixture
def sqlite_parts(sqlite_database: Database, texts: Texts) -> Parts:
    """The conversation's parts on SQLite, where PostgreSQL would say nothing new."""
    return Parts(database=sqlite_database, texts=texts)
