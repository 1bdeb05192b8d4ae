"""`python -m benchmarks.cases`: p50 and p95 of what colleagues look at, over 100,000 complaint files.

On SQLite, or on the PostgreSQL in DATABASE_URL (empty, or filled by an earlier run). Beside the clock stands what it
would have shown had nobody else used the processors ("alone": without the time our threads stood in line for one,
which Linux counts, but never less than the work itself), and the processor's own time. PostgreSQL's processes count
too, where it runs on this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
from sqlalchemy import func, select, text

from benchmarks.cases.generator import fill
from benchmarks.cases.looks import Look, looks
from benchmarks.figures import summarise
from benchmarks.machine import describe, waited_for_processors
from bot.app.mind import look_briefly, set_aside
from bot.migrations.steps import migrate
from cases.adapters.tables import cases
from kit.sql import Database
from nlu.encoder import build_encoder
from nlu.settings import EncoderSettings

LIMIT_MS = 500.0
HEAD = "| | p50, ms | p95, ms | p50 alone | p95 alone | processor, ms |\n|---|---:|---:|---:|---:|---:|"
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"


async def measure(database: Database, name: str, look: Look, times: int) -> bool:
    """Print one line of the table; whether it came in time."""
    await look()  # the first one reads the pages from the disk
    taken, free, backends = [], [], await _backends(database)
    at_first = _at_work(backends)
    for _ in range(times):
        at_work, waited, began = _at_work(backends), _waited(backends), time.perf_counter()
        await look()
        seconds = time.perf_counter() - began
        taken.append(seconds)
        # Two threads may have stood in line at once: never less than the work that was done.
        left = max(seconds - (_waited(backends) - waited), _at_work(backends) - at_work)
        free.append(min(seconds, left))
    worked = (_at_work(backends) - at_first) / times * 1000
    found, alone = summarise(taken), summarise(free)
    print(
        f"| {name} | {found.p50:.0f} | {found.p95:.0f} | {alone.p50:.0f} | {alone.p95:.0f} | {worked:.0f} |",
        flush=True,
    )
    return alone.p95 <= LIMIT_MS


async def _backends(database: Database) -> list[psutil.Process]:
    """PostgreSQL's own processes, where it runs on this machine."""
    if database.embedded:
        return []
    async with database.read() as connection:
        pids = (await connection.execute(text(BACKENDS))).scalars().all()
    found = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    return [each for each in found if each.name().startswith("postgres")]


def _at_work(backends: Sequence[psutil.Process]) -> float:
    """Seconds the processors have worked for us."""
    times = [each.cpu_times() for each in backends]
    return time.process_time() + sum(each.user + each.system for each in times)


def _waited(backends: Sequence[psutil.Process]) -> float:
    """Seconds our threads were ready to work and others had the processors, as Linux counts them."""
    return waited_for_processors([os.getpid(), *(each.pid for each in backends)])


async def bench(folder: Path, count: int, times: int, only: str) -> bool:
    """Fill a store (once), measure, print; whether everything came in time."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder / f'cases-{count}.db'}"
    await migrate(url)
    database = Database(url)
    await database.open()
    try:
        async with database.read() as connection:
            there = (await connection.execute(select(func.count()).select_from(cases))).scalar_one()
        if not there:
            print(f"making {count:,} files …", file=sys.stderr, flush=True)
            await fill(database, count)
        encoder = await asyncio.to_thread(build_encoder, EncoderSettings())
        look_briefly()  # as the web process does
        set_aside()
        machine = "; ".join(f"{name} {value}" for name, value in describe().items())
        print(f"{there or count:,} files; {'SQLite' if database.embedded else 'PostgreSQL'}; {machine}\n")
        print(HEAD, flush=True)
        wanted = {name: look for name, look in (await looks(database, encoder)).items() if name.startswith(only)}
        in_time = [await measure(database, name, look, times) for name, look in wanted.items()]
    finally:
        await database.close()
    return all(in_time)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cases", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--only", default="", help="what the names of the lines begin with, such as search")
    parser.add_argument("--folder", type=Path, required=True, help="where the store is kept between runs")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    return 0 if asyncio.run(bench(args.folder, args.cases, args.times, args.only)) else 1


if __name__ == "__main__":
    sys.exit(main())
