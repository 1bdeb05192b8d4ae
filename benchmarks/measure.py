"""benchmarks: what is measured of one bot: latency when idle, then the rate it sustains."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import psutil

from benchmarks.figures import Figures, summarise
from benchmarks.generator import Outcome, Plan
from kit.rooms import HOUSE

LIMIT_MS = 200.0
"""A rate counts as sustained while 99 of 100 answers come within this time of when the message was due."""
PEOPLE = 300
"""Customers with an open window; enough that no message waits for somebody to write it."""


CALM_SECONDS, CALM_SHARE = 600.0, 0.1
"""A bot is calm when it takes less than this share of one processor without being asked anything."""
QUESTIONS_EACH = 3
"""Questions that one customer asks while the bot is otherwise idle. They are unrelated, which the bot cannot know: from
the second on it looks whether a short one leans on the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long and how often."""

    warm: int
    count: int
    seconds: float
    rates: tuple[float, ...]


FULL = Effort(warm=60, count=400, seconds=20.0, rates=(20, 40, 60, 80, 100, 120, 150, 200, 300, 400))
QUICK = Effort(warm=30, count=100, seconds=6.0, rates=(20, 40, 60, 80, 100, 150, 200))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rate that was tried."""

    rate: float
    figures: Figures | None
    unanswered: dict[str, int]

    @property
    def sustained(self) -> bool:
        return not self.unanswered and self.figures is not None and self.figures.p99 <= LIMIT_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """A running bot that can be measured."""

    name: str
    kind: str
    address: str
    processes: dict[str, int]
    """Its processes by name; what they spend is told too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The figures of one bot."""

    name: str
    idle: Figures
    processor_ms: dict[str, float]
    """Processor time of one answer, by process; depends less on who else uses the machine than latency does."""
    unanswered: dict[str, int]
    steps: tuple[Step, ...]

    @property
    def sustained(self) -> Step | None:
        """The highest rate before the first that was not sustained."""
        best = None
        for step in self.steps:
            if not step.sustained:
                break
            best = step
        return best


async def measure(bot: Bot, effort: Effort, say: Callable[[str], None]) -> Measured:
    """Questions one after another, then rates until one is not sustained."""
    name, kind, address = bot.name, bot.kind, bot.address
    await load(Plan(kind=kind, address=address, count=effort.warm, people=4, seed=1))
    await _calm(bot)
    before = _spent(bot)
    people = effort.count // QUESTIONS_EACH
    idle = await load(Plan(kind=kind, address=address, count=effort.count, people=people, seed=2))
    spent = {part: round((after - before[part]) * 1000 / effort.count, 2) for part, after in _spent(bot).items()}
    figures = summarise(idle.latencies)
    say(f"{name}: p50 {figures.p50} ms, p99 {figures.p99} ms")
    steps: list[Step] = []
    for number, rate in enumerate(effort.rates):
        plan = Plan(kind=kind, address=address, rate=rate, seconds=effort.seconds, people=PEOPLE, seed=3 + number)
        outcome = await load(plan)
        step = Step(rate=rate, figures=_figures(outcome.latencies), unanswered=outcome.unanswered)
        steps.append(step)
        p99 = step.figures.p99 if step.figures else None
        say(f"{name}: {rate:g}/s p99 {p99} ms" + (f", unanswered {step.unanswered}" if step.unanswered else ""))
        if not step.sustained:
            break
    return Measured(name=name, idle=figures, processor_ms=spent, unanswered=idle.unanswered, steps=tuple(steps))


async def load(plan: Plan) -> Outcome:
    """Run the generator in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.generator"),
        cwd=HOUSE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate(json.dumps(asdict(plan)).encode())
    if process.returncode != 0:
        raise RuntimeError(f"the load generator ended with status {process.returncode}; its words are above")
    return Outcome(**json.loads(told))


def _spent(bot: Bot) -> dict[str, float]:
    """Processor seconds of each process since it began."""
    return {name: sum(psutil.Process(pid).cpu_times()[:2]) for name, pid in bot.processes.items()}


async def _calm(bot: Bot) -> None:
    """Wait until the bot has done what a start leaves it to do (a first start fits its confidence meanwhile)."""
    async with asyncio.timeout(CALM_SECONDS):
        before = sum(_spent(bot).values())
        while True:
            await asyncio.sleep(2)
            now = sum(_spent(bot).values())
            if now - before < CALM_SHARE * 2:
                return
            before = now


def _figures(latencies: Sequence[float]) -> Figures | None:
    return summarise(latencies) if latencies else None
