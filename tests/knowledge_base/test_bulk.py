"""Promises of an import: the present base goes on answering, what was imported follows, nothing is read twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kit.sql import Database
from knowledge_base.adapters.base_store import SqlBaseStore
from knowledge_base.settings import IndexSettings, KnowledgeBaseSettings
from knowledge_base.wordings import Wording
from tests.knowledge_base.test_live_base import MANY, opened
from tests.support.articles import INVOICE, MEI, REFUND, STORE, SmallBase, draft
from tests.support.clock import MovableClock

BULK_OF_ONE = KnowledgeBaseSettings(index=IndexSettings(bulk=1))


@pytest.fixture
async def base(sqlite_database: Database, clock: MovableClock, tmp_path: Path) -> SmallBase:
    """A base with two articles, to which more than one at once is a bulk."""
    made = await opened(sqlite_database, clock, tmp_path, settings=BULK_OF_ONE)
    for content in (REFUND, STORE):
        await made.parts.importing.publish_all([content])
        await made.first("anything")
    await made.parts.live.settled()
    return made


async def test_an_import_keeps_nobody_waiting_and_answers_when_it_is_taken_in(base: SmallBase) -> None:
    await base.parts.importing.publish_all(MANY)
    assert await base.first("kettle please") in {"refund", "store"}
    await base.parts.live.settled()
    assert await base.first("kettle please") == "many-0"
    assert await base.first("refund not arrived") == "refund"
    now = await base.parts.live.current()
    assert (now.articles, now.small, now.gone) == (2 + len(MANY), None, frozenset())


async def test_one_publication_is_found_at_once_while_an_import_waits(base: SmallBase) -> None:
    await base.parts.importing.publish_all(MANY)
    await base.first("anything")
    made = await base.editing.create(MEI, INVOICE)
    await base.editing.publish(MEI, made.id, expected_version=1)
    assert await base.first("invoice please") == "invoice"
    await base.parts.live.settled()
    assert await base.first("invoice please") == "invoice"
    assert await base.first("my lamp is odd") == "many-16"


async def test_the_old_version_answers_until_the_new_one_of_an_import_is_taken_in(base: SmallBase) -> None:
    await base.parts.importing.publish_all([INVOICE])
    await base.first("anything")
    await base.parts.live.settled()
    ids = {}
    for key, question in (("refund", "where did my cash go"), ("invoice", "paperwork of the purchase")):
        article = await base.editing.find(key)
        assert article is not None
        saved = await base.editing.save(
            MEI, article.id, draft(key, question, f"{question} then"), expected_version=article.version
        )
        await base.editing.publish(MEI, article.id, expected_version=saved.version)
        ids[key] = saved.version
    before = await base.parts.search.search(await base.reader.read("refund not arrived"))
    assert (before.matches[0].key, before.matches[0].version) == ("refund", 1)
    await base.parts.live.settled()
    after = await base.parts.search.search(await base.reader.read("where did my cash go"))
    assert (after.matches[0].key, after.matches[0].version) == ("refund", ids["refund"])
    assert (await base.parts.live.current()).articles == 3


async def test_what_is_retired_in_bulk_is_gone_at_once(base: SmallBase) -> None:
    for key in ("refund", "store"):
        article = await base.editing.find(key)
        assert article is not None
        await base.editing.retire(MEI, article.id, expected_version=article.version)
    assert await base.first("refund not arrived") == ""


async def test_a_process_that_starts_after_an_import_answers_from_its_saved_index_first(
    base: SmallBase, sqlite_database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    await base.parts.importing.publish_all(MANY)
    late = await opened(sqlite_database, clock, tmp_path, settings=BULK_OF_ONE)
    assert await late.first("refund not arrived") == "refund"
    await late.parts.live.settled()
    assert await late.first("kettle please") == "many-0"


async def test_a_rebuild_reads_no_vector_that_stands_in_memory(
    base: SmallBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[str, int]] = []
    vectors = SqlBaseStore.vectors

    async def counted(
        store: SqlBaseStore, wanted: Sequence[tuple[str, int]], *, encoder: str
    ) -> dict[str, tuple[Wording, ...]]:
        read.extend(wanted)
        return await vectors(store, wanted, encoder=encoder)

    monkeypatch.setattr(SqlBaseStore, "vectors", counted)
    await base.parts.importing.publish_all(MANY)
    await base.first("anything")
    await base.parts.live.settled()
    assert len(read) == len(MANY)
    assert (await base.parts.live.current()).small is None
