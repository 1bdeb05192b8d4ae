"""Promises about unsaved texts and company at an article, on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest

from kit.contracts import Tx
from kit.ids import new_id
from kit.refusals import Malformed, NotAllowed, NotFound
from kit.sql import Database
from knowledge_base.adapters.article_store import SqlArticleStore
from knowledge_base.adapters.unsaved_store import SqlUnsavedStore
from knowledge_base.contracts import Change, Colleague
from knowledge_base.unsaved import KEPT, MOST_NEW, PRESENT, UnsavedTexts
from tests.support.articles import ANN, MEI, REFUND, STORE, TOM, draft
from tests.support.clock import MovableClock

TYPED = draft("refund", "Half a sent")


@pytest.fixture
async def article_id(database: Database, clock: MovableClock) -> str:
    made = new_id()

    async def work(tx: Tx) -> None:
        await SqlArticleStore(database).create(
            tx, article_id=made, draft=REFUND, change=Change.CREATED, at=clock(), by="Mei"
        )

    await database.write(work)
    return made


def texts_over(database: Database, clock: MovableClock) -> UnsavedTexts:
    return UnsavedTexts(
        store=SqlUnsavedStore(database), articles=SqlArticleStore(database), transactions=database, clock=clock
    )


async def test_what_was_typed_outlives_the_process_that_took_it(
    database: Database, clock: MovableClock, article_id: str
) -> None:
    await texts_over(database, clock).keep(MEI, article_id, base_version=1, content=TYPED)
    found = await texts_over(database, clock).find(MEI, article_id)
    assert found is not None
    assert (found.content, found.base_version, found.at) == (TYPED, 1, clock())
    assert await texts_over(database, clock).find(TOM, article_id) is None, "a text is its writer's own"


async def test_colleagues_see_each_other_while_their_pages_report(
    database: Database, clock: MovableClock, article_id: str
) -> None:
    texts = texts_over(database, clock)
    alone = await texts.keep(MEI, article_id, base_version=1, content=None)
    assert (alone.version, alone.saved_by, alone.colleagues) == (1, "Mei", ())
    company = await texts.keep(TOM, article_id, base_version=1, content=TYPED)
    assert company.colleagues == (Colleague(name="Mei", writes=False),)
    company = await texts.keep(MEI, article_id, base_version=1, content=None)
    assert company.colleagues == (Colleague(name="Tom", writes=True),)
    clock.at += PRESENT
    clock.forward(seconds=1)
    assert (await texts.keep(MEI, article_id, base_version=1, content=None)).colleagues == ()
    assert await texts.find(TOM, article_id) is not None, "who went away left the text behind"


async def test_saved_or_given_up_it_is_gone(database: Database, clock: MovableClock, article_id: str) -> None:
    texts = texts_over(database, clock)
    await texts.keep(MEI, article_id, base_version=1, content=TYPED)
    await texts.keep(MEI, article_id, base_version=2, content=None)
    assert await texts.find(MEI, article_id) is None
    await texts.keep(MEI, "new-one", base_version=0, content=STORE)
    await texts.forget(MEI, "new-one")
    assert await texts.begun(MEI) == ()


async def test_new_articles_are_found_again_newest_first_and_not_without_end(
    database: Database, clock: MovableClock
) -> None:
    texts = texts_over(database, clock)
    for number in range(MOST_NEW + 2):
        clock.forward(minutes=1)
        await texts.keep(MEI, f"new-{number}", base_version=0, content=STORE)
    names = [text.name for text in await texts.begun(MEI)]
    assert names == [f"new-{number}" for number in range(MOST_NEW + 1, 1, -1)]
    clock.at += KEPT
    await texts.keep(MEI, "new-last", base_version=0, content=STORE)
    assert (await texts.begun(MEI))[0].name == "new-last"
    clock.forward(days=1)
    await texts.keep(MEI, "new-last", base_version=0, content=STORE)
    assert [text.name for text in await texts.begun(MEI)] == ["new-last"]


async def test_who_types_in_an_article_that_is_deleted_hears_it_and_loses_nothing(
    database: Database, clock: MovableClock, article_id: str
) -> None:
    texts = texts_over(database, clock)
    assert not (await texts.keep(TOM, article_id, base_version=1, content=None)).is_deleted

    async def delete(tx: Tx) -> None:
        store = SqlArticleStore(database)
        await store.set_deleted(tx, article_id=article_id, expected_version=1, at=clock(), by="Mei")

    await database.write(delete)
    assert (await texts.keep(TOM, article_id, base_version=1, content=TYPED)).is_deleted
    kept = await texts.find(TOM, article_id)
    assert kept is not None
    assert kept.content == TYPED


async def test_only_writers_keep_texts_of_articles_that_are_there(
    database: Database, clock: MovableClock, article_id: str
) -> None:
    texts = texts_over(database, clock)
    with pytest.raises(NotAllowed):
        await texts.keep(ANN, article_id, base_version=1, content=None)
    with pytest.raises(NotFound):
        await texts.keep(MEI, new_id(), base_version=1, content=None)
    with pytest.raises(Malformed):
        await texts.keep(MEI, "new-" + "x" * 40, base_version=0, content=None)
