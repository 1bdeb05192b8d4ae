"""tests: whatever is killed, and when Valkey is emptied, the queue and its owners stay what everybody was told."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import redis

from bot.run.valkey import EmbeddedValkey
from tests.faults.crowd import PATIENCE, crowd
from tests.faults.floor_ledger import Representative, all_held, faults_on_the_floor, hire
from tests.support.running import RunningDesk
from tests.support.wait import until

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(1200)]

CUSTOMERS, TEAM = 8, 3
EMPTIED = "emptied valkey"


@contextlib.asynccontextmanager
async def at_work(team: list[Representative], address: str) -> AsyncIterator[None]:
    """All of them reach for whatever waits."""
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for one in team:
            group.create_task(one.work(address, over), name=one.name)
        try:
            yield
        finally:
            over.set()


def strike(desk: RunningDesk, part: str) -> None:
    """What goes wrong."""
    if part == EMPTIED:
        with redis.Redis.from_url(EmbeddedValkey(desk.place).url) as client:
            client.flushall()
    else:
        desk.signal(part)


@pytest.mark.parametrize("part", ["web", "worker", "valkey", EMPTIED])
async def test_nobody_in_the_queue_is_lost_or_given_to_two(desk: RunningDesk, part: str) -> None:
    team = await hire(desk, TEAM)
    async with crowd(desk, CUSTOMERS) as people, at_work(team, desk.address):
        first, *others = people.customers
        await first.say_and_wait("我要转人工")
        await all_held(desk, [first.conversation], within=PATIENCE)
        asking = [asyncio.create_task(one.say_and_wait("我要转人工")) for one in others]
        await until(lambda: people.acknowledged > 2, within=PATIENCE)
        strike(desk, part)
        await asyncio.gather(*asking)
        asked = [one.conversation for one in people.customers]
        await all_held(desk, asked, within=PATIENCE)
        await people.settled()
        assert people.faults() == {}
    assert faults_on_the_floor(desk, team, asked) == []
    assert sum(len(one.won) for one in team) >= CUSTOMERS
    if part != EMPTIED:
        await until(lambda: desk.is_ready(part), within=PATIENCE)


async def test_after_a_killed_supervisor_the_queue_and_its_owners_are_there_again(
    prepared: Path, tmp_path: Path
) -> None:
    shutil.copytree(prepared, tmp_path / "var")
    desk = RunningDesk(tmp_path)
    await asyncio.to_thread(desk.start)
    [mei] = await hire(desk, 1)
    async with crowd(desk, 2) as people:
        held, waiting = people.customers
        async with at_work([mei], desk.address):
            await held.say_and_wait("我要转人工")
            await all_held(desk, [held.conversation], within=PATIENCE)
        await waiting.say_and_wait("我要转人工")
        await until(lambda: desk.rows("SELECT 1 FROM handoffs WHERE state = 'waiting'"), within=PATIENCE)
        await people.settled()
        assert people.faults() == {}
        assert faults_on_the_floor(desk, [mei], [held.conversation]) == []
        desk.kill_supervisor()
    await asyncio.to_thread(desk.start)
    async with at_work([mei], desk.address):
        await all_held(desk, [held.conversation, waiting.conversation], within=PATIENCE)
    assert faults_on_the_floor(desk, [mei], [held.conversation, waiting.conversation]) == []
    assert await asyncio.to_thread(desk.stop) == 0
