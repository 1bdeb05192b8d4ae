"""knowledge_base: works at imports: plans the file, prepares its rows, decides, brings them in.

Until it is decided nothing of the file is in the base, and a worker that dies leaves nothing but an import that the
next one begins anew. From then on every row is stored, whatever happens, a few at a time so that customers' messages
come in between; the next worker goes on where the last one was. Between the two nobody else can change what the rows
will change, so that nothing stands in their way.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from kit.contracts import Clock, JsonValue, NewId, Transactions, Tx
from kit.faults import log_fault
from kit.refusals import Refusal
from knowledge_base.contracts import Article, ArticleStatus, Change
from knowledge_base.contracts.imports import (
    Import,
    ImportReport,
    ImportState,
    ImportStep,
    ImportStopped,
    StagedRow,
    Verdict,
)
from knowledge_base.exchanging import Exchange, ImportFile, ImportPlan
from knowledge_base.import_ports import ImportStore
from knowledge_base.import_report import report_of
from knowledge_base.life import status_when_saved
from knowledge_base.pacing import Pace
from knowledge_base.ports import ArticleStore
from knowledge_base.publishing import Author, Publisher, mark
from knowledge_base.refusals import ImportFailed, ImportRefused, changed
from knowledge_base.watching import Watch

BEAT_SECONDS = 0.4
"""How often the store hears how far it is."""
ALIVE = timedelta(seconds=20)
"""A worker not heard of for so long is taken for dead, and another one goes on."""
MOST_TRIES = 3
"""A file that has cost so many workers their life is refused."""
KEPT = timedelta(days=1)
"""How long an import is kept after it was last changed, so that people can see what became of it."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An import that this worker holds."""

    job: Import
    worker: str
    watch: Watch

    @property
    def author(self) -> Author:
        """In whose name rows are stored."""
        return Author(name=self.job.person, account_id=self.job.account_id)


class ImportWork:
    """Works at one import at a time; several processes do no harm."""

    def __init__(
        self,
        *,
        store: ImportStore,
        exchange: Exchange,
        articles: ArticleStore,
        publisher: Publisher,
        transactions: Transactions,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._store, self._exchange, self._articles, self._publisher = store, exchange, articles, publisher
        self._transactions, self._clock, self._new_id = transactions, clock, new_id

    async def work(self, import_id: str) -> bool:
        """Bring it as far as it goes; False where another worker has it or nothing is to be done."""
        worker, now = self._new_id(), self._clock()
        job = await self._transactions.write(
            lambda tx: self._store.claim(tx, import_id, worker=worker, now=now, until=now + ALIVE)
        )
        if job is None:
            return False
        held = Held(job=job, worker=worker, watch=Watch())
        try:
            async with self._heard(held):
                await self._carry_on(held)
        except ImportStopped:
            log.info("knowledge_base.import_stopped", import_id=import_id)
        finally:
            with contextlib.suppress(Exception):
                await self._transactions.write(lambda tx: self._store.release(tx, import_id, worker=worker))
        await self.purge()
        return True

    async def purge(self) -> None:
        """Remove what nobody needs any more, a little at a time."""
        before = self._clock() - KEPT

        async def some(tx: Tx, size: int) -> int:
            return int(await self._store.purge(tx, before=before, limit=size))

        await self._in_steps(some)

    async def _carry_on(self, held: Held) -> None:
        try:
            if held.job.state is ImportState.WAITING:
                if held.job.tries > MOST_TRIES:
                    raise ImportFailed  # noqa: TRY301 - told like any other refusal
                if not await self._decide(held):
                    return
            await self._bring(held)
        except Refusal as refusal:
            await self._refuse(held, refusal)
        except (ImportStopped, asyncio.CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 - told like any other refusal; the worker lives on
            log_fault(log, "knowledge_base.import_failed", error, import_id=held.job.id)
            # A decided one stays so, and is tried again; before that nothing is stored.
            await self._refuse(held, ImportFailed())

    async def _decide(self, held: Held) -> bool:
        """Plan the file; whether its rows are now to be stored."""
        job = held.job
        content = await self._store.content(job.id)
        plan = await self._exchange.read(
            ImportFile(
                name=job.name,
                content=content,
                encoding=job.options.encoding,
                language=job.options.language,
                fields=job.options.fields,
            ),
            held.watch,
        )
        report = report_of(plan)
        if not job.stores or not report.can_be_stored:
            await self._settle(held, plan, report)
            return False
        changing = [row for row in plan.rows if row.verdict in {Verdict.CREATE, Verdict.CHANGE}]
        staged = [
            StagedRow(
                number=number,
                article_id=row.article.id if row.article else self._new_id(),
                expected_version=row.article.version if row.article else 0,
                draft=row.draft,
            )
            for number, row in enumerate(changing, start=1)
        ]
        await self._stage(held, staged)

        async def decide(tx: Tx) -> StagedRow | None:
            at = self._clock()
            in_the_way = await self._store.decide(tx, job.id, worker=held.worker, report=report, at=at)
            if in_the_way is None:
                await self._exchange.keep(tx, plan, at=at, by=job.person)
            return in_the_way

        in_the_way = await self._transactions.write(decide)
        if in_the_way is not None:
            raise await self._lost(in_the_way, changing[in_the_way.number - 1].number)
        return True

    async def _settle(self, held: Held, plan: ImportPlan, report: ImportReport) -> None:
        """Nothing is to be stored, or not yet."""
        nothing_new = held.job.stores and report.names_articles and not report.count(Verdict.REFUSE)
        state = ImportState.DONE if nothing_new else ImportState.CHECKED

        async def work(tx: Tx) -> None:
            at, waiting = self._clock(), (ImportState.WAITING,)
            if not await self._store.move(
                tx, held.job.id, expected=waiting, state=state, at=at, stores=False, report=report
            ):
                raise ImportStopped
            if nothing_new:
                await self._exchange.keep(tx, plan, at=at, by=held.job.person)

        await self._transactions.write(work)

    async def _stage(self, held: Held, rows: Sequence[StagedRow]) -> None:
        """Put the rows beside the base, a few at a time."""
        await self._in_steps(partial(self._unstage_some, held=held))
        held.watch.tell(ImportStep.PREPARING, total=len(rows))

        async def some(tx: Tx, size: int) -> int:
            await self._tell(tx, held)
            done = await self._store.last_staged(tx, held.job.id)
            part = rows[done : done + size]
            if part:
                await self._store.stage(tx, held.job.id, part)
            held.watch.done = done + len(part)
            return len(part)

        await self._in_steps(some)

    async def _unstage_some(self, tx: Tx, size: int, *, held: Held) -> int:
        """What a worker left behind that died before it was decided."""
        await self._tell(tx, held)
        rows = await self._store.staged(tx, held.job.id, limit=size)
        if rows:
            await self._store.unstage(tx, held.job.id, up_to=rows[-1].number)
        return len(rows)

    async def _bring(self, held: Held) -> None:
        """Store the rows."""
        job = await self._store.find(held.job.id)
        report = job.report if job else None
        total = report.count(Verdict.CREATE) + report.count(Verdict.CHANGE) if report else 0
        held.watch.tell(ImportStep.BRINGING, total=total)
        await self._in_steps(partial(self._bring_some, held=held))

        async def work(tx: Tx) -> None:
            bringing = (ImportState.BRINGING,)
            await self._store.move(tx, held.job.id, expected=bringing, state=ImportState.DONE, at=self._clock())

        await self._transactions.write(work)

    async def _bring_some(self, tx: Tx, size: int, *, held: Held) -> int:
        await self._tell(tx, held)
        rows = await self._store.staged(tx, held.job.id, limit=size)
        if not rows:
            return 0
        # First, so that the articles are free again: a decided import keeps everybody from writing them.
        await self._store.unstage(tx, held.job.id, up_to=rows[-1].number)
        at, by = self._clock(), held.author
        new = [(row.article_id, row.draft) for row in rows if not row.expected_version]
        if new:
            await self._articles.create_many(tx, new, change=Change.IMPORTED, at=at, by=by.name, by_id=by.account_id)
        for article_id, draft in new:
            after = f"{draft.key} v1 {ArticleStatus.DRAFT}"
            await self._publisher.record(tx, by, "import", article_id, after=after)
        for row in rows:
            if row.expected_version:
                await self._change(tx, by, row)
        held.watch.done = rows[-1].number
        return len(rows)

    async def _change(self, tx: Tx, by: Author, row: StagedRow) -> None:
        old = await self._articles.find_in(tx, row.article_id)
        done: Article | None = None
        if old is not None:
            done = await self._articles.save(
                tx,
                article_id=row.article_id,
                expected_version=row.expected_version,
                draft=row.draft,
                change=Change.IMPORTED,
                status=status_when_saved(old),
                at=self._clock(),
                by=by.name,
                by_id=by.account_id,
            )
        if old is None or done is None:
            raise RuntimeError(f"{row.article_id} was changed although a decided import holds it")
        await self._publisher.record(tx, by, "import", done.id, before=mark(old), after=mark(done))

    async def _in_steps(self, some: Callable[[Tx, int], Awaitable[int]]) -> None:
        """Do `some`, each time so many in one transaction, until it did none."""
        pace, count, held = Pace(), 1, 0.0

        async def work(tx: Tx) -> int:
            nonlocal held
            begun = time.perf_counter()
            done = await some(tx, pace.size)
            held = time.perf_counter() - begun
            return done

        while count:
            begun = time.perf_counter()
            count = await self._transactions.write(work)
            pace = pace.after(held=held, took=time.perf_counter() - begun)
            await asyncio.sleep(pace.rest)

    async def _tell(self, tx: Tx, held: Held) -> None:
        """Say how far it is, and that somebody is at it. Raises `ImportStopped`."""
        watch = held.watch
        if not await self._store.tell(
            tx,
            held.job.id,
            worker=held.worker,
            step=watch.step,
            done=watch.done,
            total=watch.total,
            until=self._clock() + ALIVE,
        ):
            watch.stopped = True
            raise ImportStopped

    @contextlib.asynccontextmanager
    async def _heard(self, held: Held) -> AsyncIterator[None]:
        """Let the store hear of it while it is worked at."""

        async def beat() -> None:
            while not held.watch.stopped:
                await asyncio.sleep(BEAT_SECONDS)
                with contextlib.suppress(ImportStopped):
                    await self._transactions.write(lambda tx: self._tell(tx, held))

        beating = asyncio.create_task(beat(), name="import-beat")
        try:
            yield
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)

    async def _refuse(self, held: Held, refusal: Refusal) -> None:
        said: dict[str, JsonValue] = {
            "code": refusal.code,
            "slots": dict(refusal.slots),
            "details": dict(refusal.details),
        }
        await self._transactions.write(
            lambda tx: self._store.move(
                tx,
                held.job.id,
                expected=(ImportState.WAITING,),
                state=ImportState.REFUSED,
                at=self._clock(),
                refusal=said,
            )
        )

    async def _lost(self, row: StagedRow, number: int) -> Refusal:
        """Somebody wrote the same article since the plan was made."""
        found = await self._articles.find(row.article_id) if row.expected_version else None
        return changed(found) if found else ImportRefused(field="file", details={str(number): "key"}, count=1)
