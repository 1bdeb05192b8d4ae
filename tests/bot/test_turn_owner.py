"""tests: who owns the conversation when a turn ends: the bot, the queue or a person, and what each of them hears."""

from __future__ import annotations

import asyncio

import pytest

from bot.contracts import EntryKind, Owner
from bot.state import state_from_json
from bot.turn import Outcome
from kit.contracts import Language, Tx
from knowledge_base.contracts import Level
from tests.bot.support.desk import Parts
from tests.bot.support.scripted import article, complaint, place
from tests.bot.support.stand_ins import break_down
from tests.bot.support.talk import Talk, choices_of


@pytest.fixture
def talk(parts: Parts) -> Talk:
    """A conversation; SQLite and PostgreSQL in turn."""
    return Talk(parts=parts)


async def test_the_bot_says_nothing_once_a_person_owns_the_conversation(talk: Talk) -> None:
    await talk.press("human")
    await talk.agent_claims()
    before = len(await talk.entries())
    for text in ("怎么退货", "转人工", "😡"):
        await talk.hears(text)
        assert await talk.run() is Outcome.DONE
    assert len(await talk.entries()) == before + 3
    assert not await talk.is_due()


async def test_what_the_bot_answers_while_a_customer_waits_is_in_what_the_person_is_shown(talk: Talk) -> None:
    talk.search.know("怎么退货", Level.SURE, article("returns"))
    await talk.press("human")
    [reply] = await talk.say("怎么退货")
    assert reply.text == "**answer** of returns"
    packet = talk.desk.waiting[talk.conversation_id].packet
    assert [(each.question, each.decision, each.title) for each in packet.attempts] == [
        ("怎么退货", "answer", "title of returns")
    ]


async def test_what_is_said_to_a_person_joins_what_that_person_is_shown(talk: Talk) -> None:
    await talk.press("human")
    await talk.agent_claims()
    talk.understand.hear("那换一台吧", Language.ZH, intent="exchange_request", order_number="CJ2611-088213")
    talk.understand.hear("好的谢谢", Language.ZH, intent="thanks")
    for text in ("那换一台吧", "好的谢谢", "😡"):
        await talk.hears(text)
        assert await talk.run() is Outcome.DONE
    first, second = talk.desk.heard
    assert first.entities == (("order_number", "CJ2611-088213"),)
    assert first.wish is not None
    assert (first.wish.line, first.wish.intent) == ("那换一台吧", "exchange_request")
    assert second.wish is None, "thanks are no wish"


async def test_a_person_is_shown_no_more_where_understanding_breaks_and_the_message_is_dealt_with(talk: Talk) -> None:
    await talk.press("human")
    await talk.agent_claims()
    talk.understand.before_interpret = break_down
    await talk.hears("那换一台吧")
    assert await talk.run() is Outcome.DONE
    assert talk.desk.heard == []
    assert not await talk.is_due()


async def test_an_owner_who_comes_in_the_middle_of_a_turn_wins(talk: Talk) -> None:
    arrived, claimed = asyncio.Event(), asyncio.Event()

    async def wait_for_claim(_: str) -> None:
        arrived.set()
        await claimed.wait()

    talk.search.know("怎么退货", Level.SURE, article("returns"))
    talk.search.before_search = wait_for_claim
    await talk.hears("怎么退货")
    running = asyncio.create_task(talk.run())
    await arrived.wait()
    await talk.agent_claims()
    claimed.set()
    assert await running is Outcome.LOST
    assert [entry.kind for entry in await talk.entries()] == [EntryKind.CUSTOMER]
    assert await talk.run() is Outcome.DONE
    assert [entry.kind for entry in await talk.entries()] == [EntryKind.CUSTOMER]
    assert await talk.parts.turns.of_conversation(talk.conversation_id) == ()


async def test_two_workers_on_one_message_answer_it_once(talk: Talk) -> None:
    talk.search.know("怎么退货", Level.SURE, article("returns"))
    await talk.hears("怎么退货")
    outcomes = await asyncio.gather(*(talk.run() for _ in range(8)))
    assert outcomes.count(Outcome.DONE) == 1
    assert len(await talk.entries()) == 2


async def test_a_conversation_given_back_starts_afresh(talk: Talk) -> None:
    talk.understand.hear("我要投诉 快递摔坏了", Language.ZH, complaint=complaint("delivery"))
    await talk.say("我要投诉 快递摔坏了")
    await talk.press("human")
    await talk.agent_claims()

    async def give_back(tx: Tx) -> int:
        return await talk.conversations.take_owner(tx, talk.conversation_id, owner="bot", at=talk.parts.clock())

    await talk.parts.database.write(give_back)
    state = state_from_json((await talk.conversation()).state)
    assert (state.form, state.waiting) == (None, None)
    assert state.case is not None
    talk.search.know("怎么退货", Level.SURE, article("returns"))
    assert (await talk.say("怎么退货"))[0].text == "**answer** of returns"


async def test_given_back_the_bot_knows_who_helped_and_what_was_said_to_them(talk: Talk) -> None:
    await talk.press("human")
    epoch = await talk.agent_claims()
    talk.understand.hear(
        "订单 CJ2611-088213 能换成大号吗", Language.ZH, intent="exchange", order_number="CJ2611-088213"
    )
    await talk.hears("订单 CJ2611-088213 能换成大号吗")
    assert await talk.run() is Outcome.DONE

    async def reply(tx: Tx) -> int | None:
        return await talk.conversations.append_agent(
            tx,
            talk.conversation_id,
            key="r1",
            text="可以换",
            agent_id="agent-1",
            agent_name="林静",
            epoch=epoch,
            at=talk.parts.clock(),
        )

    async def give_back(tx: Tx) -> int:
        return await talk.conversations.take_owner(tx, talk.conversation_id, owner="bot", at=talk.parts.clock())

    await talk.parts.database.write(reply)
    await talk.parts.database.write(give_back)
    state = state_from_json((await talk.conversation()).state)
    assert state.order_number == "CJ2611-088213", "nobody asks for it again"
    assert state.topic is not None
    assert state.topic.question == "订单 CJ2611-088213 能换成大号吗", "a follow-up leans on it"
    [honest] = await talk.say("一个没人知道的问题")
    assert "林静" in honest.text
    assert "human" in choices_of([honest])
    talk.parts.clock.forward(hours=25)
    assert "林静" not in "".join(entry.text for entry in await talk.say("另一个没人知道的问题"))


async def test_leaving_the_queue_gives_the_conversation_back_to_the_bot(talk: Talk) -> None:
    talk.desk.now_place = place(ahead=2)
    [told] = await talk.press("human")
    assert told.text.endswith("前面还有 2 位。")
    await talk.press("leave_queue")
    assert (await talk.conversation()).owner is Owner.BOT
    assert talk.desk.waiting == {}


async def test_news_of_a_turn_names_its_last_line_and_a_new_owner(talk: Talk) -> None:
    async with talk.parts.signals.subscribe("conversation:*", "desk") as news:
        await talk.press("human")
        heard = [await anext(news), await anext(news), await anext(news)]
    assert [(signal.topic, signal.body) for signal in heard if signal] == [
        (f"conversation:{talk.conversation_id}", {"seq": 1}),
        (f"conversation:{talk.conversation_id}", {"seq": 2, "state": True}),
        ("desk", {"conversations": [talk.conversation_id]}),
    ]
