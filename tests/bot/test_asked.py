"""Promises of what the bot tells the editors: questions and what became of them, reasons, handovers."""

from __future__ import annotations

import pytest

from knowledge_base.contracts import AskedOutcome, Level, NoHelp
from tests.bot.support.desk import Parts
from tests.bot.support.scripted import article
from tests.bot.support.talk import Talk


@pytest.fixture
def talk(sqlite_parts: Parts) -> Talk:
    return Talk(parts=sqlite_parts)


async def test_questions_are_told_with_their_outcome_and_greetings_are_not(talk: Talk) -> None:
    talk.search.know("怎么退货", Level.SURE, article("returns"))
    talk.search.know("退货还是退款", Level.UNSURE, article("returns"), article("refund"))
    await talk.say("你好")
    await talk.say("怎么退货")
    await talk.say("退货还是退款")
    await talk.press("article:id-refund")
    await talk.say("量子纠缠")
    told = talk.search.asked
    assert [each.outcome for each in told] == [
        AskedOutcome.ANSWERED,
        AskedOutcome.CLARIFIED,
        AskedOutcome.CHOSEN,
        AskedOutcome.UNKNOWN,
    ]
    assert {(each.customer, each.channel) for each in told} == {(talk.conversation_id, talk.channel)}
    chosen = told[2]
    assert (chosen.question, chosen.article_id, chosen.rival_id) == ("退货还是退款", "id-refund", "id-returns")


async def test_why_an_answer_did_not_help_can_be_said_by_a_button(talk: Talk) -> None:
    talk.search.know("怎么退货", Level.SURE, article("returns"))
    await talk.say("怎么退货")
    replies = await talk.press("helped:no")
    offered = [choice["id"] for reply in replies for choice in reply.payload.get("choices", [])]  # type: ignore[union-attr, index, call-overload]
    assert [choice for choice in offered if str(choice).startswith("reason:")] == [f"reason:{name}" for name in NoHelp]
    assert await talk.press("reason:unclear")
    assert talk.search.reasons == {talk.search.asked[0].id: NoHelp.UNCLEAR}
    assert await talk.press("reason:nonsense")  # gets a word, and changes nothing
    assert list(talk.search.reasons.values()) == [NoHelp.UNCLEAR]


async def test_a_handover_is_told(talk: Talk) -> None:
    await talk.press("human")
    assert talk.search.handed_over == [talk.conversation_id]
