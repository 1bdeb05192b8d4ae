from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import redis.asyncio

from handoff.adapters.presence import RedisPresence, SqlPresence
from handoff.contracts import HandoffState, Urgency
from handoff.service import SWEEP_EVERY
from handoff.settings import HandoffSettings
from kit.sql import Database
from tests.handoff.asking import LIN, MEI
from tests.handoff.house import House, build_house
from tests.support.clock import MovableClock

LIMIT = HandoffSettings().absent_after_seconds


async def test_an_agent_who_vanishes_gives_the_conversation_back_to_the_head_of_the_queue(house: House) -> None:
    asked_at = house.clock()
    held = await house.claimed(MEI)
    house.clock.forward(seconds=LIMIT + 1)
    waiting = await house.ask()
    urgent = await house.ask(Urgency.CRITICAL)

    assert await house.desk.sweep_vanished(house.clock()) == 1

    queue = await house.agents.queue()
    assert [h.id for h in queue] == [urgent.id, held.id, waiting.id]
    back = queue[1]
    assert (back.state, back.agent_id, back.asked_at) == (HandoffState.WAITING, None, asked_at)
    assert back.returned_to_queue == 1
    assert await house.conversations.owner(held.conversation_id) == ("queue", back.epoch)


async def test_the_customer_is_told_and_colleagues_see_who_vanished(house: House) -> None:
    held = await house.claimed(MEI)
    house.clock.forward(seconds=LIMIT + 1)
    await house.desk.sweep_vanished(house.clock())
    told = [line.payload for line in (await house.agents.lines(held.conversation_id))[-2:]]
    assert told == [
        {"code": "agent_vanished", "slots": {"name": "小梅"}, "public": False},
        {"code": "rearranged", "slots": {}, "public": True},
    ]


async def test_an_agent_who_is_back_in_time_keeps_the_conversation(house: House) -> None:
    held = await house.claimed(MEI)
    for _ in range(10):
        house.clock.forward(seconds=LIMIT - 1)
        assert await house.desk.sweep_vanished(house.clock()) == 0
        await house.agents.beat(MEI)
    assert await house.conversations.owner(held.conversation_id) == (f"agent:{MEI.id}", held.epoch)
    assert (await house.store.latest(held.conversation_id)) == held


async def test_only_the_conversations_of_who_vanished_are_moved(house: House) -> None:
    gone = [await house.claimed(MEI) for _ in range(3)]
    kept = await house.claimed(LIN)
    house.clock.forward(seconds=LIMIT + 1)
    await house.agents.beat(LIN)
    assert await house.desk.sweep_vanished(house.clock()) == 3
    assert {h.id for h in await house.agents.queue()} == {h.id for h in gone}
    assert [h.id for h in await house.agents.mine(LIN)] == [kept.id]


async def test_several_sweeps_at_once_move_a_conversation_once(house: House) -> None:
    held = await house.claimed(MEI)
    house.clock.forward(seconds=LIMIT + 1)
    moved = await asyncio.gather(*(house.desk.sweep_vanished(house.clock()) for _ in range(5)))
    assert sum(moved) == 1
    told = [line.payload.get("code") for line in await house.agents.lines(held.conversation_id)]
    assert told == [None, "opened_asked", "joined", "agent_vanished", "rearranged"]


async def test_vanishing_twice_is_told_twice(house: House) -> None:
    held = await house.claimed(MEI)
    for agent in (LIN, MEI):
        house.clock.forward(seconds=LIMIT + 1)
        await house.desk.sweep_vanished(house.clock())
        await house.agents.claim(held.id, agent)
    told = [x for x in await house.agents.lines(held.conversation_id) if x.payload.get("code") == "rearranged"]
    assert len(told) == 2


async def test_a_restart_of_the_desk_gives_consoles_time_to_come_back(
    sqlite_database: Database, clock: MovableClock
) -> None:
    house = await build_house(sqlite_database, clock)
    held = await house.claimed(MEI)
    clock.forward(hours=8)
    settings = HandoffSettings()
    after_restart = await build_house(sqlite_database, clock, settings=settings, conversations=house.conversations)
    clock.forward(seconds=settings.start_grace_seconds - 1)
    assert await after_restart.desk.sweep_vanished(clock()) == 0
    clock.forward(seconds=2)
    assert await after_restart.desk.sweep_vanished(clock()) == 1
    assert [h.id for h in await house.agents.queue()] == [held.id]


def test_the_whole_path_from_the_last_beat_to_the_queue_stays_within_a_minute_for_every_allowed_setting() -> None:
    with pytest.raises(ValueError, match="less than or equal to 50"):
        HandoffSettings(absent_after_seconds=51)
    assert timedelta(seconds=50) + SWEEP_EVERY <= timedelta(seconds=60)


async def test_presence_in_redis_and_in_sql_tell_the_same_and_redis_may_be_lost(
    database: Database, clock: MovableClock, redis_client: redis.asyncio.Redis
) -> None:
    presence = RedisPresence(redis_client, SqlPresence(database))
    assert await presence.beat(MEI, at=clock())
    for _ in range(7):
        clock.forward(seconds=10)
        assert not await presence.beat(MEI, at=clock())
    assert await presence.seen() == ((MEI, clock()),)

    await redis_client.flushall()
    ((agent, seen_at),) = await presence.seen()
    assert agent == MEI
    # SQL hears of everybody often enough to tell the present from the gone without Redis.
    assert clock() - seen_at < timedelta(seconds=LIMIT - 10)
