"""nlu: what people correct, who decides, and what is learned."""

from __future__ import annotations

import pytest

from kit.refusals import NotFound
from kit.sql import Database
from nlu.adapters.correction_store import SqlCorrectionStore
from nlu.contracts import ExampleState, Severity
from nlu.refusals import CorrectionDecided, EmptyCorrection, HeldOutText, UnknownIntent
from nlu.starter_content import Labelled
from nlu.teaching import Reviewed, Teaching
from tests.support.clock import MovableClock


@pytest.fixture
def teaching(database: Database, clock: MovableClock) -> Teaching:
    numbers = iter(range(1_000))
    return Teaching(
        transactions=database,
        store=SqlCorrectionStore(database),
        intents=("complaint", "delivery_time", "refund_progress"),
        held_out=("快递怎么还没到",),
        clock=clock,
        new_id=lambda: f"{next(numbers):026}",
    )


async def propose(teaching: Teaching, text: str = "等了三天了", intent: str = "delivery_time") -> str:
    return (await teaching.propose(text, heard="small_talk", intent=intent, by="agent")).id


async def test_a_correction_waits_for_its_review_and_is_not_learned_before(teaching: Teaching) -> None:
    await propose(teaching)
    (waiting,) = await teaching.listed(ExampleState.PROPOSED)
    assert (waiting.text, waiting.heard, waiting.intent) == ("等了三天了", "small_talk", "delivery_time")
    assert await teaching.approved() == []


async def test_an_approved_correction_is_learned(teaching: Teaching) -> None:
    await teaching.approve(await propose(teaching), by="editor")
    assert await teaching.approved() == [Labelled(text="等了三天了", label="delivery_time")]
    (approved,) = await teaching.listed(ExampleState.APPROVED)
    assert (approved.proposed_by, approved.decided_by) == ("agent", "editor")


async def test_the_reviewer_may_set_text_and_intent_right(teaching: Teaching) -> None:
    found = await propose(teaching, "张三的包裹等了三天了")
    await teaching.approve(found, by="editor", reviewed=Reviewed(text="包裹等了三天了", intent="refund_progress"))
    assert await teaching.approved() == [Labelled(text="包裹等了三天了", label="refund_progress")]


async def test_a_discarded_correction_is_never_learned(teaching: Teaching) -> None:
    await teaching.discard(await propose(teaching), by="editor")
    assert await teaching.approved() == []
    counts = await teaching.counts()
    assert counts == {ExampleState.PROPOSED: 0, ExampleState.APPROVED: 0, ExampleState.DISCARDED: 1}


async def test_what_was_approved_may_be_taken_back(teaching: Teaching) -> None:
    found = await propose(teaching)
    await teaching.approve(found, by="editor")
    learned = await teaching.state_of_approved()
    assert learned
    await teaching.discard(found, by="editor")
    assert await teaching.approved() == []
    assert await teaching.state_of_approved() == ""
    with pytest.raises(CorrectionDecided):
        await teaching.discard(found, by="editor")
    with pytest.raises(NotFound):
        await teaching.discard("nobody", by="editor")


async def test_what_was_decided_is_not_decided_twice(teaching: Teaching) -> None:
    found = await propose(teaching)
    await teaching.discard(found, by="editor")
    with pytest.raises(CorrectionDecided):
        await teaching.approve(found, by="editor")
    with pytest.raises(NotFound):
        await teaching.approve("nobody", by="editor")


async def test_a_later_word_on_the_same_text_waits_again(teaching: Teaching) -> None:
    await teaching.approve(await propose(teaching), by="editor")
    await propose(teaching, "等了三天了！！", "refund_progress")
    await propose(teaching, "等了三天了!", "complaint")
    assert [each.intent for each in await teaching.listed(ExampleState.PROPOSED)] == ["complaint"]
    assert await teaching.approved() == []


async def test_a_complaint_says_what_it_is_about_and_nothing_else_does(teaching: Teaching) -> None:
    about = await teaching.propose(
        "太慢了", heard="", intent="complaint", category="delivery", severity=Severity.SERIOUS, by="agent"
    )
    await teaching.approve(about.id, by="editor")
    (learned,) = await teaching.approved_corrections()
    assert (learned.category, learned.severity) == ("delivery", Severity.SERIOUS)
    other = await teaching.propose("多久到", heard="", intent="delivery_time", category="delivery", by="agent")
    assert (about.category, other.category) == ("delivery", "")


@pytest.mark.parametrize("reviewed", [None, "快递怎么还没到！"])
async def test_a_question_that_versions_are_measured_with_is_never_learned(
    teaching: Teaching, reviewed: str | None
) -> None:
    found = await propose(teaching, "快递怎么还没到" if reviewed is None else "还没到")
    put_right = None if reviewed is None else Reviewed(text=reviewed, intent="delivery_time")
    with pytest.raises(HeldOutText):
        await teaching.approve(found, by="editor", reviewed=put_right)
    assert await teaching.approved() == []


async def test_personal_numbers_and_mails_are_not_kept(teaching: Teaching) -> None:
    said = "订单CJ2611-088213 电话13812345678 邮箱li.lei@example.com 卡6222 0212 3456 7890 123 身份证11010519491231002X"
    kept = (await teaching.propose(said, heard="", intent="complaint", by="agent")).text
    assert not any(digit in kept for digit in "0123456789")
    assert "li.lei" not in kept


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
async def test_an_empty_text_teaches_nothing(teaching: Teaching, text: str) -> None:
    with pytest.raises(EmptyCorrection):
        await propose(teaching, text)


async def test_an_intent_the_desk_does_not_have_is_refused(teaching: Teaching) -> None:
    with pytest.raises(UnknownIntent):
        await propose(teaching, intent="marry_me")
