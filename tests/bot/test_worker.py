"""tests: every message gets its turn, also after a restart, while the wire is down, and when turns fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from bot.contracts import EntryKind
from bot.pace import wait_after
from bot.settings.conversation import WorkerSettings
from bot.worker import Sweep, Worker
from kit.contracts import JsonValue, Signal
from knowledge_base.contracts import Level
from tests.bot.support.desk import Parts
from tests.bot.support.scripted import article
from tests.bot.support.stand_ins import break_down
from tests.bot.support.talk import Talk
from tests.support.wait import until

QUICK = WorkerSettings(turns_at_once=4, sweep_seconds=60, wire_down_seconds=0.02)


@asynccontextmanager
async def working(
    talk: Talk, settings: WorkerSettings = QUICK, sweeps: tuple[Sweep, ...] = ()
) -> AsyncIterator[Worker]:
    """A worker at work."""
    worker = Worker(
        turn=talk.turn,
        store=talk.parts.store,
        transactions=talk.parts.database,
        signals=talk.parts.signals,
        clock=talk.parts.clock,
        settings=settings,
        sweeps=sweeps,
    )
    await worker.start()
    try:
        yield worker
    finally:
        await worker.stop()


class DeadWire:
    """A wire that carries nothing."""

    async def publish(self, topic: str, body: dict[str, JsonValue]) -> None:
        """Lost."""

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[Signal | None]]:
        yield _never()

    def up(self) -> bool:
        return False


async def _never() -> AsyncIterator[Signal | None]:
    await asyncio.Event().wait()
    yield None


async def replies(talk: Talk) -> list[str]:
    """What the bot said, in order."""
    return [entry.text for entry in await talk.entries() if entry.kind is EntryKind.BOT]


def knowing(parts: Parts, count: int = 5) -> Talk:
    """A bot that can answer `q0` to `q<count>`."""
    talk = Talk(parts=parts)
    for number in range(count):
        talk.search.know(f"q{number}", Level.SURE, article(f"a{number}"))
    return talk


async def test_a_message_is_answered_as_soon_as_the_wire_tells(parts: Parts) -> None:
    talk = knowing(parts)
    async with working(talk):
        await talk.hears("q1")
        await until(lambda: replies(talk))


async def test_messages_of_one_customer_are_answered_in_their_order(parts: Parts) -> None:
    talk = knowing(parts)
    async with working(talk):
        for number in range(5):
            await talk.hears(f"q{number}")
        await until(lambda: _count(talk, 5))
    assert await replies(talk) == [f"**answer** of a{number}" for number in range(5)]


async def _count(talk: Talk, wanted: int) -> bool:
    return len(await replies(talk)) == wanted


async def test_many_customers_are_answered_at_once_each_by_one_turn_at_a_time(sqlite_parts: Parts) -> None:
    talk = knowing(sqlite_parts)
    at_once: dict[str, int] = {}
    most, open_ = 0, asyncio.Event()

    async def watch(text: str) -> None:
        nonlocal most
        at_once[text] = at_once.get(text, 0) + 1
        most = max(most, len([n for n in at_once.values() if n]))
        assert at_once[text] == 1
        if most == QUICK.turns_at_once:
            open_.set()
        await open_.wait()
        at_once[text] -= 1

    talk.search.before_search = watch
    async with working(talk):
        conversations = []
        for number in range(12):
            talk.search.know(f"from {number}", Level.SURE, article("a"))
            received = await talk.parts.say(f"from {number}", address=f"visitor-{number}")
            conversations.append(received.conversation_id)
        for conversation_id in conversations:
            await until(lambda conversation_id=conversation_id: _answered(talk, conversation_id))  # type: ignore[misc]
    assert most == QUICK.turns_at_once


async def _answered(talk: Talk, conversation_id: str) -> bool:
    return await talk.parts.store.next_due(conversation_id) is None


async def test_what_was_stored_before_the_worker_started_is_answered(parts: Parts) -> None:
    talk = knowing(parts)
    await talk.hears("q1")
    await talk.hears("q2")
    async with working(talk):
        await until(lambda: _count(talk, 2))


async def test_while_the_wire_is_down_messages_are_found_in_the_store(sqlite_parts: Parts) -> None:
    sqlite_parts.inbox = type(sqlite_parts.inbox)(
        **{name: getattr(sqlite_parts.inbox, name) for name in sqlite_parts.inbox.__slots__} | {"signals": DeadWire()}
    )
    talk = knowing(sqlite_parts)
    sqlite_parts.signals = DeadWire()
    async with working(talk):
        await talk.hears("q1")
        await until(lambda: replies(talk))


async def test_after_a_break_of_the_wire_what_was_missed_is_found(sqlite_parts: Parts) -> None:
    talk = knowing(sqlite_parts)
    told: asyncio.Queue[Signal | None] = asyncio.Queue()

    class Interrupted(DeadWire):
        """A wire that only says that it is back."""

        @asynccontextmanager
        async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[Signal | None]]:
            async def news() -> AsyncIterator[Signal | None]:
                while True:
                    yield await told.get()

            yield news()

        def up(self) -> bool:
            return True

    sqlite_parts.signals = Interrupted()
    async with working(talk):
        await talk.hears("q1")
        told.put_nowait(None)
        await until(lambda: replies(talk))


async def test_a_turn_that_failed_altogether_is_tried_again_later_and_loses_nothing(parts: Parts) -> None:
    talk = knowing(parts)
    talk.search.script.clear()
    talk.understand.before_read = break_down
    talk.desk.before_open = break_down
    async with working(talk) as worker:
        await talk.hears("q1")
        await until(lambda: _failed(talk))
        talk.understand.before_read = talk.desk.before_open = None
        assert await talk.parts.store.due(talk.parts.clock(), limit=5) == ()
        talk.parts.clock.forward(seconds=QUICK.retry_first_seconds)
        [due] = await talk.parts.store.due(talk.parts.clock(), limit=5)
        assert due.attempts == 1
        worker.offer(due.conversation_id)
        await until(lambda: replies(talk))
    assert not await talk.is_due()


async def _failed(talk: Talk) -> bool:
    due = await talk.parts.store.next_due(talk.conversation_id)
    return due is not None and due[2] == 1


def test_the_wait_after_a_failure_doubles_up_to_its_limit() -> None:
    assert [wait_after(n, first=1, longest=30) for n in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]
    assert wait_after(10_000, first=1, longest=30) == 30


async def test_stopping_lets_a_running_turn_end(sqlite_parts: Parts) -> None:
    talk = knowing(sqlite_parts)
    began, go_on = asyncio.Event(), asyncio.Event()

    async def pause(_: str) -> None:
        began.set()
        await go_on.wait()

    talk.search.before_search = pause
    async with working(talk) as worker:
        await talk.hears("q1")
        await began.wait()
        stopping = asyncio.create_task(worker.stop())
        go_on.set()
        await stopping
    assert await replies(talk) == ["**answer** of a1"]


async def test_sweeps_run_again_and_again_and_one_that_breaks_does_not_stop_the_others(sqlite_parts: Parts) -> None:
    runs: list[datetime] = []

    async def count(now: datetime) -> None:
        runs.append(now)

    async def breaks(now: datetime) -> None:
        message = "broken sweep"
        raise RuntimeError(message)

    sweeps = (Sweep(name="count", every_seconds=0.01, run=count), Sweep(name="breaks", every_seconds=0.01, run=breaks))
    async with working(knowing(sqlite_parts), sweeps=sweeps):
        await until(lambda: len(runs) > 3)
    assert runs[0] == sqlite_parts.clock()
