"""tests: follow-ups from their planning to their outcome, over a real store."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from cases.contracts import Closure, Level, Stage
from cases.contracts.follow_ups import Event, FollowUp, FollowUpState, KnownCustomer, Outcome, Wish
from cases.refusals import NotAsked, NotInTheFuture, NotOpen, OutsideHours, TakenBy
from cases.settings import CaseSettings
from cases.settings.follow_ups import FollowUpSettings, Trigger
from kit.contracts import Language, Tx
from kit.refusals import NotFound
from kit.sql import Database
from tests.cases.support import MEI, Files, a_complaint, build_files
from tests.cases.test_handling import TO_TOLD
from tests.support.clock import MovableClock

LEI = replace(MEI, id="agent-lei", name="小雷")
TALK = "talk-1"


def a_customer(conversation_id: str = TALK, **known: bool) -> KnownCustomer:
    return KnownCustomer(conversation_id=conversation_id, name="周先生", language=Language.ZH, **known)


async def told(files: Files, key: str = "turn-1") -> str:
    """A complaint whose follow-up is due; its number."""
    case = await files.open(a_complaint(key))
    await files.go(case, *TO_TOLD, "follow_up")
    return case.number


async def wishes(files: Files, wish: Wish, conversation_id: str = TALK) -> None:
    await files.database.write(lambda tx: files.chat.set_wish(tx, conversation_id, wish, at=files.clock()))


async def sweep(files: Files) -> int:
    return await files.rounds.run(files.clock())


async def only(files: Files) -> FollowUp:
    [one] = (await files.follow_ups.today()).due
    return one


async def press(files: Files, choice: str, conversation_id: str = TALK) -> object:
    _, follow_up_id, question, answer = [*choice.split(":"), ""][:4]
    return await files.database.write(
        lambda tx: files.chat.answer(tx, conversation_id, follow_up_id, question, answer, at=files.clock())
    )


async def state(files: Files, follow_up_id: str) -> FollowUp:
    return (await files.follow_ups.load(follow_up_id)).follow_up


async def test_a_colleague_asks_and_a_settled_case_is_closed_as_confirmed(files: Files) -> None:
    number = await told(files)
    await sweep(files)
    one = await only(files)
    await files.follow_ups.take(one.id, by=MEI)
    assert (await files.follow_ups.answer(one.id, "solved", "yes", by=MEI)).question == "content"
    ended = await files.follow_ups.answer(one.id, "content", "partly", by=MEI)
    assert (ended.state, ended.outcome) == (FollowUpState.DONE, Outcome.REACHED)
    file = await files.cases.load(number)
    assert (file.case.stage, file.case.closure) == (Stage.CLOSED, Closure.CONFIRMED)
    assert "follow_up" in {line.what for line in file.history}
    assert files.surveys.offers == [(file.case.id, TALK, "follow_up")]
    events = [event.what for event in (await files.follow_ups.load(one.id)).events]
    assert events == [Event.TO_PERSON, Event.TAKEN, Event.ANSWERED, Event.ANSWERED, Event.ENDED]
    assert [record.action for record in files.trail.records].count("cases.follow_up") >= 3


async def test_what_is_not_settled_takes_the_case_up_again_under_its_number(files: Files) -> None:
    number = await told(files)
    await sweep(files)
    one = await only(files)
    await files.follow_ups.answer(one.id, "solved", "no", by=MEI)
    file = await files.cases.load(number)
    assert (file.case.stage, file.case.number) == (Stage.WORKING, number)
    assert file.case.level >= Level.SUPERVISOR
    assert (await state(files, one.id)).outcome is Outcome.UNSOLVED
    assert files.surveys.offers == []


async def test_a_case_taken_up_again_by_hand_has_nothing_to_ask_and_is_asked_about_after_the_next_decision(
    files: Files,
) -> None:
    number = await told(files)
    case = (await files.cases.load(number)).case
    await sweep(files)
    one = await only(files)
    await files.go(case, "working")
    assert (await state(files, one.id)).outcome is Outcome.DROPPED
    with pytest.raises(NotOpen):
        await files.follow_ups.take(one.id, by=MEI)
    await files.go(case, "decided", "told", "follow_up")
    await sweep(files)
    again = await only(files)
    assert (again.id != one.id, again.case_id) == (True, case.id)


async def test_two_colleagues_who_take_it_at_once_do_not_both_ask(files: Files) -> None:
    await told(files)
    await sweep(files)
    one = await only(files)
    takes = [files.follow_ups.take(one.id, by=by) for by in (MEI, LEI)]
    results = await asyncio.gather(*takes, return_exceptions=True)
    assert [type(each) for each in results if isinstance(each, Exception)] == [TakenBy]
    files.clock.forward(minutes=31)  # a claim that is forgotten lapses
    assert (await files.follow_ups.take(one.id, by=LEI)).assignee_name == "小雷"
    with pytest.raises(TakenBy):
        await files.follow_ups.answer(one.id, "solved", "yes", by=MEI)


async def test_nobody_is_asked_outside_the_hours_and_an_hour_that_is_named_lies_within_them(files: Files) -> None:
    await told(files)
    await sweep(files)
    one = await only(files)
    files.clock.forward(hours=12)  # 22:00
    with pytest.raises(OutsideHours):
        await files.follow_ups.take(one.id, by=MEI)
    with pytest.raises(OutsideHours):
        await files.follow_ups.postpone(one.id, files.clock() + timedelta(hours=2), by=MEI)
    with pytest.raises(NotInTheFuture):
        await files.follow_ups.postpone(one.id, files.clock() - timedelta(hours=2), by=MEI)
    tomorrow = files.clock() + timedelta(hours=12)
    assert (await files.follow_ups.postpone(one.id, tomorrow, by=MEI)).due_at == tomorrow
    assert (await files.follow_ups.today()).due == ()


async def test_a_customer_who_does_not_answer_is_tried_as_often_as_allowed_and_never_again(files: Files) -> None:
    await told(files)
    await sweep(files)
    one = await only(files)
    for attempt in (1, 2, 3):
        one = await files.follow_ups.no_answer(one.id, by=MEI)
        assert one.attempts == attempt
        files.clock.forward(days=1)
    assert (one.state, one.outcome) == (FollowUpState.DONE, Outcome.UNREACHED)
    with pytest.raises(NotOpen):
        await files.follow_ups.no_answer(one.id, by=MEI)


async def test_whoever_agreed_is_asked_in_the_chat_once_and_answers_by_buttons(files: Files) -> None:
    number = await told(files)
    files.book.known[TALK] = a_customer()
    await wishes(files, Wish.CHAT)
    assert [await sweep(files), await sweep(files)] == [1, 0]
    [asked] = files.letters.questions.values()
    assert asked.text.startswith("您好，想回访")
    assert [label for _, label in asked.choices] == ["已经解决", "还没有解决", "不再回访"]
    yes = asked.choices[0][0]
    assert await press(files, yes, "talk-2") is None  # somebody else's button
    first = await press(files, yes)
    assert first is not None
    assert await press(files, yes) is None  # pressed twice
    follow_up_id = yes.split(":")[1]
    await press(files, f"follow_up:{follow_up_id}:content:yes")
    assert (await files.cases.load(number)).case.closure is Closure.CONFIRMED
    await files.chat.offer_survey(follow_up_id)
    assert len(files.surveys.offers) == 1
    assert await press(files, f"follow_up:{follow_up_id}:stop") is None


async def test_a_chat_without_an_answer_becomes_a_colleagues_call_and_a_busy_customer_waits(files: Files) -> None:
    await told(files)
    files.book.known[TALK] = a_customer(with_person=True)
    await wishes(files, Wish.CHAT)
    await sweep(files)
    assert files.letters.questions == {}
    files.book.known[TALK] = a_customer()
    files.clock.forward(hours=6)
    await sweep(files)
    assert (await files.follow_ups.today()).in_chat == 1
    files.clock.forward(days=2, hours=1)
    await sweep(files)
    one = await only(files)
    assert (one.state, one.attempts) == (FollowUpState.CALL, 1)
    ask_by_hand = await files.follow_ups.answer(one.id, "solved", "yes", by=MEI)
    assert ask_by_hand.question == "content"


async def test_no_more_of_this_ends_it_and_everything_to_come(files: Files) -> None:
    await told(files)
    files.book.known[TALK] = a_customer()
    await wishes(files, Wish.CHAT)
    await sweep(files)
    [asked] = files.letters.questions.values()
    await press(files, asked.choices[-1][0])
    await told(files, "turn-2")
    files.clock.forward(hours=1)
    await sweep(files)
    assert len(files.letters.questions) == 1
    day = await files.follow_ups.today()
    assert (day.due_total, day.in_chat) == (0, 0)


async def test_a_problem_of_a_customer_without_a_case_opens_one(files: Files) -> None:
    files.book.known["talk-9"], files.book.of_period = a_customer("talk-9"), True
    await sweep(files)
    files.clock.forward(days=31)
    await sweep(files)
    one = await only(files)
    assert (one.plan, one.case_id) == ("periodic", None)
    await files.follow_ups.answer(one.id, "working", "questions", by=MEI)
    await files.follow_ups.answer(one.id, "problem", "yes", by=MEI)
    [case] = await files.cases.of_conversation("talk-9")
    assert case.kind == "call_back"


async def test_refusals(files: Files) -> None:
    await told(files)
    await sweep(files)
    one = await only(files)
    with pytest.raises(NotFound):
        await files.follow_ups.load("nobody")
    with pytest.raises(NotAsked):
        await files.follow_ups.answer(one.id, "content", "yes", by=MEI)  # not the open question
    with pytest.raises(NotAsked):
        await files.follow_ups.end(one.id, Outcome.UNREACHED, comment="", never=False, by=MEI)
    ended = await files.follow_ups.end(one.id, Outcome.REFUSED, comment="很忙", never=True, by=MEI)
    assert (ended.outcome, ended.comment) == (Outcome.REFUSED, "很忙")
    assert (await files.follow_ups.load(one.id)).wish is Wish.NEVER


async def a_round(files: Files, customers: int) -> None:
    """A quarter's round: one in ten opted out, one in ten agreed to the chat, one in a hundred is a key account."""
    files.book.of_period = True
    ids = [f"c{number:04d}" for number in range(customers)]
    for number, conversation_id in enumerate(ids):
        files.book.known[conversation_id] = a_customer(conversation_id, key_account=number % 100 == 0)

    async def say(tx: Tx) -> None:
        for number, conversation_id in enumerate(ids):
            if number % 10 in {1, 2}:
                wish = Wish.NEVER if number % 10 == 1 else Wish.CHAT
                await files.chat.set_wish(tx, conversation_id, wish, at=files.clock())

    await files.database.write(say)
    for _ in range(customers // 200 + 2):
        await asyncio.gather(sweep(files), sweep(files))  # two workers go through the customers at once
    late = ids[9]
    await wishes(files, Wish.NEVER, late)  # says no between planning and asking
    for _ in range(16):
        files.clock.forward(days=2)
        while await sweep(files):
            pass
    key_accounts, agreed, opted_out = customers // 100, customers // 10, customers // 10 + 1
    assert len(files.letters.questions) == agreed  # once each
    assert (await files.follow_ups.today(plan="key_account")).due_total == key_accounts
    # Who agreed and did not answer in two days is a colleague's call like the others.
    day = await files.follow_ups.today(plan="periodic")
    assert day.due_total + day.in_chat == customers - key_accounts - opted_out
    assert not {one.conversation_id for one in day.due} & {late, ids[1], ids[0]}


def periods_only() -> CaseSettings:
    settings = FollowUpSettings()
    plans = tuple(plan for plan in settings.plans if plan.trigger is Trigger.PERIOD)
    return CaseSettings(follow_ups=settings.model_copy(update={"plans": plans}))


async def test_a_round_asks_everybody_once_whoever_goes_through_it(database: Database, clock: MovableClock) -> None:
    await a_round(build_files(database, clock, periods_only()), 100)


@pytest.mark.slow
async def test_a_three_monthly_round_over_a_thousand_customers(sqlite_database: Database, clock: MovableClock) -> None:
    await a_round(build_files(sqlite_database, clock, periods_only()), 1000)
