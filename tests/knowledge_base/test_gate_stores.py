"""Promises of the stores of golden questions and remembered columns, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from kit.contracts import Language
from kit.sql import Database
from knowledge_base.adapters.golden_store import SqlGoldenStore
from knowledge_base.adapters.mapping_store import SqlMappingStore
from knowledge_base.judging import GoldenQuestion
from tests.support.clock import MovableClock


def golden(number: int, clock: MovableClock, *, question: str = "", article_id: str | None = None) -> GoldenQuestion:
    return GoldenQuestion(
        id=f"{number:026}",
        question=question or f"question {number}",
        language=Language.EN,
        article_id=article_id,
        at=clock() + timedelta(minutes=number),
        by="Mei",
    )


async def test_a_question_is_golden_once_and_its_newest_answer_counts(database: Database, clock: MovableClock) -> None:
    store = SqlGoldenStore(database)
    for number, article_id in enumerate(("store", "refund")):
        kept = golden(number, clock, question="退款多久到账", article_id=article_id)
        await database.write(partial(store.put, question=kept, most=9))
    (only,) = await store.all(article_id=None)
    assert (only.article_id, only.at) == ("refund", golden(1, clock).at)
    assert await store.all(article_id="store") == ()
    await database.write(partial(store.remove, golden_id=only.id))
    assert await store.all(article_id=None) == ()


async def test_beyond_the_limit_the_oldest_go(database: Database, clock: MovableClock) -> None:
    store = SqlGoldenStore(database)
    for number in range(4):
        await database.write(partial(store.put, question=golden(number, clock), most=3))
    assert [each.question for each in await store.all(article_id=None)] == ["question 3", "question 2", "question 1"]


async def test_the_newest_choice_of_columns_is_remembered(database: Database, clock: MovableClock) -> None:
    store = SqlMappingStore(database)
    assert await store.find("a file") is None
    for fields in ({0: "key"}, {0: "zh.title", 12: "category"}):
        await database.write(partial(store.put, fingerprint="a file", fields=fields, at=clock(), by="Mei"))
    assert await store.find("a file") == {0: "zh.title", 12: "category"}
    assert await store.find("another") is None
