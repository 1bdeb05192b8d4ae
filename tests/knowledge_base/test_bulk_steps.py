"""Promises of bulk work: each article stands for itself, the gate looks at all of them, nothing is stored unseen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kit.contracts import Language
from kit.refusals import NotAllowed
from kit.sql import Database
from knowledge_base.bulk import MOST, Bulk, BulkEdit, Chosen
from knowledge_base.contracts import Article, ArticleFilter, ArticleStatus, Matter
from knowledge_base.differences import pieces_text
from knowledge_base.refusals import NothingToFind, PublicationWorse, TooManyArticles
from knowledge_base.replacing import Replacement, replace_in
from tests.support.articles import ANN, INVOICE, MEI, REFUND, STORE, SmallBase, draft, side
from tests.support.clock import MovableClock


@pytest.fixture
async def base(sqlite_database: Database, clock: MovableClock, tmp_path: Path) -> AsyncIterator[SmallBase]:
    made = SmallBase(sqlite_database, clock=clock, folder=tmp_path)
    await made.parts.search.open()
    yield made
    await made.parts.search.close()


@pytest.fixture
def bulk(base: SmallBase) -> Bulk:
    return Bulk(base.editing)


def chosen(*articles: Article) -> list[Chosen]:
    return [Chosen(id=article.id, expected_version=article.version) for article in articles]


async def test_many_are_published_and_retired_and_what_cannot_be_is_named(base: SmallBase, bulk: Bulk) -> None:
    refund, store = [await base.editing.create(MEI, each) for each in (REFUND, STORE)]
    empty = await base.editing.create(MEI, draft("empty", "Nothing here?", answer=""))
    moved = await base.editing.create(MEI, INVOICE)
    await base.editing.save(MEI, moved.id, INVOICE, expected_version=1)
    report, ready = await bulk.preview_publication(MEI, chosen(refund, empty, store))
    assert (report.worse, [article.key for article in ready.done]) == ((), ["refund", "store"])
    assert await base.first("refund not arrived") == "", "looking publishes nothing"
    result = await bulk.publish(MEI, chosen(refund, empty, store, moved))
    assert [article.key for article in result.done] == ["refund", "store"]
    assert [(each.id, each.refusal.code) for each in result.refused] == [
        (empty.id, "article_invalid"),
        (moved.id, "article_changed"),
    ]
    assert (await base.first("refund not arrived"), await base.first("visit a shop")) == ("refund", "store")
    gone = await bulk.retire(MEI, chosen(refund, empty))
    assert ([article.status for article in gone.done], gone.refused[0].refusal.code) == (
        [ArticleStatus.RETIRED],
        "article_not_published",
    )


async def test_the_gate_looks_at_all_of_them_together(base: SmallBase, bulk: Bulk) -> None:
    refund, store = [await base.editing.create(MEI, each) for each in (REFUND, STORE)]
    await bulk.publish(MEI, chosen(refund, store))
    await base.editing.gate.add_golden(MEI, "refund not arrived", Language.EN, article_id=refund.id)
    # Neither harms the question alone: only together do they leave it to the other article.
    tea = replace(REFUND, texts=(side(Language.EN, "Which tea is green?", "green tea"),))
    new = replace(STORE, texts=(side(Language.EN, "refund not arrived", "When do I get my refund?"),))
    changed = [
        await base.editing.save(MEI, refund.id, tea, expected_version=1),
        await base.editing.save(MEI, store.id, new, expected_version=1),
    ]
    report, _ = await bulk.preview_publication(MEI, chosen(*changed))
    assert [result.question.question for result in report.worse] == ["refund not arrived"]
    with pytest.raises(PublicationWorse):
        await bulk.publish(MEI, chosen(*changed))
    assert await base.first("refund not arrived") == "refund", "nothing of it was published"
    await bulk.publish(MEI, chosen(*changed), reason="The shop answers for refunds now.")
    assert await base.first("refund not arrived") == "store"


async def test_tags_category_owner_and_day_change_in_all_and_each_gets_a_version(base: SmallBase, bulk: Bulk) -> None:
    tagged = await base.editing.create(MEI, replace(REFUND, products=("tea", "cups")))
    plain = await base.editing.create(MEI, STORE)
    edit = BulkEdit(
        add_products=("sale",),
        remove_products=("tea",),
        category="shops/all",
        owner="mei",
        review_on=date(2027, 1, 2),
    )
    done = (await bulk.change(MEI, chosen(tagged, plain), edit)).done
    assert [article.products for article in done] == [("cups", "sale"), ("sale",)]
    for article in done:
        assert (article.version, article.category) == (2, "shops/all")
        assert (article.details.owner, article.details.review_on) == ("mei", date(2027, 1, 2))
    again = await bulk.change(MEI, chosen(*done), edit)
    assert [article.version for article in again.done] == [2, 2], "what says so already gets no version"
    bad = await bulk.change(MEI, chosen(*done), BulkEdit(category="?!"))
    assert [each.refusal.code for each in bad.refused] == ["article_invalid", "article_invalid"]
    assert base.trail.records[-1].action == "knowledge_base.saved"


async def test_a_replacement_is_seen_before_it_is_stored_and_only_in_what_is_ticked(
    base: SmallBase, bulk: Bulk
) -> None:
    refund = await base.editing.create(MEI, replace(REFUND, texts=(side(Language.EN, "A Refund?", answer="refund."),)))
    await base.editing.create(MEI, STORE)
    wanted = Replacement(find="refund", put="repayment")
    (found,) = await bulk.find(MEI, wanted)
    assert [(change.field, pieces_text(change.after)) for change in found.changes] == [
        ("en.title", "A repayment?"),
        ("en.answer", "repayment."),
    ]
    exact = Replacement(find="Refund", put="Repayment", match_case=True)
    assert [change.field for change in (await bulk.find(MEI, exact))[0].changes] == ["en.title"]
    (article,) = (await bulk.replace(MEI, chosen(refund), wanted)).done
    assert (article.key, article.texts[0].answer, article.version) == ("refund", "repayment.", 2)
    assert await bulk.find(MEI, wanted) == ()
    with pytest.raises(NothingToFind):
        await bulk.find(MEI, Replacement(find="  ", put="x"))


def test_what_is_put_in_is_a_text_and_no_pattern() -> None:
    content = draft("a", "a.c?", "abc", answer="a.c \\1")
    done = replace_in(content, Replacement(find="a.c", put="\\g<0>$1"))
    assert (done.texts[0].title, done.texts[0].questions, done.texts[0].answer) == (
        "\\g<0>$1?",
        ("abc",),
        "\\g<0>$1 \\1",
    )


async def test_agents_do_no_bulk_work_and_a_step_has_a_limit(bulk: Bulk) -> None:
    with pytest.raises(NotAllowed):
        await bulk.retire(ANN, [])
    with pytest.raises(NotAllowed):
        await bulk.find(ANN, Replacement(find="x", put=""))
    with pytest.raises(TooManyArticles):
        await bulk.publish(MEI, [Chosen(id="x", expected_version=1)] * (MOST + 1))


async def test_the_translate_list_holds_one_sided_and_lagging_articles(base: SmallBase) -> None:
    both = replace(REFUND, texts=(*REFUND.texts, side(Language.ZH, "多久退款？")))
    two = await base.editing.create(MEI, both)
    await base.editing.create(MEI, STORE)
    wanted = ArticleFilter(matter=Matter.TRANSLATE)
    assert [line.key for line in (await base.editing.list(MEI, wanted)).lines] == ["store"]
    moved = replace(both, texts=(side(Language.EN, "When is it paid back?"), both.texts[1]))
    await base.editing.save(MEI, two.id, moved, expected_version=1)
    assert {line.key for line in (await base.editing.list(MEI, wanted)).lines} == {"store", "refund"}
