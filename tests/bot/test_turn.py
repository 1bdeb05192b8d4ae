"""tests: the turn's exits, its deadlines, what is stored, and who wins when owners change under it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import structlog
from pydantic import ValidationError

from bot.contracts import EntryKind, Inbound, InboundKind, Owner, TurnExit
from bot.faults import Faults
from bot.hearing import Hearing
from bot.logs import set_up_logging
from bot.settings.conversation import TurnSettings
from bot.state import state_from_json
from bot.turn import Outcome, TurnFailed
from handoff.contracts import HandoffReason
from kit.contracts import Language, Tx
from knowledge_base.contracts import Helped, Level
from nlu.contracts import IntentSpan
from tests.bot.support.desk import Parts
from tests.bot.support.policy import POLICY, situation
from tests.bot.support.scripted import article, complaint, place
from tests.bot.support.stand_ins import break_down, hang
from tests.bot.support.talk import PATIENT, SHORT, Talk, choices_of

T = TypeVar("T")


@pytest.fixture
def talk(parts: Parts) -> Talk:
    """A conversation; SQLite and PostgreSQL in turn."""
    return Talk(parts=parts)


async def test_an_answer_is_stored_with_its_source_its_buttons_and_its_record(talk: Talk) -> None:
    talk.understand.hear("怎么退货", Language.ZH, intent="return_request")
    talk.search.know("怎么退货", Level.SURE, article("returns"), article("refund", confidence=0.4))
    [reply] = await talk.say("怎么退货")
    assert reply.text == "**answer** of returns"
    assert reply.payload["format"] == "markdown"
    assert reply.payload["source"] == {
        "article_id": "id-returns",
        "key": "returns",
        "version": 3,
        "title": "title of returns",
        "language": "zh",
        "confidence": 0.97,
    }
    assert reply.payload["choices"] == [
        {"id": "helped:yes", "label": "有帮助"},
        {"id": "helped:no", "label": "没解决"},
    ]
    [record] = await talk.parts.turns.of_conversation(talk.conversation_id)
    assert reply.payload["decision"] == record.id
    assert (record.exit, record.decision, record.rule) == (TurnExit.ANSWERED, "answer", "answering.sure")
    assert (record.seq, record.reply_seq, record.article_id) == (1, 2, "id-returns")
    search, understanding = record.why["search"], record.why["understanding"]
    assert isinstance(search, dict)
    assert isinstance(understanding, dict)
    assert (search["knowledge_base_version"], search["answer_threshold"], search["model"]) == (7, 0.8, "scripted")
    assert (understanding["intent"], understanding["model"]) == ("return_request", "scripted")
    assert not await talk.is_due()


async def test_the_language_follows_every_message(talk: Talk) -> None:
    talk.understand.hear("你好", Language.ZH, intent="greet")
    talk.understand.hear("thanks", Language.EN, intent="thanks")
    assert [(await talk.say(text))[0].language for text in ("你好", "thanks", "👍")] == ["zh", "en", "en"]
    assert (await talk.conversation()).language is Language.EN


async def test_an_opened_conversation_is_greeted_in_the_channels_language(talk: Talk) -> None:
    start = Inbound(channel="widget", external_id="s", address="v", kind=InboundKind.START, language_hint=Language.EN)
    talk.conversation_id = (await talk.parts.inbox.receive(start)).conversation_id
    assert await talk.run() is Outcome.DONE
    reply = (await talk.entries())[-1]
    assert reply.text.startswith("Hello, this is Clearhome support.")
    assert reply.payload["choices"] == [{"id": "human", "label": "Talk to a person"}]


async def test_two_messages_get_two_turns_in_order(talk: Talk) -> None:
    talk.search.know("one", Level.SURE, article("one"))
    talk.search.know("two", Level.SURE, article("two"))
    await talk.hears("one")
    await talk.hears("two")
    assert [await talk.run(), await talk.run(), await talk.run()] == [Outcome.DONE, Outcome.DONE, Outcome.NOTHING_DUE]
    texts = [(entry.kind, entry.text) for entry in await talk.entries()]
    assert texts == [
        (EntryKind.CUSTOMER, "one"),
        (EntryKind.CUSTOMER, "two"),
        (EntryKind.BOT, "**answer** of one"),
        (EntryKind.BOT, "**answer** of two"),
    ]


async def test_feedback_is_recorded_with_the_turn_it_is_about_and_counts_once(talk: Talk) -> None:
    talk.search.know("怎么退货", Level.SURE, article("returns"))
    talk.search.know("发票", Level.SURE, article("invoice"))
    [first] = await talk.say("怎么退货")
    await talk.say("发票")
    await talk.press("helped:no", to_seq=first.seq)
    await talk.press("helped:no", to_seq=first.seq)
    assert list(talk.search.helped.values()) == [Helped.NO]
    records = await talk.parts.turns.of_conversation(talk.conversation_id)
    assert [record.helped for record in records][:2] == [False, None]


# --- what breaks -----------------------------------------------------------------------------------------------------


@pytest.fixture
def hurried(parts: Parts) -> Talk:
    """A conversation whose steps must be quick."""
    talk = Talk(parts=parts, settings=SHORT)
    talk.search.know("怎么退货", Level.SURE, article("returns"))
    talk.understand.hear("我要投诉 快递摔坏了", Language.ZH, complaint=complaint("delivery"))
    return talk


@pytest.mark.parametrize("failure", [hang, break_down])
async def test_without_intents_the_customer_still_gets_the_answer(hurried: Talk, failure: object) -> None:
    hurried.understand.before_interpret = failure  # type: ignore[assignment]
    [reply] = await hurried.say("怎么退货")
    assert reply.text == "**answer** of returns"
    [record] = await hurried.parts.turns.of_conversation(hurried.conversation_id)
    assert record.exit is TurnExit.CRASHED
    assert [fault.split(":")[0] for fault in record.faults] == ["understand"]


@pytest.mark.parametrize("failure", [hang, break_down])
async def test_without_search_a_complaint_is_still_filed_and_a_question_gets_a_choice(
    hurried: Talk, failure: object
) -> None:
    hurried.search.before_search = failure  # type: ignore[assignment]
    assert "human" in choices_of(await hurried.say("怎么退货"))
    await hurried.say("我要投诉 快递摔坏了")
    assert [case.category for case in hurried.cases.files.values()] == ["delivery"]


async def test_everything_that_is_thought_about_a_message_shares_one_deadline(talk: Talk) -> None:
    deadlines: set[float] = set()

    class Watched(Faults):
        async def by(self, step: str, deadline: float, work: Awaitable[T]) -> T | None:
            if step in {"read", "understand", "search"}:
                deadlines.add(deadline)
            return await super().by(step, deadline, work)

    two = "东西坏了，还要多久退款"
    spans = (
        IntentSpan(name="repair", confidence=0.9, start=0, end=4),
        IntentSpan(name="refund_time", confidence=0.9, start=5, end=11),
    )
    talk.understand.hear(two, Language.ZH, intents=spans)
    hearing = Hearing(understand=talk.understand, search=talk.search, policy=POLICY, settings=PATIENT)
    heard = await hearing.hear(situation(two), previous=Language.ZH, faults=Watched("a conversation"))
    assert len(heard.parts) == 2
    assert len(deadlines) == 1


@pytest.mark.parametrize("failure", [hang, break_down])
async def test_when_nothing_can_be_understood_the_customer_gets_a_person(hurried: Talk, failure: object) -> None:
    hurried.understand.before_read = failure  # type: ignore[assignment]
    await hurried.say("怎么退货")
    assert hurried.desk.waiting[hurried.conversation_id].reason is HandoffReason.FAULT
    assert (await hurried.conversation()).owner is Owner.QUEUE


async def test_a_file_that_cannot_be_opened_becomes_a_person(hurried: Talk) -> None:
    hurried.cases.before_open = break_down
    replies = await hurried.say("我要投诉 快递摔坏了")
    assert hurried.desk.waiting[hurried.conversation_id].reason is HandoffReason.FAULT
    assert "抱歉" in replies[0].text
    [record] = await hurried.parts.turns.of_conversation(hurried.conversation_id)
    assert (record.rule, record.exit) == ("fault.crashed", TurnExit.CRASHED)


async def test_when_not_even_a_person_can_be_called_the_turn_stays_due_and_nothing_is_lost(hurried: Talk) -> None:
    hurried.cases.before_open = hurried.desk.before_open = break_down
    await hurried.hears("我要投诉 快递摔坏了")
    with pytest.raises(TurnFailed) as failed:
        await hurried.run()
    assert [fault.split(":")[0] for fault in failed.value.faults] == ["save", "save"]
    assert await hurried.is_due()
    assert len(await hurried.entries()) == 1
    hurried.cases.before_open = hurried.desk.before_open = None
    assert await hurried.run() is Outcome.DONE
    assert len(hurried.cases.files) == 1


async def test_a_fault_in_the_policy_becomes_a_person(hurried: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    hurried.search.know("坏掉的结果", Level.SURE)
    monkeypatch.setattr("bot.turn.decide", break_down_on_decide)
    await hurried.say("坏掉的结果")
    assert hurried.desk.waiting[hurried.conversation_id].reason is HandoffReason.FAULT


def break_down_on_decide(*_: object) -> object:
    """A policy with a fault."""
    message = "a fault in the policy"
    raise ZeroDivisionError(message)


def test_all_deadlines_together_stay_under_ten_seconds() -> None:
    assert TurnSettings().longest() < 10
    with pytest.raises(ValidationError, match="must end within"):
        TurnSettings(save_seconds=5)


# --- who owns the conversation ---------------------------------------------------------------------------------------


async def test_the_bot_says_nothing_once_a_person_owns_the_conversation(talk: Talk) -> None:
    await talk.press("human")
    await talk.agent_claims()
    before = len(await talk.entries())
    for text in ("怎么退货", "转人工", "😡"):
        await talk.hears(text)
        assert await talk.run() is Outcome.DONE
    assert len(await talk.entries()) == before + 3
    assert not await talk.is_due()


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


# --- logs ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The log as a running desk writes it, at its most talkative."""
    root = logging.getLogger()
    handlers, level, before = root.handlers[:], root.level, structlog.get_config()
    set_up_logging(tmp_path / "bot.log", level=logging.DEBUG)
    yield tmp_path / "bot.log"
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


async def test_no_message_text_reaches_the_log(hurried: Talk, log: Path) -> None:
    hurried.understand.before_interpret = break_down
    await hurried.say("怎么退货 我的手机号 13800138000")
    hurried.understand.before_interpret = None
    hurried.cases.before_open = hurried.desk.before_open = break_down
    await hurried.hears("我要投诉 快递摔坏了")
    with pytest.raises(TurnFailed):
        await hurried.run()
    written = await asyncio.to_thread(log.read_text)
    assert hurried.conversation_id in written
    assert "RuntimeError" in written
    for secret in ("退货", "13800138000", "投诉", "快递", "secret words"):
        assert secret not in written


async def test_a_message_that_wants_two_things_gets_both(talk: Talk) -> None:
    text = "东西坏了，还要多久退款"
    spans = (
        IntentSpan(name="repair_request", confidence=0.99, start=0, end=4),
        IntentSpan(name="refund_progress", confidence=0.99, start=5, end=11),
    )
    refund, repair = article("refund-time"), article("repair-how")
    talk.search.know(text, Level.SURE, refund)
    talk.search.know("东西坏了", Level.SURE, repair)
    talk.search.know("还要多久退款", Level.SURE, refund)
    talk.understand.hear(text, Language.ZH, intent="refund_progress", intents=spans)
    said = [entry.text for entry in await talk.say(text)]
    assert [name for name in ("repair-how", "refund-time") if any(f"answer** of {name}" in one for one in said)] == [
        "repair-how",
        "refund-time",
    ]


async def test_a_complaint_beside_a_question_is_not_searched_for_in_pieces(talk: Talk) -> None:
    text = "你们服务太差了，还要多久退款"
    spans = (
        IntentSpan(name="complaint", confidence=0.99, start=0, end=7),
        IntentSpan(name="refund_progress", confidence=0.99, start=8, end=14),
    )
    talk.search.know("还要多久退款", Level.SURE, article("refund-time"))
    talk.understand.hear(text, Language.ZH, intent="complaint", intents=spans, complaint=complaint("service_attitude"))
    assert not [entry for entry in await talk.say(text) if "of refund-time" in entry.text]
    assert len(talk.cases.files) == 1
