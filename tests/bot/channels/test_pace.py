"""tests: the pace of calls, with a clock that only moves by waiting."""

from __future__ import annotations

import asyncio
from collections import Counter

from bot.channels.pace import CHATS_KEPT, Pace


class Time:
    """A clock whose `sleep` moves it; sleepers wake in the order of their moments."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        self._sleepers.append((self.now + seconds, event))
        await event.wait()

    async def pass_until(self, done: asyncio.Future[list[None]]) -> None:
        while not done.done():
            for _ in range(5):
                await asyncio.sleep(0)
            if self._sleepers and not done.done():
                self._sleepers.sort(key=lambda sleeper: sleeper[0])
                at, event = self._sleepers.pop(0)
                self.now = max(self.now, at)
                event.set()


async def moments(pace: Pace, time: Time, chats: list[str]) -> list[tuple[str, float]]:
    sent: list[tuple[str, float]] = []

    async def send(chat: str) -> None:
        await pace.message(chat)
        sent.append((chat, time.now))

    everything = asyncio.gather(*(send(chat) for chat in chats))
    await time.pass_until(everything)
    return sent


def pace_of(time: Time) -> Pace:
    return Pace(per_second=30, seconds_apart=1, monotonic=time.monotonic, sleep=time.sleep)


async def test_one_chat_gets_a_message_a_second() -> None:
    time = Time()
    assert [at for _, at in await moments(pace_of(time), time, ["a"] * 4)] == [0, 1, 2, 3]


async def test_all_chats_together_get_at_most_thirty_a_second() -> None:
    time = Time()
    sent = await moments(pace_of(time), time, [f"chat {n}" for n in range(90)])
    assert max(Counter(int(at + 1e-9) for _, at in sent).values()) <= 30
    assert max(at for _, at in sent) < 3


async def test_a_chat_that_has_to_wait_holds_nobody_else_up() -> None:
    time = Time()
    pace = pace_of(time)
    pace.hold("slow", 60)
    sent = dict(await moments(pace, time, ["slow", "quick"]))
    assert sent["quick"] < 1
    assert sent["slow"] >= 60


async def test_chats_long_past_are_forgotten() -> None:
    time = Time()
    pace = Pace(per_second=1e9, seconds_apart=1, monotonic=time.monotonic, sleep=time.sleep)
    for number in range(CHATS_KEPT + 10):
        time.now += 2
        await pace.message(str(number))
    assert len(pace._chats) <= CHATS_KEPT + 1  # noqa: SLF001 - what is forgotten has no outside
