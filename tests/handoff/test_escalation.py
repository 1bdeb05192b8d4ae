from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from handoff.contracts import (
    AgentState,
    ClockKind,
    ClockState,
    Handoff,
    HandoffState,
    Level,
    NoticeKind,
    ServiceClock,
    StateReason,
    Urgency,
)
from handoff.ladder import levels_of
from handoff.settings import EscalationSettings, HandoffSettings
from kit.sql import Database
from staff.contracts import Role
from tests.handoff.asking import LIN, MEI
from tests.handoff.house import House, build_house
from tests.support.clock import START, MovableClock

A, S, M = Level.AGENT, Level.SUPERVISOR, Level.MANAGER


def clock(state: ClockState, minutes_left: float) -> ServiceClock:
    return ServiceClock(
        kind=ClockKind.FIRST_ANSWER,
        state=state,
        promised=timedelta(minutes=10),
        began_at=START,
        due_at=START,
        paused_since=None,
        left=timedelta(minutes=minutes_left),
    )


@pytest.mark.parametrize(
    ("state", "left", "urgency", "levels"),
    [
        (ClockState.RUNNING, 5, Urgency.CRITICAL, set()),
        (ClockState.PAUSED, 1, Urgency.CRITICAL, set()),
        (ClockState.AT_RISK, 2, Urgency.NORMAL, {A}),
        (ClockState.AT_RISK, 2, Urgency.CRITICAL, {A, S, M}),
        (ClockState.LATE, -1, Urgency.NORMAL, {A, S}),
        (ClockState.LATE, -15, Urgency.SERIOUS, {A, S, M}),
    ],
)
def test_the_ladder_says_who_hears_of_what(
    state: ClockState, left: float, urgency: Urgency, levels: set[Level]
) -> None:
    assert levels_of(clock(state, left), urgency, EscalationSettings()) == levels


async def kinds(house: House, account_id: str) -> list[NoticeKind]:
    """What somebody was told, oldest first."""
    return [notice.kind for notice in reversed(await house.notices.unread(account_id))]


@pytest.fixture
async def staffed(house: House) -> House:
    """Two representatives, a supervisor and a manager."""
    house.staff.add(MEI.id, MEI.name)
    house.staff.add(LIN.id, LIN.name)
    house.staff.add("su", "苏", Role.SUPERVISOR)
    return house


async def on_duty(house: House, *agents: object) -> None:
    for agent in (MEI, LIN):
        if agent in agents:
            await house.agents.arrive(agent)


async def test_each_rung_hears_once_and_the_next_question_is_another_promise(staffed: House) -> None:
    house = staffed
    held = await house.claimed(MEI)
    assert await house.escalation.sweep(house.clock.forward(minutes=1)) == 0
    near = house.clock.forward(minutes=8)
    await asyncio.gather(*(house.escalation.sweep(near) for _ in range(3)))
    assert await kinds(house, MEI.id) == [NoticeKind.AT_RISK]
    await house.escalation.sweep(house.clock.forward(minutes=2))
    await house.escalation.sweep(house.clock.forward(seconds=5))
    assert await kinds(house, "su") == [NoticeKind.LATE]
    await house.agents.reply(held.conversation_id, MEI, key="k", text="您好", epoch=held.epoch)
    await house.conversations.customer_says(held.conversation_id, "还在吗", key="c", at=house.clock.forward(seconds=5))
    await house.escalation.sweep(house.clock.forward(minutes=4))
    assert await kinds(house, MEI.id) == [NoticeKind.AT_RISK]
    [newest] = await house.notices.unread(MEI.id)
    assert (newest.text, newest.conversation_id) == (ClockKind.NEXT_ANSWER.value, held.conversation_id)


async def test_near_becomes_late_and_an_answer_ends_both_for_everybody(staffed: House) -> None:
    house = staffed
    held = await house.claimed(MEI)
    await house.escalation.sweep(house.clock.forward(minutes=9))
    assert await kinds(house, MEI.id) == [NoticeKind.AT_RISK]
    await house.escalation.sweep(house.clock.forward(minutes=2))
    assert await kinds(house, MEI.id) == [NoticeKind.LATE]
    assert await kinds(house, "su") == [NoticeKind.LATE]
    await house.agents.reply(held.conversation_id, MEI, key="k", text="您好", epoch=held.epoch)
    assert await kinds(house, MEI.id) == []
    assert await kinds(house, "su") == []


async def test_nobody_is_told_of_the_times_of_what_has_ended(staffed: House) -> None:
    house = staffed
    waiting = await house.ask(Urgency.CRITICAL)
    await house.escalation.sweep(house.clock.forward(seconds=50))
    assert await kinds(house, "su") == [NoticeKind.AT_RISK]
    await house.database.write(lambda tx: house.desk.leave(tx, waiting.conversation_id, at=house.clock()))
    assert await kinds(house, "su") == []


async def test_of_a_waiting_critical_customer_the_supervisor_hears_before_it_is_late(staffed: House) -> None:
    waiting = await staffed.ask(Urgency.CRITICAL)
    await staffed.escalation.sweep(staffed.clock.forward(seconds=50))
    assert await kinds(staffed, "su") == [NoticeKind.AT_RISK]
    [notice] = await staffed.notices.unread("su")
    assert notice.conversation_id == waiting.conversation_id


async def test_a_silent_agents_customer_goes_to_others_with_the_original_age(staffed: House) -> None:
    house = staffed
    await on_duty(house, MEI, LIN)
    held = await house.claimed(MEI)
    for _ in range(12):  # both consoles stay open: nobody has vanished
        house.clock.forward(minutes=1, seconds=45)
        await on_duty(house, MEI, LIN)
        await house.agents.beat(LIN)
    await house.escalation.sweep(house.clock())
    back = await house.agents.load(held.id)
    assert (back.state, back.asked_at, back.agent_id) == (HandoffState.WAITING, held.asked_at, None)
    assert NoticeKind.SILENT in await kinds(house, MEI.id)
    await house.dispatcher.run(house.clock())
    [offer] = await house.dispatcher.offers()
    assert offer.agent == LIN
    codes = [line.payload.get("code") for line in await house.agents.lines(held.conversation_id)]
    assert codes[-2:] == ["agent_silent", "rearranged"]


@pytest.mark.parametrize("why", ["nobody else", "others on a break", "answered", "switched off"])
async def test_a_silent_agent_keeps_the_customer_where_nobody_else_would_answer_sooner(
    sqlite_database: Database, clock: MovableClock, why: str
) -> None:
    never = EscalationSettings(silent_minutes=0 if why == "switched off" else 10)
    house = await build_house(sqlite_database, clock, settings=HandoffSettings(start_grace_seconds=0, escalation=never))
    held: Handoff = await house.claimed(MEI)
    if why == "answered":
        await house.agents.reply(held.conversation_id, MEI, key="k", text="我查一下", epoch=held.epoch)
    clock.forward(minutes=25)
    await house.agents.arrive(MEI)
    if why != "nobody else":
        await house.agents.arrive(LIN)
    if why == "others on a break":
        await house.duty.choose(LIN, AgentState.BREAK, StateReason.MEAL)
    await house.escalation.sweep(clock())
    assert (await house.agents.load(held.id)).agent_id == MEI.id


async def test_the_wall_counts_what_is_there(house: House) -> None:
    await house.agents.arrive(MEI)
    held = await house.claimed(MEI)
    house.clock.forward(minutes=3)
    waiting = await house.ask(intent="return_request")
    house.clock.forward(minutes=9)
    critical = await house.ask(Urgency.CRITICAL)
    await house.agents.beat(MEI)
    wall = await house.floor.wall()
    assert (wall.waiting, wall.oldest, wall.at_risk, wall.late, wall.online) == (2, waiting.asked_at, 1, 1, 1)
    assert [risk.handoff.id for risk in wall.risks] == [held.id, waiting.id]
    queues = {row.department: row for row in wall.queues}
    assert (queues["after_sales"].waiting, queues["after_sales"].at_risk) == (1, 1)
    assert (queues["consultation"].waiting, queues["consultation"].critical, queues["consultation"].held) == (1, 1, 1)
    [row] = wall.agents
    assert (row.present.agent, row.held, row.late) == (MEI, 1, 1)
    assert (wall.flow.asked, wall.flow.claimed, wall.flow.ended) == (3, 1, 0)
    house.clock.forward(seconds=50)
    assert (await house.floor.wall()).risks[0].handoff.id == critical.id


async def test_ten_walls_at_once_are_read_once_and_none_is_older_than_half_a_second(house: House) -> None:
    walls = await asyncio.gather(*(house.floor.wall() for _ in range(10)))
    assert len({id(wall) for wall in walls}) == 1
    await house.ask()
    house.clock.forward(seconds=0.5)
    assert (await house.floor.wall()).waiting == 1
