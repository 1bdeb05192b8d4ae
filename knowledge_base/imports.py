"""knowledge_base: imports as editors and programs ask for them: send, look, choose columns, store, cancel.

A small file is worked at in the process that took it, at once; a large one waits for a process of its own
(`python -m knowledge_base work-imports`, started by the worker), because reading it keeps Python busy for minutes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Callable, Mapping
from datetime import timedelta

from kit.contracts import Clock, NewId, Transactions
from kit.refusals import NotAllowed, NotFound
from knowledge_base.contracts.imports import (
    WORKED_AT,
    Import,
    ImportOptions,
    ImportState,
    ImportStep,
)
from knowledge_base.editing import WRITERS
from knowledge_base.exchange.tables import ENDINGS, SIZE_LIMIT
from knowledge_base.import_ports import ImportStore
from knowledge_base.import_work import ImportWork
from knowledge_base.refusals import FileTooLarge, ImportDecided, ImportNotReady, UnknownFileKind
from staff.contracts import Person

PIECE = 256 * 1024
"""Bytes of a file that are kept in one transaction."""
SMALL = 512 * 1024
"""Bytes up to which a file is worked at where it came in."""
LEFT_ALONE = timedelta(seconds=10)
"""After which somebody else looks after a small one: whoever took it in has died."""
LOOK_SECONDS = 0.3
NAME_LIMIT = 200


class Imports:
    """Everything about imports but the work itself."""

    def __init__(
        self,
        *,
        store: ImportStore,
        work: ImportWork,
        transactions: Transactions,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._store, self._work, self._transactions = store, work, transactions
        self._clock, self._new_id = clock, new_id
        self._here: set[asyncio.Task[object]] = set()

    async def send(
        self, by: Person, name: str, pieces: AsyncIterable[bytes], *, options: ImportOptions, stores: bool = False
    ) -> Import:
        """Take a file in as it comes and begin to work at it: a dry run, or with `stores` all of it.

        Raises `NotAllowed`, `UnknownFileKind`, `FileTooLarge`.
        """
        _check_may(by)
        if name.rpartition(".")[2].lower() not in ENDINGS:
            raise UnknownFileKind(field="file")
        job = Import(
            id=self._new_id(),
            name=name[-NAME_LIMIT:],
            options=options,
            size=0,
            state=ImportState.SENDING,
            stores=stores,
            step=ImportStep.SENDING,
            done=0,
            total=0,
            report=None,
            refusal=None,
            account_id=by.id,
            person=by.display_name,
            at=self._clock(),
        )
        await self._transactions.write(lambda tx: self._store.add(tx, job))
        try:
            size = await self._keep(job.id, pieces)
            await self._move(job.id, ImportState.SENDING, to=ImportState.WAITING)
        except BaseException:
            await asyncio.shield(self._move(job.id, ImportState.SENDING, to=ImportState.CANCELLED))
            raise
        self._begin(job.id, size)
        return await self.load(by, job.id)

    async def load(self, by: Person, import_id: str) -> Import:
        """How far it is. Raises `NotFound`."""
        _check_may(by)
        job = await self._store.find(import_id)
        if job is None or job.state is ImportState.CANCELLED:
            raise NotFound
        return job

    async def newest(self, by: Person) -> Import | None:
        """This person's newest, so that a page that is opened again shows it."""
        _check_may(by)
        return await self._store.newest(by.id)

    async def choose(self, by: Person, import_id: str, fields: Mapping[int, str]) -> Import:
        """Make the dry run again with other columns. Raises `NotFound`, `ImportNotReady`."""
        job = await self.load(by, import_id)
        options = ImportOptions(encoding=job.options.encoding, language=job.options.language, fields=fields)
        await self._again(job, options=options)
        return await self.load(by, import_id)

    async def start(self, by: Person, import_id: str) -> Import:
        """Store what the dry run found. Raises `NotFound`, `ImportNotReady`."""
        job = await self.load(by, import_id)
        if job.report is None or not job.report.can_be_stored:
            raise ImportNotReady
        await self._again(job, stores=True)
        return await self.load(by, import_id)

    async def cancel(self, by: Person, import_id: str) -> None:
        """Leave nothing of it behind. Raises `NotFound`, `ImportDecided`."""
        await self.load(by, import_id)
        anything = [state for state in ImportState if state is not ImportState.BRINGING]
        at = self._clock()
        if not await self._transactions.write(
            lambda tx: self._store.move(tx, import_id, expected=anything, state=ImportState.CANCELLED, at=at)
        ):
            raise ImportDecided
        task = asyncio.create_task(self.purge(), name="import-purge")
        self._here.add(task)
        task.add_done_callback(self._here.discard)

    async def finish(self, by: Person, import_id: str, told: Callable[[Import], None] = lambda _: None) -> Import:
        """Work at it here, or wait for whoever does, until nothing is going on any more; `told` hears how far it is."""
        working = asyncio.create_task(self._work.work(import_id))
        try:
            while (job := await self.load(by, import_id)).state in WORKED_AT:
                told(job)
                if working.done() and not working.result():
                    working = asyncio.create_task(self._work.work(import_id))
                await asyncio.wait([working], timeout=LOOK_SECONDS)
                if working.done() and not working.result():
                    await asyncio.sleep(LOOK_SECONDS)
            await working
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
        return await self.load(by, import_id)

    async def work_at_waiting(self) -> None:
        """Work at all that wait, one after the other."""
        while waiting := await self.waiting():
            for import_id in waiting:
                await self._work.work(import_id)
        await self.purge()

    async def waiting(self) -> tuple[str, ...]:
        """Ids of those that wait for a process of their own, oldest first."""
        now = self._clock()
        return await self._store.due(now, larger_than=SMALL, older_than=now - LEFT_ALONE)

    async def purge(self) -> None:
        """Remove what nobody needs any more, also of imports that nobody finished."""
        await self._work.purge()

    async def settled(self) -> None:
        """Wait until what is worked at here, and what is being removed, is done; for commands and tests."""
        while self._here:
            await asyncio.wait(self._here)

    def _begin(self, import_id: str, size: int) -> None:
        if size <= SMALL:
            task = asyncio.create_task(self._work.work(import_id), name="import")
            self._here.add(task)
            task.add_done_callback(self._here.discard)

    async def _keep(self, import_id: str, pieces: AsyncIterable[bytes]) -> int:
        """Keep the file piece by piece; its size."""
        held, size, number = bytearray(), 0, 0
        async for piece in pieces:
            held += piece
            size += len(piece)
            if size > SIZE_LIMIT:
                raise FileTooLarge(field="file", limit=SIZE_LIMIT // (1024 * 1024))
            while len(held) >= PIECE:
                number += 1
                await self._keep_piece(import_id, number, bytes(held[:PIECE]), number * PIECE)
                del held[:PIECE]
        await self._keep_piece(import_id, number + 1, bytes(held), size)
        return size

    async def _keep_piece(self, import_id: str, number: int, content: bytes, size: int) -> None:
        at = self._clock()
        if not await self._transactions.write(
            lambda tx: self._store.add_piece(tx, import_id, number=number, content=content, size=size, at=at)
        ):
            raise NotFound  # cancelled from another window

    async def _again(self, job: Import, *, options: ImportOptions | None = None, stores: bool = False) -> None:
        at, checked = self._clock(), (ImportState.CHECKED,)
        if not await self._transactions.write(
            lambda tx: self._store.move(
                tx, job.id, expected=checked, state=ImportState.WAITING, at=at, stores=stores, options=options
            )
        ):
            raise ImportNotReady
        self._begin(job.id, job.size)

    async def _move(self, import_id: str, state: ImportState, *, to: ImportState) -> None:
        at = self._clock()
        await self._transactions.write(lambda tx: self._store.move(tx, import_id, expected=(state,), state=to, at=at))


def _check_may(by: Person) -> None:
    if not by.may(*WRITERS):
        raise NotAllowed
