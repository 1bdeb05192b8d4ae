"""knowledge_base: what imports need from outside, as Protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from kit.contracts import JsonValue, Tx
from knowledge_base.contracts.imports import Import, ImportOptions, ImportReport, ImportState, ImportStep, StagedRow


class ImportStore(Protocol):
    """Imports, their files and the rows that are to be stored."""

    async def add(self, tx: Tx, new: Import) -> None: ...

    async def add_piece(self, tx: Tx, import_id: str, *, number: int, content: bytes, size: int, at: datetime) -> bool:
        """Keep the next piece of the file; False once it is cancelled."""
        ...

    async def find(self, import_id: str) -> Import | None: ...

    async def newest(self, account_id: str) -> Import | None:
        """The newest of this person's that was not cancelled."""
        ...

    async def content(self, import_id: str) -> bytes: ...

    async def move(
        self,
        tx: Tx,
        import_id: str,
        *,
        expected: Sequence[ImportState],
        state: ImportState,
        at: datetime,
        stores: bool | None = None,
        options: ImportOptions | None = None,
        report: ImportReport | None = None,
        refusal: Mapping[str, JsonValue] | None = None,
    ) -> bool:
        """Bring it into another state; what is None stays. False where it is in none of the `expected` ones."""
        ...

    async def claim(self, tx: Tx, import_id: str, *, worker: str, now: datetime, until: datetime) -> Import | None:
        """Take it to work at; None where somebody else does, or nothing is to be done."""
        ...

    async def tell(
        self, tx: Tx, import_id: str, *, worker: str, step: ImportStep, done: int, total: int, until: datetime
    ) -> bool:
        """Say how far it is; False where it was cancelled, or taken for dead and given to another worker."""
        ...

    async def release(self, tx: Tx, import_id: str, *, worker: str) -> None:
        """Let another worker take it at once."""
        ...

    async def due(self, now: datetime, *, larger_than: int, older_than: datetime) -> tuple[str, ...]:
        """Ids of those that wait for a worker, oldest first; small ones only where they have waited for a while."""
        ...

    async def stage(self, tx: Tx, import_id: str, rows: Sequence[StagedRow]) -> None: ...

    async def last_staged(self, tx: Tx, import_id: str) -> int:
        """The number of the last row that was put beside the base; 0 where there is none. They count from 1."""
        ...

    async def decide(
        self, tx: Tx, import_id: str, *, worker: str, report: ImportReport, at: datetime
    ) -> StagedRow | None:
        """The point of no return: from now on nobody else changes these articles. The first row that stands in the way.

        A row stands in the way where its article, or its key, is no longer as the plan found it. Raises
        `ImportStopped`.
        """
        ...

    async def staged(self, tx: Tx, import_id: str, *, limit: int) -> tuple[StagedRow, ...]: ...

    async def unstage(self, tx: Tx, import_id: str, *, up_to: int) -> None:
        """Forget the rows up to this number."""
        ...

    async def purge(self, tx: Tx, *, before: datetime, limit: int) -> bool:
        """Remove pieces and rows that nobody needs, at most `limit`, and imports last changed `before`.

        True where there is more.
        """
        ...
