"""tests: fixtures of the editors' knowledge base, for its HTTP and its browser tests."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kit.sql import Database
from kit.texts import Texts
from tests.support.clock import MovableClock
from tests.support.editing import Library, copy_folder, fill_base, open_library


@pytest.fixture(scope="session")
def filled_folder(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that holds published starter articles; to be copied."""
    folder = tmp_path_factory.mktemp("library")
    shutil.copyfile(sqlite_template, folder / "desk.db")
    asyncio.run(fill_base(f"sqlite:///{folder / 'desk.db'}", clock=MovableClock(), folder=folder))
    return folder


@pytest.fixture
async def library(filled_folder: Path, tmp_path: Path, texts: Texts, clock: MovableClock) -> AsyncIterator[Library]:
    """The knowledge base with published articles on returns, an editor mei, an editor tom, an agent ann."""
    clock.forward(minutes=1)
    folder = copy_folder(filled_folder, tmp_path / "library")
    database = Database(f"sqlite:///{folder / 'desk.db'}")
    async with open_library(database, texts, clock=clock, folder=folder) as library:
        await library.hire()
        yield library
    await database.close()
