"""benchmarks.index: a real store with very many articles: how long until what an editor publishes is found.

The articles are written straight into the tables: bringing them in one by one is not what is measured. Everything after
that goes the desk's own way, in two views of one store: an editor publishes in one, a customer asks in the other.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import psutil
from sqlalchemy import insert

from benchmarks.index.vectors import make_rows, real_sentences
from bot.migrations.tables import load_tables
from kit.contracts import Language, Tx
from kit.ids import new_id, now
from kit.signals import MemorySignals
from kit.sql import Database, connection_of
from knowledge_base.adapters.build import KnowledgeBaseParts, build_knowledge_base
from knowledge_base.adapters.mapping import content_of
from knowledge_base.adapters.tables import (
    article_vectors,
    article_versions,
    articles,
    knowledge_base_state,
    publications,
)
from knowledge_base.contracts import ArticleText, Draft
from knowledge_base.corpus import Floats
from knowledge_base.evaluation.metrics import percentile
from knowledge_base.settings import KnowledgeBaseSettings
from knowledge_base.wordings import wordings_of
from nlu.contracts import Reading, TextRole
from nlu.encoder import build_encoder
from nlu.language import detect_language
from nlu.ports import Encoder
from nlu.service import fold
from nlu.settings import EncoderSettings

TOGETHER = 1_000
QUESTIONS = 300
WORDINGS = 3
"""Questions of one made-up article; its answer is a fourth row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFigures:
    """Of one size."""

    articles: int
    rows: int
    kind: str
    build_seconds: float
    """Clock, from an empty folder to the first answer: read from SQL, cut into words, indexed, saved."""
    load_seconds: float
    """Clock, from the saved index to the first answer."""
    search_p50_ms: float
    search_p95_ms: float
    search_processor_p50_ms: float
    """What a search costs by itself: the clock also counts what else the machine does."""
    search_processor_p95_ms: float
    publish_p50_ms: float
    """From the editor's commit to an answer from the new article in another process's view."""
    publish_p99_ms: float
    publish_processor_p99_ms: float
    memory_mib: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Milliseconds of one call: by the clock, and of the processor."""

    clock: float
    processor: float


class Desk:
    """One process's view of the base."""

    def __init__(self, database: Database, encoder: Encoder, folder: Path) -> None:
        self.encoder = encoder
        self.parts: KnowledgeBaseParts = build_knowledge_base(
            settings=KnowledgeBaseSettings(),
            database=database,
            encoder=encoder,
            normalise=fold,
            signals=MemorySignals(),
            clock=now,
            new_id=new_id,
            data_dir=folder,
            fits=False,
            unknown=(),
            vector_cache=folder / "vectors.sqlite",
        )

    def read(self, text: str) -> Reading:
        """As `nlu` reads a customer's message."""
        folded = fold(text)
        vector = self.encoder.encode([folded], TextRole.QUERY)[0]
        language = detect_language(text, Language.EN)
        return Reading(text=text, normalised=folded, language=language, vector=vector, encoder=self.encoder.fingerprint)

    async def first(self, reading: Reading) -> str:
        """Key of the article that comes first."""
        result = await self.parts.search.search(reading)
        return result.matches[0].key if result.matches else ""


def measure_articles(folder: Path, count: int, publications: int) -> ArticleFigures:
    """Everything that is told of `count` articles; for a process of its own."""
    real = np.load(folder / "real.npy")
    encoder = build_encoder(EncoderSettings())
    with tempfile.TemporaryDirectory(prefix="articles-", dir=folder) as scratch:
        work = measure(
            encoder, real_sentences(), real, count=count, publications_tried=publications, folder=Path(scratch)
        )
        return asyncio.run(work)


async def measure(
    encoder: Encoder, sentences: Sequence[str], real: Floats, *, count: int, publications_tried: int, folder: Path
) -> ArticleFigures:
    """Fill a store, open it twice, publish and ask."""
    load_tables()
    database = Database(f"sqlite:///{folder / 'desk.db'}")
    await database.open()
    await database.create_schema()
    rows = make_rows(real, count * (WORDINGS + 1), seed=5)
    await fill(database, encoder, sentences, rows, count)
    customer = Desk(database, encoder, folder / "customer")
    began = time.perf_counter()
    await customer.parts.search.open()
    built = time.perf_counter() - began
    await customer.parts.search.close()
    customer = Desk(database, encoder, folder / "customer")
    began = time.perf_counter()
    await customer.parts.search.open()
    loaded = time.perf_counter() - began
    readings = [customer.read(text) for text in sentences[:QUESTIONS]]
    searched = [await timed(partial(customer.first, reading)) for reading in readings]
    editor = Desk(database, encoder, folder / "editor")
    published = [await publish_and_find(editor, customer, number) for number in range(publications_tried)]
    base = await customer.parts.live.current()
    await customer.parts.search.close()
    await database.close()
    return ArticleFigures(
        articles=count,
        rows=len(base.big),
        kind=base.big.neighbours.kind,
        build_seconds=built,
        load_seconds=loaded,
        search_p50_ms=percentile([each.clock for each in searched], 50),
        search_p95_ms=percentile([each.clock for each in searched], 95),
        search_processor_p50_ms=percentile([each.processor for each in searched], 50),
        search_processor_p95_ms=percentile([each.processor for each in searched], 95),
        publish_p50_ms=percentile([each.clock for each in published], 50),
        publish_p99_ms=percentile([each.clock for each in published], 99),
        publish_processor_p99_ms=percentile([each.processor for each in published], 99),
        memory_mib=psutil.Process().memory_info().rss / 2**20,
    )


async def publish_and_find(editor: Desk, customer: Desk, number: int) -> Took:
    """From the commit of a new article to the answer from it."""
    title = f"Where is the purple zeppelin number {number} moored?"
    text = ArticleText(
        language=Language.EN, title=title, answer=f"At mast {number}.", short="", questions=(f"zeppelin {number} mast",)
    )
    await editor.parts.importing.publish_all([Draft(key=f"zeppelin-{number}", category="test", texts=(text,))])
    reading = customer.read(f"where is purple zeppelin {number}")
    found: list[str] = []

    async def find() -> None:
        found.append(await customer.first(reading))

    took = await timed(find)
    if found != [f"zeppelin-{number}"]:
        raise RuntimeError(f"article {number} was published and not found: {found!r} came first")
    return took


async def timed(call: Callable[[], Awaitable[object]]) -> Took:
    """What one call takes."""
    clock, processor = time.perf_counter(), time.process_time()
    await call()
    return Took(clock=(time.perf_counter() - clock) * 1_000, processor=(time.process_time() - processor) * 1_000)


async def fill(database: Database, encoder: Encoder, sentences: Sequence[str], rows: Floats, count: int) -> None:
    """Published articles whose wordings are halves of real sentences and whose vectors are made up."""
    random = np.random.default_rng(7)
    halves = [text.split() if " " in text else [text[: len(text) // 2], text[len(text) // 2 :]] for text in sentences]

    def sentence() -> str:
        one, other = (halves[at] for at in random.integers(0, len(halves), 2))
        glue = " " if one[0].isascii() else ""
        return glue.join((*one[: max(1, len(one) // 2)], *other[len(other) // 2 :]))

    for start in range(0, count, TOGETHER):
        tables: dict[object, list[dict[str, object]]] = {}
        for number in range(start, min(count, start + TOGETHER)):
            title, *others = (sentence() for _ in range(WORDINGS))
            language = detect_language(title, Language.EN)
            side = ArticleText(
                language=language, title=title, answer=f"{title} {number}", short="", questions=tuple(others)
            )
            draft = Draft(key=f"made-up-{number}", category="test", texts=(side,))
            _add(tables, draft, number=number, encoder=encoder.fingerprint, rows=rows)
        await database.write(partial(_store, tables=tables))
    await database.write(partial(_store, tables={knowledge_base_state: [{"id": 1, "version": count}]}))


async def _store(tx: Tx, *, tables: dict[object, list[dict[str, object]]]) -> None:
    for table, values in tables.items():
        await connection_of(tx).execute(insert(table), values)  # type: ignore[arg-type]
    await asyncio.sleep(0)


def _add(
    tables: dict[object, list[dict[str, object]]], draft: Draft, *, number: int, encoder: str, rows: Floats
) -> None:
    at, article_id = now(), new_id()
    (side,) = draft.texts

    def put(table: object, **values: object) -> None:
        tables.setdefault(table, []).append(values)

    put(
        articles, id=article_id, number=number + 1, key=draft.key, category=draft.category, status="published",
        version=1, published_version=1, languages=str(side.language), titles={str(side.language): side.title},
        search_text=side.title.lower(), updated_at=at, updated_by="benchmark",
    )  # fmt: skip
    put(
        article_versions, article_id=article_id, version=1, change="imported", content=content_of(draft), at=at,
        by="benchmark",
    )  # fmt: skip
    put(
        publications, version=number + 1, kind="publish", article_id=article_id, article_version=1, at=at,
        by="benchmark",
    )  # fmt: skip
    for position, wording in enumerate(wordings_of(draft)):
        put(
            article_vectors, article_id=article_id, version=1, encoder=encoder, language=str(wording.language),
            position=position, role=str(wording.role), wording=wording.text,
            vector=rows[number * (WORDINGS + 1) + position].astype("<f2").tobytes(),
        )  # fmt: skip
