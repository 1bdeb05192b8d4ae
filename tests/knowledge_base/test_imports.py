"""tests: an import is all or nothing whatever happens to whoever works at it, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from kit.contracts import Tx
from kit.ids import new_id
from kit.refusals import NotFound
from kit.sql import Database
from kit.texts import Texts
from knowledge_base.adapters.build import build_exchange
from knowledge_base.adapters.import_store import SqlImportStore
from knowledge_base.adapters.tables import article_versions, articles, import_chunks, import_rows, imports
from knowledge_base.contracts import Change
from knowledge_base.contracts.imports import Import, ImportOptions, ImportState, ImportStep, ImportStopped
from knowledge_base.exchanging import Exchange
from knowledge_base.import_work import ALIVE, MOST_TRIES, ImportWork
from knowledge_base.imports import Imports
from knowledge_base.pacing import FIRST, LEAST, LONGEST_REST, MOST, WANTED_SECONDS, Pace
from knowledge_base.refusals import ArticleChanged, FileTooLarge, ImportDecided, KeyTaken
from knowledge_base.watching import Watch
from knowledge_base.web.exchange_pages import heading_names
from tests.support.articles import MEI, REFUND, TOM, SmallBase, draft
from tests.support.clock import MovableClock

ROWS = 3 * FIRST
FILE = "key,category,en.title\nrefund,a,Changed?\n" + "".join(f"row-{n},a,Row {n}?\n" for n in range(ROWS))


def test_a_step_takes_about_as_long_as_wanted_and_others_get_as_much() -> None:
    pace = Pace()
    for _ in range(20):
        pace = pace.after(held=pace.size * 0.0005, took=0.03)
    assert pace == Pace(size=round(WANTED_SECONDS / 0.0005), rest=0.03)
    assert pace.after(held=5.0, took=60.0) == Pace(size=pace.size // 2, rest=LONGEST_REST)
    assert Pace(size=LEAST).after(held=60.0, took=60.0).size == LEAST
    assert Pace(size=MOST).after(held=0.0, took=0.0).size == MOST


class Room:
    """A base, and imports into it whose every part can be made to fail."""

    def __init__(self, database: Database, clock: MovableClock, folder: Path, texts: Texts) -> None:
        self.database, self.clock = database, clock
        self.base = SmallBase(database, clock=clock, folder=folder)
        self.store = SqlImportStore(database)
        self.exchange = build_exchange(self.base.parts, database=database, names=heading_names(texts))
        self.imports, self.work = self.worker()

    def worker(self, exchange: Exchange | None = None, articles: Any = None) -> tuple[Imports, ImportWork]:
        """Another process, with parts of its own where they are given."""
        work = ImportWork(
            store=self.store,
            exchange=exchange or self.exchange,
            articles=articles or self.base.parts.articles,
            publisher=self.base.publisher,
            transactions=self.database,
            clock=self.clock,
            new_id=new_id,
        )
        return Imports(store=self.store, work=work, transactions=self.database, clock=self.clock, new_id=new_id), work

    async def send(self, content: bytes = FILE.encode(), *, stores: bool = True) -> Import:
        """Send a file that nobody works at yet."""

        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(content), 100_000):
                yield content[start : start + 100_000]

        return await self.imports.send(MEI, "faq.csv", pieces(), options=ImportOptions(), stores=stores)

    async def count(self, *tables: Any) -> tuple[int, ...]:
        """How many rows there are."""
        async with self.database.read() as connection:
            return tuple(
                [(await connection.execute(select(func.count()).select_from(table))).scalar_one() for table in tables]
            )

    async def all_is_there(self) -> None:
        """Every row of the file is stored, once, and nothing of the import is left but its record."""
        assert await self.count(articles, import_rows, import_chunks) == (ROWS + 1, 0, 0)
        assert await self.count(article_versions) == (ROWS + 2,)
        actions = [record.action for record in self.base.trail.records]
        assert actions.count("knowledge_base.import") == ROWS + 1

    async def nothing_is_left(self) -> None:
        """The base is as it was before, and so are the tables of imports."""
        assert await self.count(articles, article_versions) == (1, 1)
        assert await self.count(imports, import_rows, import_chunks) == (0, 0, 0)


@pytest.fixture
async def room(
    database: Database, clock: MovableClock, tmp_path: Path, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> Room:
    """With one article that the file changes; no file is small, so that a test decides who works at it, and when."""
    monkeypatch.setattr("knowledge_base.imports.SMALL", 0)
    made = Room(database, clock, tmp_path, texts)
    await made.base.editing.create(MEI, REFUND)
    return made


async def test_a_dry_run_is_kept_until_somebody_stores_it(room: Room) -> None:
    job = await room.send(stores=False)
    assert (job.state, job.step, job.size) == (ImportState.WAITING, ImportStep.READING, len(FILE))
    assert await room.imports.waiting() == (job.id,)
    assert await room.work.work(job.id)
    assert not await room.work.work(job.id)
    job = await room.imports.load(TOM, job.id)
    assert job.report is not None
    assert (job.state, job.report.total, job.report.can_be_stored) == (ImportState.CHECKED, ROWS + 1, True)
    assert await room.count(articles) == (1,)
    assert await room.imports.newest(MEI) == job
    assert await room.imports.newest(TOM) is None
    await room.imports.start(MEI, job.id)
    await room.imports.work_at_waiting()
    assert (await room.imports.load(MEI, job.id)).state is ImportState.DONE
    await room.all_is_there()
    room.clock.forward(hours=25)
    await room.imports.purge()
    assert await room.count(imports) == (0,)


async def test_cancelling_leaves_nothing_behind_wherever_it_is(room: Room) -> None:
    waiting = await room.send()
    await room.imports.cancel(MEI, waiting.id)
    await room.imports.settled()
    await room.nothing_is_left()

    async def read(file: Any, watch: Watch) -> Any:
        plan = await room.exchange.read(file, watch)
        await room.imports.cancel(MEI, working.id)
        return plan

    working = await room.send()
    meddling = build_exchange(room.base.parts, database=room.database, names={})
    meddling.read = read  # type: ignore[method-assign]
    _, work = room.worker(meddling)
    await work.work(working.id)
    await room.imports.settled()
    await room.nothing_is_left()
    with pytest.raises(NotFound):
        await room.imports.load(MEI, working.id)


async def test_a_watch_that_was_stopped_ends_the_work() -> None:
    watch = Watch()
    watch.tell(ImportStep.CHECKING, 3, total=7)
    assert (watch.step, watch.done, watch.total) == (ImportStep.CHECKING, 3, 7)
    watch.stopped = True
    with pytest.raises(ImportStopped):
        watch.tell(ImportStep.CHECKING, 4, total=7)


@pytest.mark.parametrize("meanwhile", ["saved", "created", "another import"])
async def test_somebody_who_writes_meanwhile_takes_the_whole_file_back(room: Room, meanwhile: str) -> None:
    (refund,) = (await room.base.editing.list(MEI)).lines

    async def read(file: Any, watch: Watch) -> Any:
        plan = await room.exchange.read(file, watch)
        if meanwhile == "saved":
            await room.base.editing.save(TOM, refund.id, REFUND, expected_version=1)
        elif meanwhile == "created":
            await room.base.editing.create(TOM, draft("row-3", "Mine?"))
        else:
            other = await room.send()
            await room.work.work(other.id)
        return plan

    meddling = build_exchange(room.base.parts, database=room.database, names={})
    meddling.read = read  # type: ignore[method-assign]
    job = await room.send()
    _, work = room.worker(meddling)
    await work.work(job.id)
    refused = (await room.imports.load(MEI, job.id)).refusal
    assert refused is not None
    assert refused["code"] == ("import_refused" if meanwhile == "created" else "article_changed")
    assert await room.count(import_rows, import_chunks) == (0, 0)
    if meanwhile == "another import":
        await room.all_is_there()
    else:
        assert await room.count(articles) == (2 if meanwhile == "created" else 1,)


class Dying:
    """Articles whose store lets the process die after some rows."""

    def __init__(self, room: Room) -> None:
        self._articles, self.steps = room.base.parts.articles, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._articles, name)

    async def create_many(self, tx: Tx, drafts: Any, *, change: Change, at: Any, by: str, by_id: str = "") -> None:
        self.steps += 1
        if self.steps > 1:
            raise asyncio.CancelledError
        await self._articles.create_many(tx, drafts, change=change, at=at, by=by, by_id=by_id)


async def test_once_it_is_decided_every_row_is_stored_though_the_worker_dies(room: Room) -> None:
    job = await room.send()
    _, dying = room.worker(articles=Dying(room))
    with pytest.raises(asyncio.CancelledError):
        await dying.work(job.id)
    halfway = await room.imports.load(MEI, job.id)
    assert halfway.state is ImportState.BRINGING
    stored, left = await room.count(articles, import_rows)
    assert stored - 1 + left >= ROWS
    assert left > 0
    with pytest.raises(ImportDecided):
        await room.imports.cancel(MEI, job.id)
    with pytest.raises(KeyTaken):
        await room.base.editing.create(TOM, draft(f"row-{ROWS - 1}", "Mine?"))
    await room.imports.work_at_waiting()
    assert (await room.imports.load(MEI, job.id)).state is ImportState.DONE
    await room.all_is_there()


async def test_what_a_decided_import_will_write_nobody_else_changes(room: Room) -> None:
    (refund,) = (await room.base.editing.list(MEI)).lines

    class NoneYet(Dying):
        async def create_many(self, tx: Tx, drafts: Any, **_: Any) -> None:
            raise asyncio.CancelledError

    job = await room.send()
    _, dying = room.worker(articles=NoneYet(room))
    with pytest.raises(asyncio.CancelledError):
        await dying.work(job.id)
    for change in (
        room.base.editing.save(TOM, refund.id, REFUND, expected_version=1),
        room.base.editing.publish(TOM, refund.id, expected_version=1),
        room.base.editing.delete(TOM, refund.id, expected_version=1),
    ):
        with pytest.raises(ArticleChanged):
            await change
    await room.imports.work_at_waiting()
    await room.all_is_there()
    await room.base.editing.delete(TOM, refund.id, expected_version=2)


async def test_a_worker_that_vanishes_before_it_is_decided_is_followed_by_another(room: Room) -> None:
    job = await room.send()
    for tries in range(1, MOST_TRIES + 1):
        now = room.clock()
        claimed = await room.database.write(
            lambda tx, now=now: room.store.claim(tx, job.id, worker="gone", now=now, until=now + ALIVE)  # type: ignore[misc]
        )
        assert claimed is not None
        assert claimed.tries == tries
        assert await room.imports.waiting() == ()
        room.clock.forward(seconds=ALIVE.total_seconds() + 1)
        assert await room.imports.waiting() == (job.id,)
    await room.imports.work_at_waiting()
    refused = await room.imports.load(MEI, job.id)
    assert (refused.state, refused.refusal and refused.refusal["code"]) == (ImportState.REFUSED, "import_failed")
    again = await room.send()
    await room.imports.work_at_waiting()
    assert (await room.imports.load(MEI, again.id)).state is ImportState.DONE


async def test_a_file_that_is_too_large_or_cut_off_leaves_nothing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge_base.imports.SIZE_LIMIT", len(FILE) - 1)
    with pytest.raises(FileTooLarge):
        await room.send()
    await room.imports.purge()
    await room.nothing_is_left()
