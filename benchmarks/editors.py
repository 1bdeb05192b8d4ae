"""`python -m benchmarks.editors`: how long editors wait for the list, a search in it and an article, among very many.

The articles are written straight into the tables; what is measured goes the editors' own way, from the service down.
One in fifty is deleted, as in any base that is some years old. Clock and processor time are told apart: on a busy
machine the first one says how busy it is. "Alone" is the clock without the time that our threads stood in line for a
processor, and never less than the work. `--store` names a store that is filled once and kept, of PostgreSQL too.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from sqlalchemy import insert, select

from benchmarks.figures import summarise
from benchmarks.machine import waited_for_processors
from bot.migrations.tables import load_tables
from kit.contracts import Tx
from kit.ids import new_id, now
from kit.sql import Database, connection_of
from knowledge_base.adapters.article_store import SqlArticleStore, searched_of
from knowledge_base.adapters.article_terms import Searched, put_terms
from knowledge_base.adapters.mapping import content_of, search_text_of
from knowledge_base.adapters.tables import article_versions, articles
from knowledge_base.contracts import ArticleFilter, ArticleStatus, Draft
from knowledge_base.editing import PAGE
from knowledge_base.starter import starter_drafts

ARTICLES = 100_000
TRIES = 60
TOGETHER = 500
DELETED = 50
"""One article in so many is deleted."""
WORDS = (
    *("e", "refund", "where is my order", "how do i return an item", "no such words anywhere"),
    *("退", "退款", "发票 抬头", "七天无理由退货"),
)


async def fill(database: Database, count: int) -> list[str]:
    """Articles as long as the starter's, under keys of their own; their ids."""
    patterns, chance, ids = starter_drafts(), random.Random(7), []
    for start in range(0, count, TOGETHER):
        rows, versions, searched = [], [], []
        for number in range(start, min(count, start + TOGETHER)):
            pattern = chance.choice(patterns)
            draft = replace(pattern, key=f"{pattern.key[:60]}-{number}")
            ids.append(new_id())
            rows.append(_row(ids[-1], number + 1, draft, chance.choice(list(ArticleStatus))))
            searched.append(searched_of(number + 1, draft))
            versions.append(
                {"article_id": ids[-1], "version": 1, "change": "imported", "content": content_of(draft)}
                | {"at": now(), "by": "benchmark"}
            )
        await database.write(partial(_store, rows=rows, versions=versions, searched=searched))
    return ids


def _row(article_id: str, number: int, draft: Draft, status: ArticleStatus) -> dict[str, object]:
    return {
        "id": article_id,
        "number": number,
        "key": draft.key,
        "category": draft.category,
        "status": str(status),
        "version": 1,
        "published_version": 1 if status is ArticleStatus.PUBLISHED else None,
        "languages": ",".join(sorted(str(side.language) for side in draft.texts)),
        "titles": {str(side.language): side.title for side in draft.texts},
        "search_text": search_text_of(draft),
        "updated_at": now(),
        "updated_by": "benchmark",
        "deleted_at": now() if number % DELETED == 0 else None,
    }


async def _store(
    tx: Tx, *, rows: list[dict[str, object]], versions: list[dict[str, object]], searched: list[Searched]
) -> None:
    await connection_of(tx).execute(insert(articles), rows)
    await put_terms(connection_of(tx), searched)
    await connection_of(tx).execute(insert(article_versions), versions)


async def measure(store: SqlArticleStore, ids: list[str], tries: int) -> None:
    """Print a Markdown table, line by line as it becomes known."""
    chance = random.Random(11)

    def page(chosen: ArticleFilter, deepest: int = 0) -> Callable[[], Awaitable[object]]:
        return lambda: store.list(chosen, now=now(), offset=PAGE * chance.randint(0, deepest), limit=PAGE)

    deepest = max(0, len(ids) // PAGE - 1)
    tasks: dict[str, Callable[[], Awaitable[object]]] = {
        "list, first page": page(ArticleFilter()),
        "list, any page": page(ArticleFilter(), deepest),
        "list of one status": page(ArticleFilter(status=ArticleStatus.DRAFT)),
        "open": lambda: store.find(chance.choice(ids)),
        **{f"search: {words}": page(ArticleFilter(words=words)) for words in WORDS},
    }
    print("| | p50, ms | p95, ms | p50 alone | p95 alone | processor, ms |\n|---|---:|---:|---:|---:|---:|", flush=True)
    for name, task in tasks.items():
        await task()  # the first one reads the pages from the disk
        times, alone, own, busy = [], [], [os.getpid()], time.process_time()
        for _ in range(tries):
            began, worked, waited = time.perf_counter(), time.process_time(), waited_for_processors(own)
            await task()
            took = time.perf_counter() - began
            times.append(took)
            alone.append(max(took - (waited_for_processors(own) - waited), time.process_time() - worked))
        found, free, busy = summarise(times), summarise(alone), (time.process_time() - busy) / tries * 1000
        figures = (found.p50, found.p95, free.p50, free.p95, busy)
        print(f"| {name} | {' | '.join(f'{figure:.1f}' for figure in figures)} |", flush=True)


async def run(store: str, count: int, tries: int) -> None:
    """Fill a store, where it is empty, and measure."""
    load_tables()
    database = Database(store)
    await database.open()
    await database.create_schema()
    try:
        async with database.read() as connection:
            ids = list((await connection.execute(select(articles.c.id))).scalars())
        ids = ids or await fill(database, count)
        print(f"{len(ids):,} articles are there", file=sys.stderr, flush=True)
        await measure(SqlArticleStore(database), ids, tries)
    finally:
        await database.close()


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.editors", description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--tries", type=int, default=TRIES)
    parser.add_argument("--store", help="address of an empty store, or of one that an earlier run filled")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="editors-") as folder:
        store = arguments.store or f"sqlite:///{Path(folder) / 'desk.db'}"
        asyncio.run(run(store, arguments.articles, arguments.tries))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
