"""tests: whatever process is killed in the middle of load, no acknowledged message is lost and none is doubled."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from pathlib import Path

import httpx
import pytest
import redis

from bot.run.valkey import EmbeddedValkey
from tests.faults.crowd import PATIENCE, Crowd, crowd
from tests.support.fake_wechat import FakeWeChat
from tests.support.running import RunningDesk
from tests.support.wait import until

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(1200)]

MESSAGES = 10
FIRST = 8
"""Acknowledged messages after which the fault strikes: some are answered then, some wait, most are still to come."""


async def in_the_middle(people: Crowd) -> asyncio.Task[None]:
    """Let the crowd talk; returns when the middle is reached, with the talk still going on."""
    before = people.acknowledged
    talking = asyncio.create_task(people.talk(MESSAGES))
    await until(lambda: people.acknowledged - before >= FIRST, within=PATIENCE)
    assert not talking.done()
    return talking


@pytest.mark.parametrize("part", ["web", "worker", "valkey"])
async def test_kill_9_loses_nothing_and_doubles_nothing(desk: RunningDesk, part: str) -> None:
    starts = desk.part(part).starts
    async with crowd(desk) as people:
        talking = await in_the_middle(people)
        desk.signal(part)
        await talking
        await people.settled()
        assert people.faults() == {}
        assert people.sent == people.acknowledged == len(people.customers) * MESSAGES
    await until(lambda: desk.is_ready(part), within=PATIENCE)
    assert desk.part(part).starts == starts + 1


async def test_kill_9_of_rasa_loses_nothing_and_everybody_is_answered(desk_with_rasa: RunningDesk) -> None:
    desk = desk_with_rasa
    async with crowd(desk) as people:
        talking = await in_the_middle(people)
        desk.signal("rasa")
        await talking
        await people.settled()
        assert people.faults() == {}
    await until(lambda: desk.is_ready("rasa"), within=PATIENCE)


async def test_web_and_worker_killed_at_once_lose_nothing(desk: RunningDesk) -> None:
    async with crowd(desk) as people:
        talking = await in_the_middle(people)
        for part in ("worker", "web"):
            desk.signal(part)
        await talking
        await people.settled()
        assert people.faults() == {}


async def test_kill_9_while_a_reply_to_wechat_is_pending_loses_nothing(desk: RunningDesk, wechat_port: int) -> None:
    customer, send = "oCustomer-of_the_kills", "message/custom/send"
    async with FakeWeChat().running(at=wechat_port) as wechat:
        wechat.reach = desk.address
        wechat.fail(send, *[502] * 100)
        wechat.say(customer, "你好")
        await until(lambda: send in {name for name, _ in wechat.asked}, within=PATIENCE)
        desk.signal("web")
        wechat.faults.clear()
        wechat.say(customer, "门店几点开门")
        await until(lambda: len(wechat.texts(customer)) > 1, within=PATIENCE)
        await wechat.idle()
    await until(lambda: desk.is_ready("web"), within=PATIENCE)
    said = "SELECT text FROM entries JOIN conversations ON id = conversation_id WHERE channel = 'wechat' AND kind = ?"
    assert desk.rows(said + " ORDER BY seq", "customer") == [("你好",), ("门店几点开门",)]
    assert desk.rows("SELECT DISTINCT state FROM outbox WHERE channel = ?", "wechat") == [("sent",)]


async def test_valkey_that_comes_back_empty_costs_nothing(desk: RunningDesk) -> None:
    async with crowd(desk) as people:
        talking = await in_the_middle(people)
        with redis.Redis.from_url(EmbeddedValkey(desk.place).url) as client:
            client.flushall()
        desk.signal("valkey", signal.SIGSTOP)  # so that it writes nothing more
        shutil.rmtree(desk.place.valkey / "appendonlydir")
        desk.signal("valkey")
        await talking
        await people.settled()
        assert people.faults() == {}
    await until(lambda: desk.is_ready("valkey"), within=PATIENCE)


async def test_a_complaint_is_filed_once_though_the_worker_is_killed_over_it(desk: RunningDesk) -> None:
    async with crowd(desk, 1) as people:
        [customer] = people.customers
        await customer.say_and_wait("你们家质量真棒，冰箱用了一天就坏了，第三次了，我要投诉！")
        desk.signal("worker")
        await people.settled()
        assert people.faults() == {}
        files = desk.rows("SELECT number FROM cases WHERE conversation_id = ?", customer.conversation)
        assert len(files) == 1


async def test_a_killed_supervisor_takes_its_processes_along_and_the_next_start_goes_on(
    prepared: Path, tmp_path: Path
) -> None:
    shutil.copytree(prepared, tmp_path / "var")
    desk = RunningDesk(tmp_path)
    desk.start()
    pids = [desk.part(name).pid for name in ("web", "worker", "valkey")]
    desk.kill_supervisor()
    await until(lambda: all(pid is None or not _lives(pid) for pid in pids))
    desk.start()
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(f"{desk.address}/healthz")).text == "ok"
    assert desk.stop() == 0


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
