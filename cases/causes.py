"""cases: root causes and suggestions: named on files, counted per product, and what is done about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cases.contracts import CaseFile, Editor
from cases.contracts.reports import Cause, CauseChange, CauseCount, CauseKind, CauseQuery, CauseState
from cases.draft import Draft
from cases.keeper import Keeper, words_of
from cases.refusals import CommentTooLong
from cases.service import Cases
from kit.contracts import Clock, NewId, Transactions, Tx
from kit.refusals import NotFound
from staff.contracts import AuditRecord
from staff.contracts.sight import EVERYTHING, Sight
from staff.ports import AuditLog

PRODUCT, WHAT = 80, 200
"""Longest names, in characters."""


class CauseStore(Protocol):
    """Causes, their history and the files they were found in."""

    async def named(self, tx: Tx, cause: Cause, first: CauseChange) -> Cause:
        """The cause of this kind, product and words; stored when it is new."""
        ...

    async def link(self, tx: Tx, case_id: str, cause_id: str, *, by_name: str, at: datetime) -> bool:
        """The cause was found in this file; False when that is known."""
        ...

    async def unlink(self, tx: Tx, case_id: str, cause_id: str, *, at: datetime) -> bool: ...

    async def locked(self, tx: Tx, cause_id: str) -> Cause | None: ...

    async def change(self, tx: Tx, cause_id: str, change: CauseChange) -> None:
        """Add a line to the cause's history; its newest line is what it is now."""
        ...

    async def find(
        self, cause_id: str, *, sight: Sight = EVERYTHING
    ) -> tuple[CauseCount, tuple[CauseChange, ...]] | None: ...

    async def of_case(self, case_id: str) -> tuple[Cause, ...]: ...

    async def counts(self, query: CauseQuery, *, limit: int, sight: Sight = EVERYTHING) -> tuple[CauseCount, ...]:
        """The most frequent first; only files that `sight` covers are named as examples."""
        ...

    async def products(self, *, limit: int) -> Sequence[str]: ...


class Causes:
    """What was learned from complaints."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: CauseStore,
        cases: Cases,
        keeper: Keeper,
        audit: AuditLog,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._cases = transactions, store, cases
        self._keeper, self._audit, self._clock, self._new_id = keeper, audit, clock, new_id
        self._limit = keeper.rules.settings.list_limit

    async def name(self, number: str, *, kind: CauseKind, product: str, what: str, by: Editor) -> CaseFile:
        """Say what was behind a file; said twice it stands there once.

        Raises NotFound, WordsMissing, CommentTooLong.
        """
        product, what = self.checked(product, what)
        file, at = await self._cases.load(number, sight=by.sight), self._clock()
        fresh = Cause(
            id=self._new_id(),
            kind=kind,
            product=product,
            what=what,
            department="",
            state=CauseState.OPEN,
            done="",
            created_at=at,
            updated_at=at,
            version=1,
        )
        first = CauseChange(at=at, by=by.id, by_name=by.name, state=CauseState.OPEN, department="", done="")

        async def work(tx: Tx) -> None:
            cause = await self._store.named(tx, fresh, first)
            if await self._store.link(tx, file.case.id, cause.id, by_name=by.name, at=at):
                await self._keeper.change(
                    tx, file.case.id, lambda draft: _note(draft, cause, "root_cause"), by=by, at=at, audited=True
                )

        await self._transactions.write(work)
        return await self._cases.load(number)

    async def take_back(self, number: str, cause_id: str, *, by: Editor) -> CaseFile:
        """It was a mistake. Raises NotFound."""
        file, at = await self._cases.load(number, sight=by.sight), self._clock()

        async def work(tx: Tx) -> None:
            cause = await self._store.locked(tx, cause_id)
            if cause is None:
                raise NotFound
            if await self._store.unlink(tx, file.case.id, cause.id, at=at):
                await self._keeper.change(
                    tx, file.case.id, lambda draft: _note(draft, cause, "root_cause_off"), by=by, at=at, audited=True
                )

        await self._transactions.write(work)
        return await self._cases.load(number)

    async def decide(self, cause_id: str, *, state: CauseState, department: str, done: str, by: Editor) -> None:
        """What is done about a cause, and who does it. Raises NotFound, UnknownDepartment, WordsMissing."""
        if department:
            self._keeper.check_department(department, field="department")
        said = words_of(done, field="done", required=state in {CauseState.DONE, CauseState.REJECTED})
        at = self._clock()

        async def work(tx: Tx) -> None:
            before = await self._store.locked(tx, cause_id)
            if before is None:
                raise NotFound
            if (before.state, before.department, before.done) == (state, department, said):
                return
            change = CauseChange(at=at, by=by.id, by_name=by.name, state=state, department=department, done=said)
            await self._store.change(tx, cause_id, change)
            record = AuditRecord(
                at=at,
                account_id=by.id,
                action="cases.cause",
                subject=f"cause:{cause_id}",
                before=f"{before.state} {before.department} {before.done}".strip(),
                after=f"{state} {department} {said}".strip(),
            )
            await self._audit.audit(tx, record)

        await self._transactions.write(work)

    async def load(self, cause_id: str, *, sight: Sight = EVERYTHING) -> tuple[CauseCount, tuple[CauseChange, ...]]:
        """A cause with the files `sight` covers and its history. Raises NotFound."""
        found = await self._store.find(cause_id, sight=sight)
        if found is None:
            raise NotFound
        return found

    async def of_case(self, case_id: str) -> tuple[Cause, ...]:
        """What was named on a file."""
        return await self._store.of_case(case_id)

    async def counts(self, query: CauseQuery | None = None, *, sight: Sight = EVERYTHING) -> tuple[CauseCount, ...]:
        """What comes up most, with the newest examples."""
        return await self._store.counts(query or CauseQuery(), limit=self._limit, sight=sight)

    async def products(self) -> Sequence[str]:
        """Products something was named for."""
        return await self._store.products(limit=self._limit)

    def checked(self, product: str, what: str) -> tuple[str, str]:
        """Product and words as they are stored. Raises WordsMissing, CommentTooLong."""
        product, what = (" ".join(text.split()) for text in (product, words_of(what, field="cause", required=True)))
        for field, text, limit in (("product", product, PRODUCT), ("cause", what, WHAT)):
            if len(text) > limit:
                raise CommentTooLong(field=field, limit=limit, length=len(text))
        return product, what


def _note(draft: Draft, cause: Cause, what: str) -> None:
    draft.note(what, " · ".join(filter(None, (cause.product, cause.what))))
