"""Promises about an article's life: who may publish, what waits, what ends by itself, what lags behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kit.contracts import Language
from kit.sql import Database
from knowledge_base.contracts import (
    Article,
    ArticleAction,
    ArticleFilter,
    ArticleStatus,
    Audience,
    Details,
    Draft,
    Matter,
)
from knowledge_base.departments import Departments
from knowledge_base.refusals import ArticleInvalid, NeedsSecondPerson, NeedsSupervisor, NotScheduled, StillPublished
from knowledge_base.settings import KnowledgeBaseSettings, Publishing
from staff.contracts import Role
from tests.support.articles import INVOICE, MEI, REFUND, STORE, TOM, SmallBase, person, side
from tests.support.clock import MovableClock

LIN = person("lin", Role.EDITOR)


@pytest.fixture
async def base(sqlite_database: Database, clock: MovableClock, tmp_path: Path) -> AsyncIterator[SmallBase]:
    made = SmallBase(sqlite_database, clock=clock, folder=tmp_path)
    await made.parts.search.open()
    yield made
    await made.parts.search.close()


@pytest.fixture
def ruled(sqlite_database: Database, clock: MovableClock, tmp_path: Path, request: pytest.FixtureRequest) -> SmallBase:
    """A base in a house with a stricter rule."""
    settings = KnowledgeBaseSettings(publishing=request.param)
    return SmallBase(sqlite_database, clock=clock, folder=tmp_path, settings=settings)


def with_details(draft: Draft, **details: object) -> Draft:
    return replace(draft, details=Details(**details))  # type: ignore[arg-type]


async def publish(base: SmallBase, draft: Draft) -> Article:
    made = await base.editing.create(MEI, draft)
    return await base.editing.publish(MEI, made.id, expected_version=1)


@pytest.mark.parametrize("ruled", [Publishing.SECOND_PERSON], indirect=True)
async def test_the_writer_needs_a_second_person_where_the_house_says_so(ruled: SmallBase) -> None:
    made = await ruled.editing.create(MEI, REFUND)
    with pytest.raises(NeedsSecondPerson):
        await ruled.editing.publish(MEI, made.id, expected_version=1)
    await ruled.editing.save(LIN, made.id, replace(REFUND, category="other"), expected_version=1)
    with pytest.raises(NeedsSecondPerson):
        await ruled.editing.publish(LIN, made.id, expected_version=2)
    assert (await ruled.editing.publish(MEI, made.id, expected_version=2)).published_version == 2


@pytest.mark.parametrize("ruled", [Publishing.SUPERVISORS], indirect=True)
async def test_only_supervisors_publish_where_the_house_says_so(ruled: SmallBase) -> None:
    made = await ruled.editing.create(MEI, REFUND)
    with pytest.raises(NeedsSupervisor):
        await ruled.editing.publish(LIN, made.id, expected_version=1)
    assert (await ruled.editing.publish(TOM, made.id, expected_version=1)).status is ArticleStatus.PUBLISHED


async def test_a_review_carries_a_note_until_the_next_save(base: SmallBase) -> None:
    made = await base.editing.create(MEI, REFUND)
    handed_in = await base.editing.submit(MEI, made.id, expected_version=1, note=" please check the days ")
    assert (handed_in.status, handed_in.note) == (ArticleStatus.IN_REVIEW, "please check the days")
    back = await base.editing.reject(LIN, made.id, expected_version=1, note="three, not two")
    assert (back.status, back.note) == (ArticleStatus.DRAFT, "three, not two")
    assert (await base.editing.save(MEI, made.id, REFUND, expected_version=1)).note == ""


async def test_a_publication_waits_for_its_moment(base: SmallBase, clock: MovableClock) -> None:
    begins = clock() + timedelta(hours=2)
    article = await publish(base, with_details(REFUND, valid_from=begins))
    assert article.schedule is not None
    assert (article.published_version, article.schedule.version, article.schedule.at) == (None, 1, begins)
    assert await base.publisher.run_due(clock()) == 0
    assert await base.first("refund not arrived") == ""
    clock.forward(hours=3)
    assert await base.publisher.run_due(clock()) == 1
    assert await base.first("refund not arrived") == "refund"
    done = await base.editing.load(MEI, article.id)
    assert (done.status, done.published_version, done.schedule) == (ArticleStatus.PUBLISHED, 1, None)
    _, publications = await base.editing.history(MEI, article.id)
    assert [each.by for each in publications] == [MEI.display_name]


async def test_what_was_scheduled_is_published_whatever_is_written_meanwhile(
    base: SmallBase, clock: MovableClock
) -> None:
    article = await publish(base, with_details(REFUND, valid_from=clock() + timedelta(hours=2)))
    text = replace(REFUND.texts[0], answer="Not finished yet")
    await base.editing.save(TOM, article.id, replace(REFUND, texts=(text,)), expected_version=1)
    await base.editing.submit(TOM, article.id, expected_version=2)
    clock.forward(hours=3)
    await base.publisher.run_due(clock())
    shown = await base.parts.search.published(article.id, Language.EN)
    assert shown is not None
    assert (shown.version, shown.answer) == (1, "An answer.")
    assert (await base.editing.load(MEI, article.id)).status is ArticleStatus.IN_REVIEW


async def test_a_waiting_publication_is_called_off(base: SmallBase, clock: MovableClock) -> None:
    article = await publish(base, with_details(REFUND, valid_from=clock() + timedelta(hours=2)))
    with pytest.raises(StillPublished):
        await base.editing.delete(MEI, article.id, expected_version=1)
    assert (await base.editing.call_off(TOM, article.id, expected_version=1)).schedule is None
    with pytest.raises(NotScheduled):
        await base.editing.call_off(TOM, article.id, expected_version=1)
    clock.forward(hours=3)
    assert await base.publisher.run_due(clock()) == 0


async def test_two_processes_that_sweep_at_once_publish_once(base: SmallBase, clock: MovableClock) -> None:
    article = await publish(base, with_details(REFUND, valid_from=clock() + timedelta(hours=2)))
    clock.forward(hours=3)
    await asyncio.gather(*(base.publisher.run_due(clock()) for _ in range(4)))
    _, publications = await base.editing.history(MEI, article.id)
    assert len(publications) == 1


async def test_an_article_retires_by_itself_when_its_time_is_over(base: SmallBase, clock: MovableClock) -> None:
    article = await publish(base, with_details(REFUND, valid_until=clock() + timedelta(days=3)))
    expiring = ArticleFilter(matter=Matter.EXPIRING)
    assert (await base.editing.list(MEI, expiring)).total == 1
    clock.forward(days=3, minutes=1)
    assert await base.publisher.run_due(clock()) == 1
    assert await base.first("refund not arrived") == ""
    retired = await base.editing.load(MEI, article.id)
    assert (retired.status, retired.expires_at) == (ArticleStatus.RETIRED, None)
    assert await base.publisher.run_due(clock()) == 0
    with pytest.raises(ArticleInvalid) as refused:
        await base.editing.publish(MEI, article.id, expected_version=1)
    assert set(refused.value.details) == {"valid_until"}


async def test_the_end_of_what_customers_have_counts_and_not_that_of_the_draft(
    base: SmallBase, clock: MovableClock
) -> None:
    article = await publish(base, REFUND)
    soon = with_details(REFUND, valid_until=clock() + timedelta(minutes=1))
    await base.editing.save(MEI, article.id, soon, expected_version=1)
    clock.forward(hours=1)
    assert await base.publisher.run_due(clock()) == 0
    assert await base.first("refund not arrived") == "refund"


async def test_what_is_for_agents_never_reaches_a_customer(base: SmallBase) -> None:
    article = await publish(base, with_details(REFUND, audience=Audience.AGENTS))
    assert article.status is ArticleStatus.PUBLISHED
    assert await base.first("refund not arrived") == ""
    assert await base.parts.search.published(article.id, Language.EN) is None
    again = await base.editing.save(MEI, article.id, REFUND, expected_version=1)
    await base.editing.publish(MEI, article.id, expected_version=again.version)
    assert await base.first("refund not arrived") == "refund"
    inside = with_details(REFUND, audience=Audience.AGENTS)
    await base.editing.save(MEI, article.id, inside, expected_version=2)
    await base.editing.publish(MEI, article.id, expected_version=3)
    assert await base.first("refund not arrived") == ""
    assert (await base.editing.list(MEI, ArticleFilter(matter=Matter.AGENTS))).total == 1


async def test_the_language_that_was_not_touched_is_out_of_date_until_somebody_looks(base: SmallBase) -> None:
    both = replace(REFUND, texts=(side(Language.ZH, "退款多久到账"), REFUND.texts[0]))
    made = await base.editing.create(MEI, both)
    assert made.lagging is None
    moved = replace(both, texts=(replace(both.texts[0], answer="三天内到账。"), both.texts[1]))
    saved = await base.editing.save(MEI, made.id, moved, expected_version=1)
    assert saved.lagging is Language.EN
    assert (await base.editing.list(MEI, ArticleFilter(matter=Matter.OUT_OF_DATE))).total == 1
    worded = replace(moved, texts=(moved.texts[0], replace(moved.texts[1], questions=("refund when",))))
    still = await base.editing.save(MEI, made.id, worded, expected_version=2)
    assert still.lagging is Language.EN, "another wording does not translate an answer"
    assert (await base.editing.confirm_translation(MEI, made.id, expected_version=3)).lagging is None
    once_more = replace(worded, texts=(worded.texts[0], replace(worded.texts[1], answer="Within three days.")))
    assert (await base.editing.save(MEI, made.id, once_more, expected_version=3)).lagging is Language.ZH


async def test_an_answer_brings_its_follow_ups_and_its_action(base: SmallBase) -> None:
    store = await publish(base, STORE)
    draft = await base.editing.create(MEI, INVOICE)
    details = Details(follow_ups=("invoice", "store", "unknown-key"), action=ArticleAction.OPEN_COMPLAINT)
    article = await publish(base, replace(REFUND, details=details))
    found = await base.parts.search.search(await base.reader.read("refund not arrived"))
    first = found.matches[0]
    assert [each.article_id for each in first.follow_ups] == [store.id], "only what customers can get is offered"
    assert first.follow_ups[0].title == STORE.texts[0].title
    assert first.action is ArticleAction.OPEN_COMPLAINT
    await base.editing.publish(MEI, draft.id, expected_version=1)
    shown = await base.parts.search.published(article.id, Language.EN)
    assert shown is not None
    assert [each.article_id for each in shown.follow_ups] == [draft.id, store.id]


async def test_an_answer_says_to_which_department_it_hands_over(
    base: SmallBase, sqlite_database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    details = Details(action=ArticleAction.HAND_OVER, department="after_sales")
    article = await publish(base, replace(REFUND, details=details))
    shown = await base.parts.search.published(article.id, Language.EN)
    assert shown is not None
    assert (shown.action, shown.department) == (ArticleAction.HAND_OVER, "after_sales")
    with pytest.raises(ArticleInvalid) as refused:
        await base.editing.save(
            MEI,
            article.id,
            with_details(REFUND, action=ArticleAction.OPEN_COMPLAINT, department="after_sales"),
            expected_version=1,
        )
    assert refused.value.details == {"department": "knowledge_base.fault.department_alone"}
    saved = await base.editing.save(MEI, article.id, replace(REFUND, category="moved"), expected_version=1)

    # The desk is set up anew without that department.
    later = SmallBase(sqlite_database, clock=clock, folder=tmp_path, departments=Departments({"consultation": {}}))
    await later.parts.search.open()
    still = await later.parts.search.published(article.id, Language.EN)
    assert still is not None
    assert still.department == "after_sales", "customers keep their answer; the desk finds where they belong"
    back = await later.editing.restore(MEI, article.id, 1, expected_version=saved.version)
    for step in (later.editing.publish, later.editing.preview_publication):
        with pytest.raises(ArticleInvalid) as gone:
            await step(MEI, article.id, expected_version=back.version)
        assert gone.value.details == {"department": "knowledge_base.fault.department"}
    mended = replace(back.content, details=replace(details, department="consultation"))
    await later.editing.save(MEI, article.id, mended, expected_version=back.version)
    done = await later.editing.publish(MEI, article.id, expected_version=back.version + 1)
    assert done.published_version == back.version + 1
    await later.parts.search.close()


async def test_what_needs_looking_after_is_counted(base: SmallBase, clock: MovableClock) -> None:
    await base.editing.create(MEI, with_details(REFUND, review_on=clock().date(), owner="mei"))
    await base.editing.create(MEI, with_details(STORE, review_on=date(2099, 1, 1)))
    page = await base.editing.list(MEI)
    assert dict(page.matters)[Matter.REVIEW] == 1
    assert [line.key for line in (await base.editing.list(MEI, ArticleFilter(matter=Matter.REVIEW))).lines] == [
        "refund"
    ]
    assert (await base.editing.list(MEI, ArticleFilter(owner="mei"))).total == 1


async def test_a_category_is_a_place_in_a_tree(base: SmallBase) -> None:
    made = await base.editing.create(MEI, replace(REFUND, category=" returns / refund "))
    assert made.category == "returns/refund"
    await base.editing.create(MEI, replace(STORE, category="returns-elsewhere"))
    assert (await base.editing.list(MEI, ArticleFilter(category="returns"))).total == 1
    for bad in ("a/b/c/d/e", "returns/" + "x" * 41, "-"):
        with pytest.raises(ArticleInvalid) as refused:
            await base.editing.create(MEI, replace(INVOICE, category=bad))
        assert set(refused.value.details) == {"category"}


async def test_faults_of_the_details_are_named_at_their_fields(base: SmallBase, clock: MovableClock) -> None:
    for details, field in (
        (Details(valid_from=clock(), valid_until=clock()), "valid_until"),
        (Details(owner="x" * 121), "owner"),
        (Details(follow_ups=("refund",)), "follow_ups"),
        (Details(follow_ups=tuple(f"key-{number}" for number in range(6))), "follow_ups"),
        (Details(follow_ups=("Not a key",)), "follow_ups"),
    ):
        with pytest.raises(ArticleInvalid) as refused:
            await base.editing.create(MEI, replace(REFUND, details=details))
        assert set(refused.value.details) == {field}
