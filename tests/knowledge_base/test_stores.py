"""Promises of the stores, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
from functools import partial

import numpy as np
import pytest

from kit.contracts import Language, Tx
from kit.ids import new_id
from kit.sql import Database
from knowledge_base.adapters.article_store import SqlArticleStore
from knowledge_base.adapters.base_store import SqlBaseStore
from knowledge_base.adapters.question_store import SqlQuestionStore
from knowledge_base.calibration import STARTING
from knowledge_base.contracts import (
    Article,
    ArticleFilter,
    ArticleStatus,
    Change,
    Draft,
    Miss,
    PublicationKind,
)
from knowledge_base.wordings import Role, Wording
from tests.support.articles import INVOICE, REFUND, STORE, draft, side
from tests.support.clock import MovableClock


async def create(database: Database, store: SqlArticleStore, content: Draft, clock: MovableClock) -> Article:
    async def work(tx: Tx) -> Article | None:
        return await store.create(tx, article_id=new_id(), draft=content, change=Change.CREATED, at=clock(), by="Mei")

    made = await database.write(work)
    assert made is not None
    return made


async def publish(database: Database, base: SqlBaseStore, article: Article, clock: MovableClock) -> int:
    articles = SqlArticleStore(database)

    async def work(tx: Tx) -> int:
        await articles.mark(
            tx,
            article_id=article.id,
            expected_version=article.version,
            status=ArticleStatus.PUBLISHED,
            published_version=article.version,
        )
        return await base.publish(
            tx,
            kind=PublicationKind.PUBLISH,
            article_id=article.id,
            article_version=article.version,
            at=clock(),
            by="Mei",
        )

    return await database.write(work)


async def test_an_article_comes_back_as_it_was_written(database: Database, clock: MovableClock) -> None:
    store = SqlArticleStore(database)
    content = Draft(
        key="both",
        category="tests",
        products=("kettle",),
        texts=(side(Language.ZH, "怎么退货", "能退不"), side(Language.EN, "How do I return it?")),
    )
    made = await create(database, store, content, clock)
    found = await store.find(made.id)
    assert found == made
    assert found.texts == content.texts
    assert found.products == ("kettle",)
    assert (found.version, found.status, found.published_version) == (1, ArticleStatus.DRAFT, None)
    assert await store.find_by_key("both") == made


async def test_a_key_is_given_once(database: Database, clock: MovableClock) -> None:
    store = SqlArticleStore(database)
    await create(database, store, REFUND, clock)
    again = await database.write(
        lambda tx: store.create(tx, article_id=new_id(), draft=REFUND, change=Change.CREATED, at=clock(), by="Tom")
    )
    assert again is None
    assert (await store.list(ArticleFilter(), now=clock(), offset=0, limit=10)).total == 1


async def test_of_two_who_save_the_same_version_one_wins(database: Database, clock: MovableClock) -> None:
    store = SqlArticleStore(database)
    made = await create(database, store, REFUND, clock)

    async def save(who: str) -> Article | None:
        async def work(tx: Tx) -> Article | None:
            return await store.save(
                tx,
                article_id=made.id,
                expected_version=1,
                draft=draft("refund", f"{who} wrote this"),
                change=Change.SAVED,
                status=ArticleStatus.DRAFT,
                at=clock(),
                by=who,
            )

        return await database.write(work)

    outcomes = await asyncio.gather(*(save(f"Editor {number}") for number in range(6)))
    winners = [each for each in outcomes if each is not None]
    assert len(winners) == 1
    versions = await store.versions(made.id)
    assert [version.version for version in versions] == [2, 1]
    assert versions[0].by == winners[0].updated_by
    assert versions[1].content == REFUND


async def test_the_list_is_searched_filtered_and_counted(database: Database, clock: MovableClock) -> None:
    store, base = SqlArticleStore(database), SqlBaseStore(database)
    refund = await create(database, store, REFUND, clock)
    clock.forward(minutes=1)
    await create(database, store, STORE, clock)
    chinese = Draft(key="chinese", category="other", texts=(side(Language.ZH, "发票100%_怎么开"),))
    await create(database, store, chinese, clock)
    await publish(database, base, refund, clock)
    page = await store.list(ArticleFilter(), now=clock(), offset=0, limit=2)
    assert page.total == 3
    assert len(page.lines) == 2
    assert dict(page.statuses) == {
        ArticleStatus.DRAFT: 2,
        ArticleStatus.IN_REVIEW: 0,
        ArticleStatus.PUBLISHED: 1,
        ArticleStatus.RETIRED: 0,
    }
    assert page.categories == ("other", "tests")

    async def keys(**chosen: object) -> set[str]:
        found = await store.list(ArticleFilter(**chosen), now=clock(), offset=0, limit=50)  # type: ignore[arg-type]
        return {line.key for line in found.lines}

    assert await keys(words="REFUND arrived") == {"refund"}
    assert await keys(words="100%_") == {"chinese"}
    assert await keys(words="1%0") == set()
    assert await keys(status=ArticleStatus.PUBLISHED) == {"refund"}
    assert await keys(category="other") == {"chinese"}
    assert await keys(missing=Language.EN) == {"chinese"}
    assert await keys(missing=Language.ZH) == {"refund", "store"}


async def test_every_publication_is_a_new_version_of_the_base(database: Database, clock: MovableClock) -> None:
    store, base = SqlArticleStore(database), SqlBaseStore(database)
    assert (await base.state()).version == 0
    articles = [await create(database, store, content, clock) for content in (REFUND, STORE, INVOICE)]
    versions = await asyncio.gather(*(publish(database, base, article, clock) for article in articles))
    assert sorted(versions) == [1, 2, 3]
    assert (await base.state()).version == 3
    assert await base.changes(3) == (3, ())
    version, changes = await base.changes(1)
    assert version == 3
    assert len(changes) == 2
    assert set((await base.published())[1]) == {(article.id, 1) for article in articles}


async def test_a_publication_that_fails_leaves_no_trace(database: Database, clock: MovableClock) -> None:
    store, base = SqlArticleStore(database), SqlBaseStore(database)
    made = await create(database, store, REFUND, clock)

    async def work(tx: Tx) -> None:
        await base.publish(
            tx, kind=PublicationKind.PUBLISH, article_id=made.id, article_version=1, at=clock(), by="Mei"
        )
        message = "the power goes out"
        raise RuntimeError(message)

    with pytest.raises(RuntimeError, match="power"):
        await database.write(work)
    assert (await base.state()).version == 0
    assert await base.publications(made.id) == ()


async def test_vectors_come_back_by_encoder(database: Database, clock: MovableClock) -> None:
    store, base = SqlArticleStore(database), SqlBaseStore(database)
    made = await create(database, store, REFUND, clock)
    vector = np.linspace(-1, 1, 8, dtype=np.float32)
    wordings = [Wording(language=Language.ZH, role=Role.QUESTION, text="退款", vector=vector)]

    async def work(tx: Tx) -> None:
        # Twice: publishing the same version again replaces its vectors.
        for _ in range(2):
            await base.store_vectors(tx, article_id=made.id, version=1, encoder="one", wordings=wordings)

    await database.write(work)
    found = await base.vectors([(made.id, 1)], encoder="one")
    assert found[made.id][0].text == "退款"
    assert np.allclose(found[made.id][0].vector, vector, atol=1e-3)
    assert await base.vectors([(made.id, 1)], encoder="another") == {}
    assert await base.vectors([(made.id, 2)], encoder="one") == {}
    await database.write(lambda tx: base.forget_vectors(tx, article_id=made.id, except_version=2))
    assert await base.vectors([(made.id, 1)], encoder="one") == {}


async def test_a_calibration_is_only_used_with_its_encoder(database: Database, clock: MovableClock) -> None:
    store, base = SqlArticleStore(database), SqlBaseStore(database)
    await publish(database, base, await create(database, store, REFUND, clock), clock)
    await database.write(
        lambda tx: base.use_calibration(tx, calibration=STARTING, base_version=1, encoder="one", at=clock())
    )
    assert (await base.state()).calibration == STARTING.version
    assert await base.calibration(STARTING.version, encoder="one") == STARTING
    assert await base.calibration(STARTING.version, encoder="another") is None


async def test_misses_are_grouped_and_can_be_dismissed(database: Database, clock: MovableClock) -> None:
    store = SqlArticleStore(database)
    for question, language in (("烤箱", Language.ZH), ("oven", Language.EN), ("烤箱", Language.ZH)):
        clock.forward(minutes=1)
        miss = Miss(question=question, language=language, why="unknown", at=clock())
        await database.write(partial(SqlQuestionStore().add_miss, miss_id=new_id(), miss=miss))
    page = await store.misses(language=None, offset=0, limit=10)
    assert [(line.question, line.count) for line in page.lines] == [("烤箱", 2), ("oven", 1)]
    assert page.total == 2
    gone = await database.write(
        lambda tx: store.dismiss_miss(tx, question="烤箱", language=Language.ZH, at=clock(), by="Mei")
    )
    assert gone == 2
    assert [line.question for line in (await store.misses(language=None, offset=0, limit=10)).lines] == ["oven"]
