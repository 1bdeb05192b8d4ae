"""cases: what the files are kept in, as a Protocol; `cases/adapters` implements it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cases.contracts import Case, CaseChange, CaseFile, CasePage, CaseQuery, NewCase
from kit.contracts import Tx


class CaseStore(Protocol):
    """Complaint files in SQL. History is only ever added to."""

    async def add(
        self, tx: Tx, new: NewCase, *, case_id: str, prefix: str, period: str, first: CaseChange, at: datetime
    ) -> Case:
        """Store a file under the next number of `period`; the one already stored when `new.key` is known.

        Numbers have no gaps and no doubles: a transaction that is undone gives its number back.
        """
        ...

    async def locked(self, tx: Tx, case_id: str) -> CaseFile | None:
        """The file without its history, locked until the transaction ends."""
        ...

    async def change(self, tx: Tx, case: Case, changes: Sequence[CaseChange]) -> None:
        """Store the changed values of `case` and a history line for each change."""
        ...

    async def of_conversation(self, conversation_id: str) -> tuple[Case, ...]: ...

    async def find(self, number: str) -> CaseFile | None: ...

    async def page(self, query: CaseQuery, *, limit: int) -> CasePage: ...
