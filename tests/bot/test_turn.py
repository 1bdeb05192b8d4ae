"""tests: the turn's exits, its deadlines, and what is stored."""

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
from bot.turn import Outcome, TurnFailed
from handoff.contracts import HandoffReason
from kit.contracts import Language
from knowledge_base.contracts import Helped, Level
from nlu.contracts import IntentSpan
from tests.bot.support.desk import Parts
from tests.bot.support.policy import POLICY, situation
from tests.bot.support.scripted import article, complaint
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
