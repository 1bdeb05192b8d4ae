"""Promises of the question log: masked, and what is said later finds the question it is about."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import select

from kit.contracts import Language
from kit.ids import new_id
from kit.sql import Database
from knowledge_base.adapters.build import build_question_log
from knowledge_base.adapters.question_store import SqlQuestionStore
from knowledge_base.adapters.tables import asked_questions, misses
from knowledge_base.contracts import Asked, AskedOutcome, Helped, Miss, NoHelp
from knowledge_base.question_log import QuestionLog
from tests.support.clock import MovableClock

PHONE = "13800138000"


def log_over(database: Database) -> QuestionLog:
    return build_question_log(database, zone=ZoneInfo("Asia/Shanghai"), new_id=new_id)


def asked(
    clock: MovableClock,
    *,
    customer: str = "c1",
    question: str = "Where is my parcel?",
    outcome: AskedOutcome = AskedOutcome.ANSWERED,
) -> Asked:
    return Asked(
        id=new_id(),
        customer=customer,
        channel="widget",
        language=Language.EN,
        at=clock(),
        question=question,
        outcome=outcome,
        article_id="a",
        article_version=1,
    )


async def rows(database: Database, *columns: str) -> list[tuple[object, ...]]:
    table = asked_questions.c if columns[0] in asked_questions.c else misses.c
    async with database.read() as connection:
        found = await connection.execute(select(*(table[name] for name in columns)))
        return [tuple(row) for row in found]


async def test_questions_are_kept_masked_with_the_day_of_the_desk(database: Database, clock: MovableClock) -> None:
    log, one = log_over(database), asked(clock, question=f"call me at {PHONE}")
    await database.write(lambda tx: log.record_asked(tx, one))
    [(question, folded, day)] = await rows(database, "question", "folded", "day")
    assert PHONE not in f"{question}{folded}"
    assert day == clock().astimezone(ZoneInfo("Asia/Shanghai")).date()


async def test_the_last_word_on_an_answer_counts_and_takes_its_reason_back(
    database: Database, clock: MovableClock
) -> None:
    log, one = log_over(database), asked(clock)
    await database.write(lambda tx: log.record_asked(tx, one))
    await log.record_helped(one.id, Helped.NO)
    await database.write(lambda tx: log.record_reason(tx, one.id, NoHelp.UNCLEAR))
    assert await rows(database, "helped", "reason") == [(False, "unclear")]
    await log.record_helped(one.id, Helped.YES)
    assert await rows(database, "helped", "reason") == [(True, None)]
    await database.write(lambda tx: log.record_reason(tx, one.id, NoHelp.WRONG))
    assert await rows(database, "helped", "reason") == [(True, None)]


async def test_a_handover_marks_what_was_asked_just_before(database: Database, clock: MovableClock) -> None:
    log = log_over(database)
    long_ago, other = asked(clock), asked(clock, customer="c2")
    await database.write(lambda tx: log.record_asked(tx, long_ago))
    clock.forward(hours=2)
    just_now = asked(clock)
    for one in (just_now, other):
        await database.write(partial(log.record_asked, asked=one))
    await database.write(lambda tx: log.record_handover(tx, "c1", at=clock() + timedelta(minutes=1)))
    marked = {row[0]: row[1] for row in await rows(database, "id", "handed_over")}
    assert marked == {long_ago.id: False, just_now.id: True, other.id: False}


async def test_an_agents_words_go_to_the_customers_misses(database: Database, clock: MovableClock) -> None:
    log = log_over(database)
    for customer in ("c1", "c2"):
        miss = Miss(question="oven?", language=Language.EN, why="unknown", at=clock(), customer=customer)
        await database.write(partial(log.record_miss, miss=miss))
    for words in ("We repair ovens.", f"Call {PHONE}."):
        await database.write(partial(log.record_reply, customer="c1", text=words, at=clock()))
    found = sorted(str(reply) for reply, _ in await rows(database, "reply", "why"))
    assert [reply.split("\n")[0] for reply in found] == ["", "We repair ovens."]
    assert "Call " in found[1]
    assert PHONE not in found[1]


async def test_a_question_rescued_by_an_agent_becomes_a_miss_once(database: Database, clock: MovableClock) -> None:
    log, one = log_over(database), asked(clock)
    await database.write(lambda tx: log.record_asked(tx, one))
    await database.write(lambda tx: log.record_reply(tx, "c1", "Hello", at=clock()))
    assert await rows(database, "why") == []  # nobody handed it over
    await database.write(lambda tx: log.record_handover(tx, "c1", at=clock()))
    for words in ("It left today.", "It arrives tomorrow."):
        await database.write(partial(log.record_reply, customer="c1", text=words, at=clock()))
    assert await rows(database, "why", "reply") == [("rescued", "It left today.\nIt arrives tomorrow.")]


async def test_choices_nobody_took_make_a_miss_once(database: Database, clock: MovableClock) -> None:
    log, store, began = log_over(database), SqlQuestionStore(), clock()
    offered = partial(asked, clock, outcome=AskedOutcome.CLARIFIED)
    left = offered(customer="left")
    for one in (left, offered(customer="took"), offered(customer="again"), offered(customer="none")):
        await database.write(partial(log.record_asked, asked=one))
    clock.forward(minutes=1)
    for one in (asked(clock, customer="took", outcome=AskedOutcome.CHOSEN), asked(clock, customer="again")):
        await database.write(partial(log.record_asked, asked=one))
    pressed = Miss(question=left.question, language=Language.EN, why="unsure", at=clock(), customer="none")
    await database.write(lambda tx: log.record_miss(tx, pressed))
    late = offered(customer="late")
    await database.write(lambda tx: log.record_asked(tx, late))
    counts = [
        await database.write(lambda tx: store.add_left(tx, since=began, until=began + timedelta(seconds=30)))
        for _ in range(2)
    ]
    assert counts == [1, 0]
    async with database.read() as connection:
        found = (await connection.execute(select(misses).where(misses.c.why == "left"))).mappings().all()
    assert [(row["id"], row["customer"], row["question"], row["best_article_id"], row["at"]) for row in found] == [
        (left.id, "left", left.question, "a", began)
    ]
