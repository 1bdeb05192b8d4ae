"""tests: dialogues of several messages through the real turn; nlu, base and queue follow a script."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.state import state_from_json
from kit.contracts import Language
from knowledge_base.contracts import ArticleAction, Level
from tests.bot.support.desk import Parts
from tests.bot.support.scripted import article
from tests.bot.support.talk import Talk, choices_of

BOTH = pytest.mark.parametrize(
    ("language", "first", "more"),
    [(Language.ZH, "运费多少", "那退货的呢"), (Language.EN, "how much is delivery", "and for returns?")],
)


@BOTH
async def test_a_follow_up_is_understood_with_what_came_before(
    sqlite_parts: Parts, language: Language, first: str, more: str
) -> None:
    talk = Talk(parts=sqlite_parts)
    for text in (first, more, f"{first} {more}"):
        talk.understand.hear(text, language)
    fee, returns = article("fee", language, confidence=0.9), article("returns", language, confidence=0.5)
    talk.search.know(first, Level.SURE, fee)
    talk.search.know(more, Level.UNSURE, returns)
    talk.search.know(f"{first} {more}", Level.SURE, fee, article("returns", language, confidence=0.09))
    await talk.say(first)
    [reply] = await talk.say(more)
    assert reply.text == returns.answer
    record = (await sqlite_parts.turns.of_conversation(talk.conversation_id))[-1]
    assert record.why["searched"] == "follow_up"
    looked = record.why["looked"]
    assert isinstance(looked, list)
    assert isinstance(looked[0], dict)
    assert looked[0]["behind"] == f"{first} {more}"


@pytest.mark.parametrize(
    ("language", "text", "parts"),
    [
        (Language.ZH, "运费多少，还有发票怎么开", ("运费多少", "发票怎么开")),
        (
            Language.EN,
            "how much is delivery? how do i get an invoice?",
            ("how much is delivery?", "how do i get an invoice?"),
        ),
    ],
)
async def test_two_questions_get_two_answers(
    sqlite_parts: Parts, language: Language, text: str, parts: tuple[str, str]
) -> None:
    talk = Talk(parts=sqlite_parts)
    talk.understand.hear(text, language)
    for part, name in zip(parts, ("fee", "invoice"), strict=True):
        talk.search.know(part, Level.SURE, article(name, language))
    assert [reply.text for reply in await talk.say(text)] == ["**answer** of fee", "**answer** of invoice"]


async def test_a_typed_button_is_a_pressed_one(sqlite_parts: Parts) -> None:
    talk = Talk(parts=sqlite_parts)
    talk.search.know("退", Level.UNSURE, article("one", confidence=0.4), article("two", confidence=0.3))
    await talk.say("退")
    [reply] = await talk.say("第二个")
    assert reply.text == "**answer** of two"
    assert "helped:yes" in choices_of([reply])


async def test_what_a_waiting_customer_adds_reaches_the_context_packet(sqlite_parts: Parts) -> None:
    talk = Talk(parts=sqlite_parts)
    talk.understand.hear("转人工", Language.ZH, intent="talk_to_person", wants_person=True)
    talk.understand.hear("订单是上周的", Language.ZH, order_number="CJ2611-088213")
    await talk.say("退款一直没到")
    await talk.say("转人工")
    assert talk.desk.waiting[talk.conversation_id].packet.want == "退款一直没到"
    asked_at = talk.desk.waiting[talk.conversation_id].asked_at
    await talk.say("订单是上周的")
    await talk.say("还要多久")
    handoff = talk.desk.waiting[talk.conversation_id]
    assert handoff.packet.want == "退款一直没到 · 订单是上周的"
    assert ("order_number", "CJ2611-088213") in handoff.packet.entities
    assert handoff.asked_at == asked_at


async def test_feedback_pressed_twice_counts_once(sqlite_parts: Parts) -> None:
    talk = Talk(parts=sqlite_parts)
    talk.search.know("怎么退货", Level.SURE, article("returns"))
    [answer] = await talk.say("怎么退货")
    await talk.press("helped:no", to_seq=answer.seq)
    misses = len(talk.search.misses)
    [known] = await talk.press("helped:no", to_seq=answer.seq)
    assert known.text == talk.parts.texts("bot.helped.known", Language.ZH)
    assert len(talk.search.misses) == misses
    assert state_from_json((await talk.conversation()).state).misses == 1


async def test_below_an_older_answer_too_did_not_help_leads_to_the_department_of_its_article(
    sqlite_parts: Parts,
) -> None:
    talk = Talk(parts=sqlite_parts)
    returns = replace(article("returns"), action=ArticleAction.HAND_OVER, department="after_sales")
    talk.search.know("怎么退货", Level.SURE, returns)
    talk.search.know("运费多少", Level.SURE, article("fee"))
    [older] = await talk.say("怎么退货")
    await talk.say("运费多少")
    replies = await talk.press("helped:no", to_seq=older.seq)
    assert "human:after_sales" in choices_of(replies)
