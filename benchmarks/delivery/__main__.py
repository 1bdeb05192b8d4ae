"""`python -m benchmarks.delivery`: messages between customers and a representative while many widgets are open.

Everything is measured from outside, socket to socket, in a process of its own; the widgets that are only open live in
another. A row without bystanders stands beside the others for comparison.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from benchmarks import desk
from benchmarks.delivery.exchange import customers, talk
from benchmarks.delivery.seat import hire, seated
from benchmarks.figures import Figures, summarise
from benchmarks.machine import describe
from benchmarks.measure import Bot
from bot.run.place import Place
from kit.rooms import HOUSE

WIDGETS = (0, 1000, 5000)
TALKING = 5
"""Conversations of the representative; the desk's usual capacity."""
RATE, SECONDS, WARM_SECONDS = 20.0, 30.0, 3.0
"""Messages a second, half of them each way: more than one person writes, for percentiles that can be believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One row."""

    widgets: int
    to_agent: Figures
    to_customer: Figures
    web_share: float
    """Share of one processor the web process took."""
    lost: int
    """Messages refused or not arrived, and widgets that were cut off."""


def say(text: str) -> None:
    """One line of progress."""
    print(text, file=sys.stderr, flush=True)


@contextlib.asynccontextmanager
async def bystanders(address: str, count: int) -> AsyncIterator[asyncio.subprocess.Process | None]:
    """`count` open widgets."""
    if not count:
        yield None
        return
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.delivery.bystanders", address, str(count)),
        cwd=HOUSE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        if process.stdout is None or not await process.stdout.readline():
            raise desk.NoDesk("the widgets did not open; their words are above")
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def count_lost(process: asyncio.subprocess.Process | None) -> int:
    """How many widgets were cut off; they leave."""
    if process is None:
        return 0
    said, _ = await process.communicate(b"")  # without anything to say its input would stay open
    return int(said or 0)


async def measure(bot: Bot, widgets: int, sign_in: tuple[str, str], *, seconds: float) -> Delivered:
    """One row: so many widgets, then messages."""
    web = psutil.Process(bot.processes["web"])
    async with bystanders(bot.address, widgets) as process, customers(bot.address, TALKING) as people:
        async with seated(bot.address, *sign_in) as seat:
            await seat.claim_all({one.conversation for one in people})
            await talk(seat, people, rate=RATE, seconds=WARM_SECONDS, seed=1)
            before = sum(web.cpu_times()[:2])
            exchange = await talk(seat, people, rate=RATE, seconds=seconds, seed=2)
            share = (sum(web.cpu_times()[:2]) - before) / seconds
        lost = exchange.missing + exchange.refused + await count_lost(process)
    return Delivered(
        widgets=widgets,
        to_agent=summarise(exchange.to_agent),
        to_customer=summarise(exchange.to_customer),
        web_share=round(share, 2),
        lost=lost,
    )


async def bench(folder: Path, widgets: list[int], *, seconds: float) -> list[Delivered]:
    """Each number of widgets in turn, at one desk."""
    rows: list[Delivered] = []
    say("starting the desk …")
    async with desk.running(folder, "desk", rasa=False) as bot:
        for count in widgets:
            say(f"{count} open widgets …")
            sign_in = await hire(desk.config_file(folder, rasa=False), Place(folder / "var").data)
            rows.append(await measure(bot, count, sign_in, seconds=seconds))
    return rows


def table(rows: list[Delivered]) -> str:
    """A Markdown table."""
    lines = [
        "| open widgets | to the agent p50, ms | p99, ms | to the customer p50, ms | p99, ms | web, of a core | lost |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        there, back = row.to_agent, row.to_customer
        lines.append(
            f"| {row.widgets} | {there.p50:g} | {there.p99:g} | {back.p50:g} | {back.p99:g} "
            f"| {row.web_share:g} | {row.lost} |"
        )
    return "\n".join(lines)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.delivery", description=__doc__)
    parser.add_argument("--widgets", nargs="+", type=int, default=list(WIDGETS), help="how many are open, row by row")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long messages go to and fro")
    parser.add_argument(
        "--folder", type=Path, default=Path("var/bench/delivery"), help="where data and results are kept"
    )
    args = parser.parse_args()
    folder = args.folder.resolve()
    try:
        rows = asyncio.run(bench(folder, args.widgets, seconds=args.seconds))
    except desk.NoDesk as reason:
        say(str(reason))
        return 1
    at, machine = datetime.now(UTC), describe()
    path = folder / f"result-{at:%Y%m%dT%H%M%SZ}.json"
    told = {"at": at.isoformat(timespec="seconds"), "machine": machine, "rows": [asdict(row) for row in rows]}
    path.write_text(json.dumps(told, indent=2), encoding="utf-8")
    print(table(rows))
    print("\n" + ", ".join(f"{name} {value}" for name, value in machine.items()) + f"\n\n{path}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
