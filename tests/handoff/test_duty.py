"""States, clock-in and clock-out over real stores."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from handoff.contracts import AgentProfile, AgentState, Outcome, StateReason
from handoff.refusals import UnknownChoice
from handoff.settings import HandoffSettings, RoutingSettings
from kit.sql import Database
from tests.handoff.asking import LIN, MEI
from tests.handoff.house import House, build_house
from tests.support.clock import MovableClock

GONE = HandoffSettings().absent_after_seconds + 1
ACCEPT = RoutingSettings().accept_seconds


async def state(house: House) -> AgentState:
    return (await house.duty.state(MEI)).state


async def test_opening_the_console_clocks_in_and_only_who_is_online_is_offered_anything(house: House) -> None:
    await house.agents.arrive(MEI)
    await house.ask()
    assert await state(house) is AgentState.ONLINE
    for busy, reason in (
        (AgentState.BUSY, None),
        (AgentState.BREAK, StateReason.MEAL),
        (AgentState.OFFLINE, None),
    ):
        await house.duty.choose(MEI, busy, reason)
        assert await house.dispatcher.run(house.clock()) == 0
    await house.duty.choose(MEI, AgentState.ONLINE)
    assert await house.dispatcher.run(house.clock()) == 1


async def test_a_break_takes_back_what_was_offered(house: House) -> None:
    await house.agents.arrive(MEI)
    await house.ask()
    await house.dispatcher.run(house.clock())
    await house.duty.choose(MEI, AgentState.BREAK, StateReason.REST)
    await house.dispatcher.run(house.clock())
    assert await house.dispatcher.offers() == ()


async def test_who_clocked_out_is_not_on_duty_though_the_console_is_open_and_reconnects(house: House) -> None:
    await house.agents.arrive(MEI)
    await house.duty.choose(MEI, AgentState.OFFLINE)
    await house.agents.arrive(MEI)
    assert await state(house) is AgentState.OFFLINE
    assert await house.agents.on_duty() == ()
    assert (await house.desk.outlook(house.clock())).agents_on_duty == 0
    await house.duty.choose(MEI, AgentState.ONLINE)
    [load] = await house.agents.on_duty()
    assert (load.agent, load.state) == (MEI, AgentState.ONLINE)


async def test_who_takes_a_break_is_still_on_duty_and_colleagues_see_why(house: House) -> None:
    await house.agents.arrive(MEI)
    await house.duty.choose(MEI, AgentState.BREAK, StateReason.MEAL)
    [load] = await house.agents.on_duty()
    assert (load.state, load.reason) == (AgentState.BREAK, StateReason.MEAL)
    assert (await house.desk.outlook(house.clock())).agents_on_duty == 1


async def test_a_break_without_a_reason_and_a_state_the_desk_sets_itself_are_refused(house: House) -> None:
    for wrong, reason in (
        (AgentState.BREAK, None),
        (AgentState.BREAK, StateReason.NO_ANSWER),
        (AgentState.BUSY, StateReason.MEAL),
        (AgentState.WRAPPING_UP, None),
    ):
        with pytest.raises(UnknownChoice):
            await house.duty.choose(MEI, wrong, reason)


async def test_who_disappears_is_clocked_out_at_the_last_sign_of_life_and_back_online_on_return(house: House) -> None:
    await house.agents.arrive(MEI)
    last_sign = house.clock.forward(seconds=20)
    await house.agents.beat(MEI)
    house.clock.forward(seconds=GONE)
    await house.duty.sweep(house.clock())
    [span] = await house.duty_store.spans(last_sign - timedelta(hours=1), house.clock())
    assert (span.ended_at, span.clocked_out) == (last_sign, False)
    await house.agents.arrive(MEI)
    assert await state(house) is AgentState.ONLINE


async def test_two_windows_of_one_person_are_one_presence(house: House) -> None:
    await asyncio.gather(*(house.agents.arrive(MEI) for _ in range(5)))
    spans = await house.duty_store.spans(house.clock() - timedelta(hours=1), house.clock() + timedelta(hours=1))
    assert [span.ended_at for span in spans].count(None) == 1


async def test_offers_that_nobody_answers_make_the_representative_busy(house: House) -> None:
    await house.agents.arrive(MEI)
    for _ in range(2):
        await house.ask()
    await house.dispatcher.run(house.clock())
    house.clock.forward(seconds=ACCEPT)
    await house.agents.beat(MEI)
    await house.dispatcher.run(house.clock())
    now = await house.duty.state(MEI)
    assert (now.state, now.reason) == (AgentState.BUSY, StateReason.NO_ANSWER)
    assert await house.dispatcher.run(house.clock()) == 0


async def test_an_answer_in_between_shows_that_somebody_is_there(house: House) -> None:
    await house.agents.arrive(MEI)
    first = await house.ask()
    await house.dispatcher.run(house.clock())
    house.clock.forward(seconds=ACCEPT)
    await house.agents.beat(MEI)
    await house.dispatcher.run(house.clock())
    await house.dispatcher.run(house.clock())
    assert await house.dispatcher.decline(first.id, MEI)
    assert await state(house) is AgentState.ONLINE
    assert await house.offers.lapsed_in_a_row(MEI.id, limit=2) == 0


async def test_after_a_conversation_there_is_time_for_its_papers(
    sqlite_database: Database, clock: MovableClock
) -> None:
    settings = HandoffSettings(start_grace_seconds=0, routing=RoutingSettings(wrap_up_seconds=30))
    house = await build_house(sqlite_database, clock, settings=settings)
    await house.agents.arrive(MEI)
    held = await house.claimed(MEI)
    await house.agents.resolve(held.conversation_id, MEI, epoch=held.epoch, outcome=Outcome.SOLVED)
    await house.ask()
    assert await state(house) is AgentState.WRAPPING_UP
    assert await house.dispatcher.run(clock()) == 0
    clock.forward(seconds=30)
    await house.agents.beat(MEI)
    await house.duty.sweep(clock())
    assert await house.dispatcher.run(clock()) == 1


async def test_the_attendance_sheet_lists_who_was_planned_or_there(house: House) -> None:
    await house.team.save_profile(AgentProfile(account_id=LIN.id, shifts=("early",) * 7), by="boss")
    await house.agents.arrive(MEI)  # Saturday 10:00
    house.clock.forward(hours=2)
    await house.agents.beat(MEI)
    await house.duty.choose(MEI, AgentState.OFFLINE)
    house.clock.forward(hours=8)
    day = date(2026, 11, 21)
    sheet = await house.duty.sheet(day, day)
    [mei], [lin] = sheet[MEI.id], sheet[LIN.id]
    assert (mei.worked, mei.shift, mei.clock_out is not None) == (timedelta(hours=2), "", True)
    assert (lin.absent, lin.planned) == (True, timedelta(hours=7))
    for wrong in (day - timedelta(days=1), day + timedelta(days=62)):
        with pytest.raises(UnknownChoice):
            await house.duty.sheet(day, wrong)
