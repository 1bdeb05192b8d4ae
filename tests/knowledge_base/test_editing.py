"""Promises to editors: nothing typed is lost, the right people may, and what is published answers at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from kit.contracts import Language
from kit.refusals import NotAllowed, NotFound, Refusal
from kit.sql import Database
from knowledge_base.contracts import Article, ArticleFilter, ArticleStatus, Change, PublicationKind
from knowledge_base.refusals import ArticleChanged, ArticleInvalid, KeyTaken, NotPublished, StillPublished
from knowledge_base.validation import ANSWER_LIMIT, MOST_QUESTIONS, TITLE_LIMIT
from tests.support.articles import ANN, INVOICE, MEI, REFUND, STORE, TOM, SmallBase, draft, side
from tests.support.clock import MovableClock


@pytest.fixture
async def base(sqlite_database: Database, clock: MovableClock, tmp_path: Path) -> AsyncIterator[SmallBase]:
    made = SmallBase(sqlite_database, clock=clock, folder=tmp_path)
    await made.parts.search.open()
    yield made
    await made.parts.search.close()


async def published(base: SmallBase) -> Article:
    made = await base.editing.create(MEI, REFUND)
    return await base.editing.publish(MEI, made.id, expected_version=1)


async def test_what_is_published_answers_the_next_question(base: SmallBase) -> None:
    assert await base.first("refund not arrived") == ""
    article = await published(base)
    assert article.status is ArticleStatus.PUBLISHED
    assert await base.first("refund not arrived") == "refund"


async def test_a_draft_answers_nobody(base: SmallBase) -> None:
    await base.editing.create(MEI, REFUND)
    assert await base.first("refund not arrived") == ""


async def test_a_saved_change_answers_only_after_it_is_published(base: SmallBase) -> None:
    article = await published(base)
    text = replace(article.texts[0], answer="Within three days.")
    saved = await base.editing.save(MEI, article.id, replace(REFUND, texts=(text,)), expected_version=1)
    assert (saved.version, saved.published_version, saved.status) == (2, 1, ArticleStatus.PUBLISHED)
    reading = await base.reader.read("refund not arrived")
    before = await base.parts.search.search(reading)
    assert before.matches[0].answer == "An answer."
    await base.editing.publish(TOM, article.id, expected_version=2)
    after = await base.parts.search.search(reading)
    assert (after.matches[0].answer, after.matches[0].version) == ("Within three days.", 2)
    assert after.knowledge_base_version == before.knowledge_base_version + 1


async def test_a_retired_article_stops_answering(base: SmallBase) -> None:
    article = await published(base)
    retired = await base.editing.retire(MEI, article.id, expected_version=1)
    assert retired.status is ArticleStatus.RETIRED
    assert await base.first("refund not arrived") == ""
    assert await base.parts.search.published(article.id, Language.EN) is None
    with pytest.raises(NotPublished):
        await base.editing.retire(MEI, article.id, expected_version=1)


async def test_a_retired_article_can_be_published_again(base: SmallBase) -> None:
    article = await published(base)
    await base.editing.retire(MEI, article.id, expected_version=1)
    await base.editing.publish(MEI, article.id, expected_version=1)
    assert await base.first("refund not arrived") == "refund"
    _, publications = await base.editing.history(MEI, article.id)
    assert [each.kind for each in publications] == [
        PublicationKind.PUBLISH,
        PublicationKind.RETIRE,
        PublicationKind.PUBLISH,
    ]


async def test_the_second_of_two_editors_hears_who_was_faster(base: SmallBase, clock: MovableClock) -> None:
    article = await published(base)
    await base.editing.save(TOM, article.id, draft("refund", "Tom's title"), expected_version=1)
    mine = draft("refund", "Mei's title")
    for attempt in (
        base.editing.save(MEI, article.id, mine, expected_version=1),
        base.editing.publish(MEI, article.id, expected_version=1),
        base.editing.retire(MEI, article.id, expected_version=1),
        base.editing.submit(MEI, article.id, expected_version=1),
    ):
        with pytest.raises(ArticleChanged) as refused:
            await attempt
        assert refused.value.slots["who"] == "Tom"
        assert refused.value.slots["version"] == 2
    assert (await base.editing.load(MEI, article.id)).texts[0].title == "Tom's title"


async def test_two_editors_at_the_same_moment_have_one_winner(base: SmallBase) -> None:
    article = await published(base)
    outcomes = await asyncio.gather(
        base.editing.save(MEI, article.id, draft("refund", "Mei's title"), expected_version=1),
        base.editing.save(TOM, article.id, draft("refund", "Tom's title"), expected_version=1),
        return_exceptions=True,
    )
    winner = next(each for each in outcomes if isinstance(each, Article))
    loser = next(each for each in outcomes if isinstance(each, ArticleChanged))
    assert loser.slots["who"] == winner.updated_by
    assert (await base.editing.load(MEI, article.id)).texts == winner.texts


async def test_publishing_and_saving_at_the_same_moment_never_publishes_what_nobody_saw(base: SmallBase) -> None:
    article = await base.editing.create(MEI, REFUND)
    outcomes = await asyncio.gather(
        base.editing.publish(MEI, article.id, expected_version=1),
        base.editing.save(TOM, article.id, draft("refund", "Tom's title"), expected_version=1),
        return_exceptions=True,
    )
    assert any(not isinstance(each, BaseException) for each in outcomes)
    shown = await base.parts.search.published(article.id, Language.EN)
    assert shown is None or shown.title == REFUND.texts[0].title


async def test_an_old_version_is_restored_as_the_newest(base: SmallBase) -> None:
    article = await published(base)
    await base.editing.save(MEI, article.id, draft("refund", "Worse"), expected_version=1)
    restored = await base.editing.restore(MEI, article.id, 1, expected_version=2)
    assert restored.texts == REFUND.texts
    versions, _ = await base.editing.history(MEI, article.id)
    assert [(each.version, each.change) for each in versions] == [
        (3, Change.RESTORED),
        (2, Change.SAVED),
        (1, Change.CREATED),
    ]
    with pytest.raises(NotFound):
        await base.editing.restore(MEI, article.id, 9, expected_version=3)


async def test_review_is_a_status_and_a_save_ends_it(base: SmallBase) -> None:
    made = await base.editing.create(MEI, REFUND)
    assert (await base.editing.submit(MEI, made.id, expected_version=1)).status is ArticleStatus.IN_REVIEW
    assert (await base.editing.reject(TOM, made.id, expected_version=1)).status is ArticleStatus.DRAFT
    await base.editing.submit(MEI, made.id, expected_version=1)
    saved = await base.editing.save(MEI, made.id, draft("refund", "Better"), expected_version=1)
    assert saved.status is ArticleStatus.DRAFT


async def test_what_customers_do_not_get_is_deleted_and_can_be_brought_back(base: SmallBase) -> None:
    article = await published(base)
    with pytest.raises(StillPublished):
        await base.editing.delete(MEI, article.id, expected_version=1)
    await base.editing.retire(MEI, article.id, expected_version=1)
    await base.editing.delete(MEI, article.id, expected_version=1)
    for attempt in (
        base.editing.load(MEI, article.id),
        base.editing.delete(MEI, article.id, expected_version=1),
        base.editing.save(MEI, article.id, REFUND, expected_version=1),
        base.editing.publish(MEI, article.id, expected_version=1),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert (await base.editing.list(MEI)).total == 0
    assert [line.key for line in (await base.editing.list(MEI, ArticleFilter(deleted=True))).lines] == ["refund"]
    with pytest.raises(KeyTaken):
        await base.editing.create(MEI, REFUND)
    back = await base.editing.undelete(TOM, article.id, expected_version=1)
    assert (back.texts, back.status) == (REFUND.texts, ArticleStatus.RETIRED)
    with pytest.raises(NotFound):
        await base.editing.undelete(TOM, article.id, expected_version=1)


async def test_a_trial_shows_before_and_after_and_changes_nothing(base: SmallBase) -> None:
    article = await published(base)
    better = draft("refund", "When do I get my refund?", "where is my cashback")
    trial = await base.editing.try_question(MEI, "where is my cashback", better, article_id=article.id)
    assert trial.before.matches[0].wording != "where is my cashback"
    assert trial.after.matches[0].wording == "where is my cashback"
    assert trial.after.matches[0].confidence > trial.before.matches[0].confidence
    assert (await base.first("where is my cashback"), await base.editing.find("refund")) == ("refund", article)
    fresh = await base.editing.try_question(MEI, "shop address beijing", STORE)
    assert fresh.after.matches[0].key == "store"
    assert await base.editing.find("store") is None


async def test_agents_read_and_only_editors_write(base: SmallBase) -> None:
    article = await published(base)
    assert (await base.editing.list(ANN)).total == 1
    assert await base.editing.load(ANN, article.id) == article
    for attempt in (
        base.editing.create(ANN, STORE),
        base.editing.save(ANN, article.id, REFUND, expected_version=1),
        base.editing.publish(ANN, article.id, expected_version=1),
        base.editing.retire(ANN, article.id, expected_version=1),
        base.editing.delete(ANN, article.id, expected_version=1),
        base.editing.restore(ANN, article.id, 1, expected_version=1),
        base.editing.dismiss_miss(ANN, "x", Language.EN),
    ):
        with pytest.raises(NotAllowed):
            await attempt
    stranger = replace(ANN, roles=frozenset())
    with pytest.raises(NotAllowed):
        await base.editing.list(stranger)


async def test_every_fault_is_named_at_its_field(base: SmallBase) -> None:
    long = side(
        Language.EN,
        "t" * (TITLE_LIMIT + 1),
        *(f"q{number}" for number in range(MOST_QUESTIONS + 1)),
        answer="a" * (ANSWER_LIMIT + 1),
    )
    bad = replace(REFUND, key="Not A Key!", category="", texts=(long, side(Language.ZH, "题\x00目", "问" * 301)))
    with pytest.raises(ArticleInvalid) as refused:
        await base.editing.create(MEI, bad)
    assert set(refused.value.details) == {
        "key",
        "category",
        "en.title",
        "en.answer",
        "en.questions",
        "zh.title",
        "zh.questions.0",
    }
    assert (await base.editing.list(MEI)).total == 0


async def test_a_draft_may_lack_an_answer_until_it_is_published(base: SmallBase) -> None:
    made = await base.editing.create(MEI, draft("later", "A question", answer=""))
    with pytest.raises(ArticleInvalid) as refused:
        await base.editing.publish(MEI, made.id, expected_version=1)
    assert set(refused.value.details) == {"en.answer"}


async def test_a_taken_key_is_refused_at_its_field(base: SmallBase) -> None:
    await base.editing.create(MEI, REFUND)
    with pytest.raises(KeyTaken) as refused:
        await base.editing.create(TOM, REFUND)
    assert refused.value.field == "key"


async def test_spaces_and_repeated_wordings_are_tidied(base: SmallBase) -> None:
    made = await base.editing.create(MEI, draft("tidy", " A title ", "  ask  ", "ask", "", "A title"))
    assert (made.texts[0].title, made.texts[0].questions) == ("A title", ("ask",))


async def test_every_change_leaves_a_line_in_the_audit_trail(base: SmallBase) -> None:
    article = await published(base)
    await base.editing.save(MEI, article.id, REFUND, expected_version=1)
    await base.editing.retire(TOM, article.id, expected_version=2)
    assert [(record.action, record.account_id) for record in base.trail.records] == [
        ("knowledge_base.create", MEI.id),
        ("knowledge_base.publish", MEI.id),
        ("knowledge_base.saved", MEI.id),
        ("knowledge_base.retire", TOM.id),
    ]
    assert {record.subject for record in base.trail.records} == {f"article:{article.id}"}


async def test_a_failed_publication_publishes_nothing(base: SmallBase, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await base.editing.create(MEI, REFUND)

    async def fail(tx: object, record: object) -> None:
        raise Refusal

    monkeypatch.setattr(base.trail, "audit", fail)
    with pytest.raises(Refusal):
        await base.editing.publish(MEI, made.id, expected_version=1)
    assert (await base.editing.load(MEI, made.id)).published_version is None
    assert await base.first("refund not arrived") == ""


async def test_an_import_is_done_once_and_leaves_later_work_alone(base: SmallBase) -> None:
    assert await base.parts.importing.publish_all([REFUND, STORE, INVOICE]) == 3
    article = await base.editing.find("refund")
    assert article is not None
    await base.editing.retire(MEI, article.id, expected_version=1)
    assert await base.parts.importing.publish_all([REFUND, STORE, INVOICE]) == 0
    assert await base.first("refund not arrived") != "refund"
    assert await base.first("shop address beijing") == "store"


async def test_an_import_with_one_bad_article_imports_none(base: SmallBase) -> None:
    with pytest.raises(ArticleInvalid) as refused:
        await base.parts.importing.publish_all([REFUND, draft("bad", "")])
    assert str(refused.value.field).startswith("bad: ")
    assert (await base.editing.list(MEI)).total == 0
