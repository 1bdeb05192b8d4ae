"""tests: kill -9 of the process that works at an import, all rows are there in the end, or none."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from kit.ids import now
from kit.rooms import HOUSE
from kit.sql import Database, connection_of
from kit.tether import tethered
from kit.texts import Texts
from knowledge_base.adapters.tables import article_versions, articles, import_chunks, import_rows, imports
from knowledge_base.contracts.imports import Import, ImportOptions, ImportState
from knowledge_base.editors_desk import EditorsDesk
from staff.adapters.tables import audit
from tests.support.articles import MEI, SmallBase
from tests.support.wait import until

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(600)]

ROWS = 2_000
FILE = "key,category,en.title,en.answer\n" + "".join(f"row-{n},a,Row {n}?,{'Word ' * 60}\n" for n in range(ROWS))
PATIENCE = 200.0


class Runs:
    """Processes that work at imports, one after the other."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self._folder = database, folder

    def start(self) -> subprocess.Popen[bytes]:
        """Start one."""
        environment = {**os.environ, "DATABASE_URL": self.database.url.replace("+aiosqlite", "")}
        command = (sys.executable, "-m", "knowledge_base", "work-imports", "--data-dir", str(self._folder))
        return subprocess.Popen(tethered(*command), cwd=HOUSE, env=environment)

    async def kill_when(self, desk: EditorsDesk, job: Import, state: ImportState, table: Any) -> None:
        """Kill one in the middle: in this state, with some rows in this table."""
        process = self.start()
        try:

            async def in_the_middle() -> bool:
                assert process.poll() is None, "it ended before it could be killed"
                there = (await desk.imports.load(MEI, job.id)).state is state
                return there and await self.count(table) > 0

            await until(in_the_middle, within=PATIENCE)
        finally:
            process.kill()
            process.wait()
        # What its silence would do after a while.
        await self.database.write(lambda tx: connection_of(tx).execute(update(imports).values(worked_until=None)))

    async def count(self, table: Any) -> int:
        """How many rows there are."""
        async with self.database.read() as connection:
            return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def test_a_killed_import_begins_anew_or_goes_on_and_is_never_half(
    sqlite_database: Database, tmp_path: Path, texts: Texts
) -> None:
    base = SmallBase(sqlite_database, clock=now, folder=tmp_path / "base")
    desk, runs = base.desk(texts), Runs(sqlite_database, tmp_path)

    async def pieces() -> AsyncIterator[bytes]:
        yield FILE.encode()

    job = await desk.imports.send(MEI, "rows.csv", pieces(), options=ImportOptions(), stores=True)
    await runs.kill_when(desk, job, ImportState.WAITING, import_rows)
    assert await runs.count(articles) == 0
    await runs.kill_when(desk, job, ImportState.BRINGING, articles)
    assert 0 < await runs.count(articles) < ROWS
    assert runs.start().wait(timeout=PATIENCE) == 0
    assert (await desk.imports.load(MEI, job.id)).state is ImportState.DONE
    for table, wanted in (
        (articles, ROWS),
        (article_versions, ROWS),
        (audit, ROWS),
        (import_rows, 0),
        (import_chunks, 0),
    ):
        assert await runs.count(table) == wanted, table.name
    assert (await base.editing.list(MEI)).total == ROWS
    assert len({line.key for line in (await base.editing.list(MEI, limit=200)).lines}) == 200
