"""Promises of the gate: what a publication would do is shown, harm wants a reason, and it is taken back in one step."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from kit.contracts import Language
from kit.refusals import NotAllowed, NotFound
from kit.sql import Database
from knowledge_base.contracts import Article, ArticleStatus, Audience, Change, Details, Draft, Level, PastQuestion
from knowledge_base.judging import Outcome
from knowledge_base.life import holds_what_was_taken_back
from knowledge_base.refusals import ArticleChanged, ArticleInvalid, NothingToRollBack, NotPublished, PublicationWorse
from tests.support.articles import ANN, INVOICE, MEI, REFUND, STORE, TOM, SmallBase, draft
from tests.support.clock import MovableClock

ASKED = "refund not arrived"
PARCEL = draft("parcel", "Where is my parcel?", "parcel not arrived")
"""Answers `ASKED` by mistake as soon as the refund's article does not."""


@pytest.fixture
async def base(sqlite_database: Database, clock: MovableClock, tmp_path: Path) -> AsyncIterator[SmallBase]:
    made = SmallBase(sqlite_database, clock=clock, folder=tmp_path)
    await made.parts.search.open()
    yield made
    await made.parts.search.close()


async def publish(base: SmallBase, content: Draft) -> Article:
    made = await base.editing.create(MEI, content)
    return await base.editing.publish(MEI, made.id, expected_version=1)


async def broken(base: SmallBase) -> Article:
    """An article with a golden question, whose newest text no longer answers it."""
    article = await publish(base, REFUND)
    await publish(base, PARCEL)
    await base.editing.gate.add_golden(MEI, ASKED, Language.EN, article_id=article.id)
    return await base.editing.save(MEI, article.id, draft("refund", "What is the price of tea?"), expected_version=1)


async def test_a_golden_question_that_gets_worse_wants_a_reason(base: SmallBase) -> None:
    article = await broken(base)
    (result,) = (await base.editing.preview_publication(MEI, article.id, expected_version=2)).golden
    assert (result.before, result.is_worse) == (Outcome.RIGHT, True)
    with pytest.raises(PublicationWorse) as refused:
        await base.editing.publish(MEI, article.id, expected_version=2, reason="  ")
    assert dict(refused.value.details) == {"0": ASKED}
    assert await base.first(ASKED) == "refund", "nothing was published"
    await base.editing.publish(MEI, article.id, expected_version=2, reason="No refunds any more")
    _, (newest, *_) = await base.editing.history(MEI, article.id)
    assert newest.reason == "No refunds any more"
    assert base.trail.records[-1].after.endswith("No refunds any more")


async def test_a_reason_nobody_needed_is_not_noted(base: SmallBase) -> None:
    made = await base.editing.create(MEI, REFUND)
    await base.editing.gate.add_golden(MEI, ASKED, Language.EN, article_id=made.id)
    report = await base.editing.preview_publication(MEI, made.id, expected_version=1)
    assert [result.after for result in report.better] == [Outcome.RIGHT]
    assert not report.wants_attention
    await base.editing.publish(MEI, made.id, expected_version=1, reason="just because")
    _, (newest,) = await base.editing.history(MEI, made.id)
    assert not newest.reason


async def test_a_question_that_no_article_answers_stays_unanswered(base: SmallBase) -> None:
    await publish(base, STORE)
    await base.editing.gate.add_golden(TOM, "where can i park my car", Language.EN, article_id=None)
    (today,) = await base.editing.gate.golden(ANN)
    greedy = await base.editing.create(MEI, draft("greedy", "where can i park my car"))
    assert today.after > Outcome.WRONG
    with pytest.raises(PublicationWorse):
        await base.editing.publish(MEI, greedy.id, expected_version=1)


async def test_past_questions_show_what_would_change_from_what_to_what(base: SmallBase) -> None:
    article = await publish(base, REFUND)
    await publish(base, INVOICE)
    base.past.questions = [PastQuestion(question=text, language=Language.EN) for text in (ASKED, "invoice please")]
    text = replace(REFUND.texts[0], answer="Within three days.")
    await base.editing.save(MEI, article.id, replace(REFUND, texts=(text,)), expected_version=1)
    report = await base.editing.preview_publication(MEI, article.id, expected_version=2)
    assert report.past == 2
    changed = [(each.question.question, each.is_rewritten) for each in report.changed]
    assert changed == [(ASKED, True)], "a new text is another answer"
    agents = replace(REFUND, details=Details(audience=Audience.AGENTS))
    await base.editing.save(MEI, article.id, agents, expected_version=2)
    (gone,) = (await base.editing.preview_publication(MEI, article.id, expected_version=3)).changed
    assert (gone.before.level, gone.before.title) == (Level.SURE, REFUND.texts[0].title)
    assert gone.after.title != REFUND.texts[0].title


async def test_a_short_answer_that_stayed_is_pointed_out_until_somebody_looked(base: SmallBase) -> None:
    def saying(answer: str, short: str = "In three days.") -> Draft:
        return replace(REFUND, texts=(replace(REFUND.texts[0], answer=answer, short=short),))

    async def stale(article: Article) -> list[str]:
        report = await base.editing.preview_publication(MEI, article.id, expected_version=article.version)
        assert report.wants_attention == bool(report.stale_shorts)
        assert tuple(each.language for each in report.stale_shorts) == article.stale_shorts
        return [each.short for each in report.stale_shorts]

    article = await base.editing.create(MEI, saying("Three days after it reached us."))
    assert await stale(article) == []
    article = await base.editing.save(MEI, article.id, saying("Five days."), expected_version=1)
    assert await stale(article) == ["In three days."]
    article = await base.editing.save(MEI, article.id, saying("Five days, or more."), expected_version=2)
    assert await stale(article) == ["In three days."], "it stays until somebody looked"
    right = await base.editing.confirm_short(TOM, article.id, Language.EN, expected_version=3)
    assert (await stale(right), right.version) == ([], 3)
    assert base.trail.records[-1].action == "knowledge_base.confirm_short"
    with pytest.raises(ArticleChanged):
        await base.editing.confirm_short(TOM, article.id, Language.EN, expected_version=2)
    article = await base.editing.save(MEI, article.id, saying("Six days."), expected_version=3)
    assert await stale(await base.editing.restore(MEI, article.id, 3, expected_version=4)) == [], "back to what it was"
    article = await base.editing.save(MEI, article.id, saying("Six days.", "In six."), expected_version=5)
    assert await stale(article) == []
    with pytest.raises(NotAllowed):
        await base.editing.confirm_short(ANN, article.id, Language.EN, expected_version=6)


async def test_a_wording_that_another_article_answers_already_is_pointed_out(base: SmallBase) -> None:
    store = await publish(base, STORE)
    made = await base.editing.create(MEI, draft("visits", "Can I come and see?", "visit a shop"))
    report = await base.editing.preview_publication(MEI, made.id, expected_version=1)
    assert [(each.wording, each.article_id) for each in report.duplicates] == [("visit a shop", store.id)]
    same = await base.editing.preview_publication(MEI, store.id, expected_version=1)
    assert same.duplicates == ()


async def test_a_sentence_that_another_article_contradicts_is_pointed_out(base: SmallBase) -> None:
    def saying(key: str, title: str, answer: str) -> Draft:
        made = draft(key, title, "how long do I have to return something")
        return replace(made, texts=(replace(made.texts[0], answer=answer),))

    one = await publish(base, saying("returns", "Return a parcel", "You can return it within 7 days of delivery."))
    said = "Keep the box. You can return any item within 15 days of delivery."
    made = await base.editing.create(MEI, saying("send-back", "Send a parcel back", said))
    report = await base.editing.preview_publication(MEI, made.id, expected_version=1)
    assert [(each.article_id, each.mine, each.theirs) for each in report.contradictions] == [
        (one.id, "You can return any item within 15 days of delivery", "You can return it within 7 days of delivery")
    ]
    assert report.wants_attention
    await base.editing.publish(MEI, made.id, expected_version=1, reason="")
    await base.editing.save(MEI, made.id, replace(made.content, category="other"), expected_version=1)
    again = await base.editing.preview_publication(MEI, made.id, expected_version=2)
    assert again.contradictions == (), "it stands there already"


async def test_the_newest_publication_is_taken_back_with_the_working_copy(base: SmallBase) -> None:
    article = await broken(base)
    await base.editing.publish(MEI, article.id, expected_version=2, reason="by mistake")
    _, (newest, first) = await base.editing.history(MEI, article.id)
    with pytest.raises(NothingToRollBack):
        await base.editing.roll_back(TOM, article.id, first.version, expected_version=2)
    back = await base.editing.roll_back(TOM, article.id, newest.version, expected_version=2)
    assert (back.version, back.published_version, back.texts) == (3, 3, REFUND.texts)
    versions, _ = await base.editing.history(MEI, article.id)
    assert [(each.version, each.change) for each in versions[:2]] == [(3, Change.RESTORED), (2, Change.SAVED)]
    assert await base.first(ASKED) == "refund"
    with pytest.raises(NothingToRollBack):
        await base.editing.roll_back(TOM, article.id, newest.version, expected_version=3)


async def test_what_was_written_since_stays_when_a_publication_is_taken_back(base: SmallBase) -> None:
    article = await broken(base)
    await base.editing.publish(MEI, article.id, expected_version=2, reason="by mistake")
    written = await base.editing.save(MEI, article.id, replace(REFUND, category="other"), expected_version=2)
    _, publications = await base.editing.history(MEI, article.id)
    assert not holds_what_was_taken_back(written, publications)
    back = await base.editing.roll_back(TOM, article.id, publications[0].version, expected_version=3)
    assert (back.version, back.published_version, back.category) == (3, 1, "other")
    _, publications = await base.editing.history(MEI, article.id)
    assert holds_what_was_taken_back(back, publications)


async def test_taking_back_a_first_publication_retires_the_article(base: SmallBase) -> None:
    article = await publish(base, REFUND)
    _, (only,) = await base.editing.history(MEI, article.id)
    back = await base.editing.roll_back(MEI, article.id, only.version, expected_version=1)
    assert (back.status, back.published_version) == (ArticleStatus.RETIRED, None)
    assert await base.first(ASKED) == ""
    with pytest.raises(NotPublished):
        await base.editing.retire(MEI, article.id, expected_version=1)


async def test_golden_questions_are_kept_once_and_the_newest_word_counts(base: SmallBase) -> None:
    refund, store = await publish(base, REFUND), await publish(base, STORE)
    gate = base.editing.gate
    await gate.add_golden(MEI, f"  {ASKED} ", Language.EN, article_id=store.id)
    await gate.add_golden(TOM, ASKED, Language.EN, article_id=refund.id)
    (only,) = await gate.golden(ANN, refund.id)
    assert (only.question.question, only.question.by, only.after) == (ASKED, "Tom", Outcome.RIGHT)
    assert await gate.golden(ANN, store.id) == ()
    await gate.remove_golden(MEI, only.question.id)
    trail = [record for record in base.trail.records if record.subject.startswith("golden:")]
    assert {record.subject for record in trail} == {f"golden:{only.question.id}"}
    assert [(record.action.partition(".")[2], record.before, record.after) for record in trail] == [
        ("golden_set", "", f"{ASKED} → {store.id}"),
        ("golden_set", f"{ASKED} → {store.id}", f"{ASKED} → {refund.id}"),
        ("golden_removed", f"{ASKED} → {refund.id}", ""),
    ]
    assert await gate.golden(ANN) == ()
    with pytest.raises(NotAllowed):
        await gate.add_golden(ANN, ASKED, Language.EN, article_id=refund.id)
    with pytest.raises(NotFound):
        await gate.add_golden(MEI, ASKED, Language.EN, article_id="nobody")
    for question in (" ", "x" * 301):
        with pytest.raises(ArticleInvalid):
            await gate.add_golden(MEI, question, Language.EN, article_id=None)
