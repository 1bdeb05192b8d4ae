"""`python -m benchmarks.imports`: what customers and editors notice of a large import, beside when there is none.

A desk of its own is started as an operator starts one; the file is sent as the page sends it, and the desk's worker
does the rest. Meanwhile customers ask one question after another, and single articles are published and looked for.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.desk import running
from benchmarks.figures import summarise
from benchmarks.generator import Plan
from benchmarks.measure import Bot, load
from bot.migrations.tables import load_tables
from kit.contracts import Language
from kit.ids import new_id, now
from kit.signals import MemorySignals
from kit.sql import Database
from knowledge_base.adapters.build import KnowledgeBaseParts, build_exchange, build_imports, build_knowledge_base
from knowledge_base.adapters.build import build_publisher as publisher_over
from knowledge_base.contracts import ArticleText, Change, Draft
from knowledge_base.contracts.imports import WORKED_AT, Import, ImportOptions, ImportStep
from knowledge_base.imports import Imports
from knowledge_base.publishing import Author, Publisher
from knowledge_base.settings import KnowledgeBaseSettings
from nlu.encoder import build_encoder
from nlu.normalise import fold
from nlu.settings import EncoderSettings
from staff.adapters.build import build_staff
from staff.contracts import Person, Role
from staff.settings import StaffSettings

ROWS = 100_000
MEGABYTES = 50
BEFORE, ROUND = 200, 40
"""Questions before the import, and in each round while it goes on."""
BY = Person(id="", name="", display_name="benchmark", roles=frozenset({Role.ADMIN}), language=Language.EN, csrf="")
HEADINGS = ("key", "category", "zh.title", "zh.answer", "zh.questions")
SENTENCE = "请在订单页面选择需要处理的商品，按提示提交申请，审核通过后我们会尽快为您办理。"


@dataclass(slots=True, kw_only=True)
class Seen:
    """What was measured, in seconds."""

    answers: list[float] = field(default_factory=list)
    by_step: dict[ImportStep, list[float]] = field(default_factory=dict)
    """The answers again, by what the import was at when they had come."""
    searchable: list[float] = field(default_factory=list)
    """From the wish to publish an article until a search finds it."""
    unanswered: int = 0

    def line(self, name: str, times: list[float]) -> str:
        """A row of the table."""
        found = summarise(times)
        return f"| {name} | {found.count} | {found.p50:.1f} | {found.p95:.1f} | {found.p99:.1f} | {found.longest:.1f} |"


def table_of(rows: int, megabytes: int) -> bytes:
    """A CSV file of so many rows and about so many megabytes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    times = max(1, (megabytes * 2**20 // rows - 120) // len(SENTENCE.encode()))
    for number in range(rows):
        title = f"第{number}号商品出了问题应该怎么处理"
        writer.writerow((f"bulk-{number}", "bulk", title, SENTENCE * times, f"{number}号商品坏了"))
    return out.getvalue().encode()


class Prober:
    """An editor who publishes single articles, in a process that searches as every other does."""

    def __init__(self, parts: KnowledgeBaseParts, publisher: Publisher, database: Database) -> None:
        self._parts, self._publisher, self._database = parts, publisher, database

    async def publish(self) -> float:
        """Seconds from the wish to publish an article until a search finds it."""
        article_id, number = new_id(), time.monotonic_ns()
        side = ArticleText(
            language=Language.ZH, title=f"编号{number}的活动怎么参加", answer="请到门店。", short="", questions=()
        )
        draft = Draft(key=f"probe-{number}", category="probe", texts=(side,))
        made = await self._database.write(
            lambda tx: self._parts.articles.create(
                tx, article_id=article_id, draft=draft, change=Change.CREATED, at=now(), by="benchmark"
            )
        )
        assert made is not None  # noqa: S101 - its key is new
        begun = time.perf_counter()
        await self._publisher.publish(Author(name="benchmark", account_id=""), made, version=1, draft=draft)
        base = await self._parts.live.current()
        segments = [segment for segment in (base.small, base.big) if segment is not None]
        if not any(ref.id == article_id for segment in segments for ref in segment.corpus.articles):
            raise RuntimeError("what was published is not searchable")
        return time.perf_counter() - begun


async def observe(bot: Bot, prober: Prober, seen: Seen, *, count: int, seed: int) -> None:
    """Customers' questions one after another, then one publication."""
    outcome = await load(Plan(kind=bot.kind, address=bot.address, count=count, people=max(1, count // 3), seed=seed))
    seen.answers += outcome.latencies
    seen.unanswered += sum(outcome.unanswered.values())
    seen.searchable.append(await prober.publish())


async def follow(imports: Imports, job: Import, steps: dict[ImportStep, float]) -> None:
    """Seconds of every step, until nothing is going on any more. The last one in `steps` is that of now."""
    last = time.perf_counter()
    while (now_ := await imports.load(BY, job.id)).state in WORKED_AT:
        await asyncio.sleep(0.5)
        steps[now_.step] = steps.get(now_.step, 0.0) + time.perf_counter() - last
        last = time.perf_counter()
    if now_.refusal is not None:
        raise RuntimeError(f"refused: {now_.refusal}")


async def run(rows: int, megabytes: int) -> None:
    """Start a desk and measure."""
    load_tables()
    with tempfile.TemporaryDirectory(prefix="imports-") as name:
        folder = Path(name)
        async with running(folder, "desk", rasa=False) as bot:
            database = Database(f"sqlite:///{folder / 'var' / 'desk.db'}")
            imports, prober, parts = await _parts(database, folder)
            try:
                await _measure(bot, imports, prober, table_of(rows, megabytes))
            finally:
                await parts.search.close()
                await database.close()


async def _parts(database: Database, folder: Path) -> tuple[Imports, Prober, KnowledgeBaseParts]:
    parts = build_knowledge_base(
        settings=KnowledgeBaseSettings(),
        database=database,
        encoder=build_encoder(EncoderSettings()),
        normalise=fold,
        signals=MemorySignals(),
        clock=now,
        new_id=new_id,
        data_dir=folder / "var",
        fits=False,
    )
    staff = build_staff(database, StaffSettings())
    publisher = publisher_over(parts, database=database, signals=MemorySignals(), audit=staff, clock=now)
    exchange = build_exchange(parts, database=database, names={})
    imports = build_imports(exchange, database=database, publisher=publisher, clock=now, new_id=new_id)
    await parts.search.open()
    return imports, Prober(parts, publisher, database), parts


async def _measure(bot: Bot, imports: Imports, prober: Prober, content: bytes) -> None:
    before, during = Seen(), Seen()
    for seed in range(BEFORE // ROUND):
        await observe(bot, prober, before, count=ROUND, seed=seed)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 64 * 1024):
            yield content[start : start + 64 * 1024]

    begun = time.perf_counter()
    job = await imports.send(BY, "bulk.csv", pieces(), options=ImportOptions(), stores=True)
    print(f"{len(content) / 2**20:.0f} MB sent in {time.perf_counter() - begun:.1f} s", file=sys.stderr, flush=True)
    steps = {ImportStep.READING: 0.0}
    following, seed = asyncio.create_task(follow(imports, job, steps)), 1000
    while not following.done():
        told = len(during.answers)
        await observe(bot, prober, during, count=ROUND, seed=seed)
        during.by_step.setdefault(list(steps)[-1], []).extend(during.answers[told:])
        seed += 1
    await following
    print("| | times | p50, ms | p95, ms | p99, ms | longest, ms |\n|---|---:|---:|---:|---:|---:|")
    print(before.line("answers, no import", before.answers))
    print(during.line("answers, import going on", during.answers))
    for step, answers in during.by_step.items():
        print(during.line(f"answers, import going on: {step}", answers))
    print(before.line("published and searchable, no import", before.searchable))
    print(during.line("published and searchable, import going on", during.searchable))
    took = ", ".join(f"{step} {seconds:.0f} s" for step, seconds in steps.items())
    print(f"\n{took}; questions without an answer: {before.unanswered} before, {during.unanswered} meanwhile")


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.imports", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--megabytes", type=int, default=MEGABYTES)
    arguments = parser.parse_args()
    asyncio.run(run(arguments.rows, arguments.megabytes))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
