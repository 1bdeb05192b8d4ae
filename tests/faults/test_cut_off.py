"""tests: parts that are slow, silent, talk nonsense or cannot write: customers still get an answer, a choice or a
person, and what is acknowledged is stored."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import shutil
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.faults.crowd import PATIENCE, crowd
from tests.faults.ledger import Customer
from tests.support.prepared import CONFIG
from tests.support.running import RunningDesk
from tests.support.wait import until

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(1200)]

TEN_SECONDS = 10.0
"""The promise: nobody waits longer for a word, whatever Rasa does."""


async def test_a_rasa_that_hangs_keeps_nobody_waiting(desk_with_rasa: RunningDesk) -> None:
    desk = desk_with_rasa
    async with crowd(desk, 2) as people:
        desk.signal("rasa", signal.SIGSTOP)
        try:
            for customer in people.customers:
                await customer.say("几天到货")
                await customer.answered(within=TEN_SECONDS)
        finally:
            desk.signal("rasa", signal.SIGCONT)
        await people.settled()
        assert people.faults() == {}


async def test_while_rasa_is_down_everybody_is_answered(desk_with_rasa: RunningDesk) -> None:
    desk = desk_with_rasa
    async with crowd(desk, 2) as people:
        desk.signal("rasa")
        for customer in people.customers:
            await customer.say("How do I return a kettle?")
            await customer.answered(within=TEN_SECONDS)
        await people.settled()
        assert people.faults() == {}
    await until(lambda: desk.is_ready("rasa"), within=PATIENCE)


NONSENSE = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n<html></html",
    b'HTTP/1.1 200 OK\r\nContent-Length: 41\r\n\r\n{"intent_ranking": "yes", "entities": 17 }',
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
    b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
    b"SSH-2.0-OpenSSH_9.2\r\n",
    b"",
]


@contextlib.asynccontextmanager
async def nonsense() -> AsyncIterator[str]:
    """A service that answers every question with something else that makes no sense."""
    turn = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal turn
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(NONSENSE[turn % len(NONSENSE)])
            turn += 1
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        assert turn > 0, "nobody asked"


async def test_a_rasa_that_talks_nonsense_is_not_believed(prepared: Path, tmp_path: Path) -> None:
    shutil.copytree(prepared, tmp_path / "var")
    async with nonsense() as url:
        desk = RunningDesk(tmp_path, config=CONFIG, environment={"RASA_URL": url})
        await asyncio.to_thread(desk.start)
        try:
            async with crowd(desk, 2) as people:
                for text in ("几天到货", "我要转人工", "空调漏水了，你们的师傅一直不来，我要投诉"):
                    for customer in people.customers:
                        await customer.say(text)
                        await customer.answered(within=TEN_SECONDS)
                await people.settled()
                assert people.faults() == {}
        finally:
            assert await asyncio.to_thread(desk.stop) == 0


async def test_a_store_locked_by_another_program_acknowledges_nothing_and_loses_nothing(desk: RunningDesk) -> None:
    async with crowd(desk, 3) as people:
        *writers, onlooker = people.customers
        with contextlib.closing(sqlite3.connect(desk.database, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            keys = [await customer.say("发票怎么开") for customer in writers]
            for _ in range(5):  # the desk is alive and has long seen the messages, but says nothing of them
                await onlooker.alive()
            assert not any(key in customer.acknowledged for customer, key in zip(writers, keys, strict=True))
            other.execute("COMMIT")
        await people.settled()
        assert people.faults() == {}
        assert people.sent == people.acknowledged


def _came_back(customer: Customer, count: int) -> bool:
    return customer.connections > count


@contextlib.contextmanager
def full_disk(pid: int) -> Iterator[None]:
    """The process can make no file longer: what a full disk is to a database that only appends."""
    process = psutil.Process(pid)
    soft, hard = process.rlimit(resource.RLIMIT_FSIZE)
    process.rlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        process.rlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.skipif(not hasattr(psutil.Process, "rlimit"), reason="only Linux limits another process's files")
async def test_when_nothing_can_be_written_nothing_is_acknowledged_and_later_all_is_there(desk: RunningDesk) -> None:
    web = desk.part("web").pid
    assert web is not None
    async with crowd(desk, 2) as people:
        await people.talk(1)
        with full_disk(web):
            before = [customer.connections for customer in people.customers]
            keys = [await customer.say("怎么退货") for customer in people.customers]
            for customer, count in zip(people.customers, before, strict=True):
                # The desk hangs up instead of acknowledging; the window comes back and tries again.
                await until(partial(_came_back, customer, count), within=PATIENCE)
            assert not any(key in customer.acknowledged for customer, key in zip(people.customers, keys, strict=True))
        await people.settled()
        assert people.faults() == {}
        assert desk.part("web").pid == web, "the process survived it"
    found = desk.rows("PRAGMA integrity_check")
    assert found == [("ok",)]
