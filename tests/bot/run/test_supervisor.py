"""tests: the house starts in order, says once that it is ready, and stops with nothing left."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable

import pytest

from bot.run.backoff import Backoff
from bot.run.part import Part
from bot.run.place import Place
from bot.run.program import PartAbsent, PartState, Program
from bot.run.supervisor import GaveUp, Line, Supervisor
from tests.bot.run.conftest import TELL, Seen, program
from tests.bot.run.test_part import STAYS, gone
from tests.support.wait import until

NewPart = Callable[[str, str], Part]
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{STAYS}"


@pytest.fixture
def part(place: Place, seen: Seen) -> NewPart:
    """Makes a part of a name and a program."""

    def make(name: str, source: str) -> Part:
        async def build(_: Backoff) -> Program:
            if not source:
                raise PartAbsent("rasa_off")
            return program(source, stop_within=20)

        return Part(name, build, place=place, tell=seen)

    return make


class House:
    """A supervisor at work, and what it said."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.said: list[str] = []
        self.prepared = asyncio.Event()
        self.supervisor = Supervisor(line)

    async def run(self) -> None:
        await self.supervisor.run(
            prepare=self.prepare,
            ready=lambda: self.said.append("ready"),
            stopping=lambda: self.said.append("stopping"),
            hurrying=lambda: self.said.append("hurrying"),
        )

    async def prepare(self) -> None:
        self.said.append("prepared")

    def states(self) -> set[PartState]:
        return {part.status.state for part in self.line.all}


@pytest.fixture
async def running() -> AsyncIterator[Callable[[House], asyncio.Task[None]]]:
    """Runs houses as tasks and ends what a failed test left of them."""
    tasks: list[asyncio.Task[None]] = []
    houses: list[House] = []

    def start(house: House) -> asyncio.Task[None]:
        houses.append(house)
        tasks.append(asyncio.create_task(house.run()))
        return tasks[-1]

    yield start
    for house in houses:
        house.supervisor.ask_to_stop()
        house.supervisor.ask_to_stop()
    await asyncio.gather(*tasks, return_exceptions=True)


Running = Callable[[House], asyncio.Task[None]]


async def test_a_house_starts_in_order_and_stops_when_asked_by_a_signal(part: NewPart, running: Running) -> None:
    house = House(Line(first=(part("valkey", STAYS),), essential=(part("web", STAYS), part("worker", STAYS)), later=()))
    task = running(house)
    await until(lambda: "ready" in house.said)
    pids = [each.status.pid for each in house.line.all]
    os.kill(os.getpid(), signal.SIGTERM)
    await task
    assert house.said == ["prepared", "ready", "stopping"]
    assert house.states() == {PartState.STOPPED}
    assert all(pid is not None and gone(pid) for pid in pids)


async def test_a_house_opens_without_parts_that_are_not_needed(part: NewPart, running: Running) -> None:
    house = House(
        Line(first=(part("valkey", ""),), essential=(part("web", STAYS),), later=(part("rasa", "raise SystemExit(1)"),))
    )
    task = running(house)
    await until(lambda: "ready" in house.said)
    house.supervisor.ask_to_stop()
    await task


async def test_a_house_whose_essential_part_never_gets_ready_stops_and_says_which(
    part: NewPart, running: Running
) -> None:
    house = House(Line(first=(), essential=(part("web", STAYS), part("worker", "raise SystemExit(1)")), later=()))
    with pytest.raises(GaveUp, match="worker"):
        await running(house)
    assert house.states() == {PartState.STOPPED}
    assert "ready" not in house.said


async def test_a_house_that_is_asked_to_stop_while_it_starts_does_not_open(part: NewPart, running: Running) -> None:
    house = House(Line(first=(), essential=(part("web", "import time; time.sleep(60)"),), later=()))
    task = running(house)
    await until(lambda: house.states() == {PartState.STARTING})
    house.supervisor.ask_to_stop()
    await task
    assert house.said == ["prepared", "stopping"]


async def test_a_house_whose_preparation_fails_starts_nothing(part: NewPart, running: Running) -> None:
    class Unprepared(House):
        async def prepare(self) -> None:
            raise RuntimeError("disk full")

    house = Unprepared(Line(first=(part("valkey", STAYS),), essential=(), later=()))
    with pytest.raises(RuntimeError, match="disk full"):
        await running(house)
    assert house.states() == {PartState.WAITING}


async def test_asked_twice_it_ends_those_who_do_not_listen_at_once(part: NewPart, running: Running) -> None:
    house = House(Line(first=(), essential=(part("web", DEAF),), later=()))
    task = running(house)
    await until(lambda: "ready" in house.said)
    house.supervisor.ask_to_stop()
    await until(lambda: "stopping" in house.said)
    assert not task.done()
    house.supervisor.ask_to_stop()
    await task
    assert house.said == ["prepared", "ready", "stopping", "hurrying"]


async def test_a_part_that_dies_while_the_house_stops_is_not_started_again(part: NewPart, running: Running) -> None:
    wire = part("valkey", STAYS)
    house = House(Line(first=(wire,), essential=(part("web", DEAF),), later=()))
    task = running(house)
    await until(lambda: "ready" in house.said)
    pid = wire.status.pid
    assert pid is not None
    house.supervisor.ask_to_stop()
    await until(lambda: "stopping" in house.said)
    os.kill(pid, signal.SIGTERM)
    await until(lambda: wire.status.state is PartState.STOPPED)
    house.supervisor.ask_to_stop()
    await task
    assert wire.status.starts == 1


async def test_a_part_that_dies_later_does_not_end_the_house(part: NewPart, running: Running, seen: Seen) -> None:
    once = part("worker", TELL + "import time; time.sleep(0.2); raise SystemExit(1)")
    house = House(Line(first=(), essential=(once,), later=()))
    task = running(house)
    await until(lambda: once.status.starts >= 3)
    assert not task.done()
