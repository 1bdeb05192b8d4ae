"""Promised answers over real stores: booked, left as a message, or made because nobody could take the customer."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from handoff.contracts import (
    Claimed,
    Handoff,
    HandoffReason,
    HandoffState,
    Promise,
    PromiseKind,
    PromiseState,
    Urgency,
    Wanted,
)
from handoff.settings import HandoffSettings, WaitingSettings
from kit.sql import Database
from tests.handoff.asking import LIN, MEI
from tests.handoff.house import House, build_house
from tests.support.clock import MovableClock

SETTINGS = WaitingSettings()
LIMIT, AWAY = timedelta(minutes=SETTINGS.limit_minutes), timedelta(minutes=SETTINGS.away_minutes)


async def made(house: House, handoff: Handoff, wanted: Wanted) -> Promise | None:
    """As a turn makes one: it holds the conversation and commits."""
    where = handoff.conversation_id
    return await house.database.write(lambda tx: house.desk.promise(tx, where, wanted, at=house.clock()))


async def pending(house: House, handoff: Handoff) -> Promise | None:
    return await house.database.write(lambda tx: house.promise_store.find_open(tx, handoff.conversation_id))


async def told(house: House, handoff: Handoff) -> list[str]:
    """Codes of what the customer reads."""
    lines = await house.conversations.lines(handoff.conversation_id)
    return [str(line.payload["code"]) for line in lines if line.kind == "event" and line.payload["public"]]


async def on_duty(house: House) -> None:
    await house.agents.beat(MEI)
    await house.duty.arrive(MEI)


async def first_slot(house: House, handoff: Handoff) -> datetime:
    return (await house.desk.slots(handoff.conversation_id, house.clock()))[0].begins_at


async def test_a_message_ends_the_waiting_is_filed_and_promised_for_a_time(house: House) -> None:
    handoff = await house.ask()
    promise = await made(house, handoff, Wanted(kind=PromiseKind.MESSAGE, words="请回电", contact="13800138000"))
    assert promise is not None
    found = await house.agents.load(handoff.id)
    assert (found.state, await house.conversations.owner(handoff.conversation_id)) == (
        HandoffState.PROMISED,
        ("bot", found.epoch),
    )
    stored = await pending(house, handoff)
    assert stored is not None
    assert (stored.number, stored.contact, stored.due_by) == (
        "TS2611-000001",
        "13800138000",
        house.clock() + timedelta(seconds=HandoffSettings().call_back.normal_seconds),
    )
    assert house.files.filed[stored.number][1] == "请回电"
    assert await told(house, handoff) == ["promised_message"]
    assert await house.desk.place(handoff.conversation_id) is None


async def test_how_soon_is_promised_follows_urgency_and_department(
    sqlite_database: Database, clock: MovableClock
) -> None:
    own = {"normal_seconds": 900, "serious_seconds": 600, "critical_seconds": 300, "key_account_seconds": 600}
    departments = [{"name": "consultation", "zh": "咨询", "en": "Advice", "call_back": own}]
    house = await build_house(
        sqlite_database, clock, settings=HandoffSettings.model_validate({"departments": departments})
    )
    for urgency, seconds in ((Urgency.NORMAL, 900), (Urgency.SERIOUS, 600)):
        promise = await made(house, await house.ask(urgency), Wanted(kind=PromiseKind.MESSAGE, words="请回电"))
        assert promise is not None
        assert promise.due_by == clock() + timedelta(seconds=seconds)


async def test_a_call_back_stands_in_the_queue_when_its_slot_begins(house: House) -> None:
    handoff = await house.ask()
    begins_at = await first_slot(house, handoff)
    assert await made(house, handoff, Wanted(kind=PromiseKind.CALLBACK, begins_at=begins_at)) is not None
    await house.promises.sweep(house.clock())
    assert await house.agents.queue() == ()
    house.clock.at = begins_at
    assert await house.promises.sweep(house.clock()) == 1
    assert await house.promises.sweep(house.clock()) == 0
    [again] = await house.agents.queue()
    assert (again.reason, again.conversation_id) == (HandoffReason.PROMISED, handoff.conversation_id)
    assert again.placing.answer_by == begins_at + timedelta(minutes=SETTINGS.callback_minutes)
    assert again.packet == handoff.packet
    # What was promised once is not put off by the limit of waiting.
    house.clock.forward(hours=2)
    assert await house.promises.sweep(house.clock()) == 0
    assert isinstance(await house.agents.claim(again.id, MEI), Claimed)
    assert await pending(house, handoff) is None


async def test_of_all_who_book_the_last_seat_of_a_slot_at_once_one_gets_it(house: House) -> None:
    waiting = [await house.ask() for _ in range(SETTINGS.callbacks_per_slot + 2)]
    begins_at = await first_slot(house, waiting[0])
    wanted = Wanted(kind=PromiseKind.CALLBACK, begins_at=begins_at)
    booked = await asyncio.gather(*(made(house, handoff, wanted) for handoff in waiting))
    assert sum(promise is not None for promise in booked) == SETTINGS.callbacks_per_slot
    # The others still wait, where they stood.
    left = [handoff.id for handoff, promise in zip(waiting, booked, strict=True) if promise is None]
    assert [handoff.id for handoff in await house.agents.queue()] == left
    assert await first_slot(house, (await house.agents.queue())[0]) > begins_at


async def test_a_time_that_is_no_free_slot_is_not_promised(house: House) -> None:
    handoff = await house.ask()
    at_night = house.clock() + timedelta(hours=15)
    assert await made(house, handoff, Wanted(kind=PromiseKind.CALLBACK, begins_at=at_night)) is None
    assert (await house.agents.load(handoff.id)).state is HandoffState.WAITING


async def test_whom_nobody_took_in_time_is_told_and_filed_while_a_critical_matter_waits_on(house: House) -> None:
    await on_duty(house)
    calm, critical = await house.ask(), await house.ask(Urgency.CRITICAL)
    house.clock.forward(seconds=LIMIT.total_seconds() - 1)
    await house.agents.beat(MEI)
    assert await house.promises.sweep(house.clock()) == 0
    house.clock.forward(seconds=1)
    assert await house.promises.sweep(house.clock()) == 1
    assert await told(house, calm) == ["promised_overdue"]
    assert [handoff.id for handoff in await house.agents.queue()] == [critical.id]
    promise = await pending(house, calm)
    assert promise is not None
    assert (promise.kind, promise.number) == (PromiseKind.OVERDUE, "TS2611-000001")


async def test_at_night_the_promise_is_for_the_morning_and_due_with_the_opening(
    sqlite_database: Database, clock: MovableClock
) -> None:
    house = await build_house(sqlite_database, clock)
    night = clock.forward(hours=13)  # eleven in the evening
    handoff = await house.ask()
    assert await house.promises.sweep(night) == 0
    assert await house.promises.sweep(clock.forward(seconds=AWAY.total_seconds())) == 1
    promise = await pending(house, handoff)
    assert promise is not None
    opening = night + timedelta(hours=9.5)
    assert (promise.begins_at, promise.due_by) == (opening, opening + timedelta(hours=2))
    clock.at = opening
    assert await house.promises.sweep(opening) == 1
    assert [one.reason for one in await house.agents.queue()] == [HandoffReason.PROMISED]


async def test_a_restart_gives_consoles_time_to_come_back(sqlite_database: Database, clock: MovableClock) -> None:
    settings = HandoffSettings(start_grace_seconds=20)
    house = await build_house(sqlite_database, clock, settings=settings)
    await house.ask()
    clock.forward(seconds=AWAY.total_seconds())
    late = await build_house(sqlite_database, clock, settings=settings, conversations=house.conversations)
    assert await late.promises.sweep(clock()) == 0
    assert await late.promises.sweep(clock.forward(seconds=20)) == 1


async def test_whom_a_vanished_agent_left_behind_is_not_sent_away(house: House) -> None:
    held = await house.claimed(MEI)
    house.clock.forward(seconds=LIMIT.total_seconds())
    await house.desk.sweep_vanished(house.clock())
    assert await house.promises.sweep(house.clock()) == 0
    assert (await house.agents.load(held.id)).state is HandoffState.WAITING


async def test_who_asks_again_before_the_time_waits_now_and_the_claim_keeps_the_promise(house: House) -> None:
    handoff = await house.ask()
    await made(house, handoff, Wanted(kind=PromiseKind.MESSAGE, words="回我"))
    again = await house.ask(conversation_id=handoff.conversation_id)
    assert await house.promises.sweep(house.clock()) == 0
    assert isinstance(await house.agents.claim(again.id, LIN), Claimed)
    assert await pending(house, handoff) is None
    assert await house.promises.sweep(house.clock()) == 0


async def test_a_newer_promise_takes_the_place_of_the_older_one_and_leaving_withdraws_it(house: House) -> None:
    handoff = await house.ask()
    begins_at = await first_slot(house, handoff)
    await made(house, handoff, Wanted(kind=PromiseKind.CALLBACK, begins_at=begins_at))
    again = await house.ask(conversation_id=handoff.conversation_id)
    await made(house, again, Wanted(kind=PromiseKind.MESSAGE, words="算了，留言吧"))
    found = await pending(house, handoff)
    assert found is not None
    assert found.kind is PromiseKind.MESSAGE
    assert await house.promise_store.taken("consultation", since=begins_at) == {}
    house.clock.at = found.begins_at
    await house.promises.sweep(house.clock())
    await house.database.write(lambda tx: house.desk.leave(tx, handoff.conversation_id, at=house.clock()))
    assert await pending(house, handoff) is None


@pytest.mark.parametrize("booked", [True, False])
async def test_a_number_given_later_is_noted_where_something_is_promised(house: House, *, booked: bool) -> None:
    handoff = await house.ask()
    if booked:
        await made(house, handoff, Wanted(kind=PromiseKind.MESSAGE, words="回我"))
    where = handoff.conversation_id
    noted = await house.database.write(lambda tx: house.desk.add_contact(tx, where, "13800138000", at=house.clock()))
    assert noted is booked
    assert list(house.files.contacts.values()) == (["13800138000"] if booked else [])


async def test_a_claim_and_a_sweep_at_once_leave_one_winner(house: House) -> None:
    await on_duty(house)
    handoff = await house.ask()
    house.clock.forward(seconds=LIMIT.total_seconds())
    await house.agents.beat(MEI)
    claimed, swept = await asyncio.gather(house.agents.claim(handoff.id, MEI), house.promises.sweep(house.clock()))
    assert isinstance(claimed, Claimed) != bool(swept)
    found = await house.agents.load(handoff.id)
    assert found.state is (HandoffState.PROMISED if swept else HandoffState.ACTIVE)
    assert (await pending(house, handoff) is not None) == bool(swept)


async def test_states_move_once(house: House) -> None:
    handoff = await house.ask()
    await made(house, handoff, Wanted(kind=PromiseKind.MESSAGE, words="回我"))
    promise = await pending(house, handoff)
    assert promise is not None
    moved = [
        await house.database.write(lambda tx: house.promise_store.move(tx, promise, PromiseState.QUEUED))
        for _ in range(2)
    ]
    assert moved == [True, False]
