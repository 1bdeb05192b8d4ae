"""cases: what the files are kept in and whom the room speaks to, as Protocols."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cases.contracts import (
    Alert,
    Case,
    CaseChange,
    CaseFile,
    CasePage,
    CaseQuery,
    Changed,
    Editor,
    Letter,
    Level,
    Task,
    Watched,
)
from cases.contracts.surveys import Asked, Offered, Why
from cases.opening import Start
from kit.contracts import Tx


class CaseStore(Protocol):
    """Files in SQL. History is only ever added to."""

    async def add(self, tx: Tx, start: Start, *, key: str, prefix: str, period: str, first: CaseChange) -> Case:
        """Store a file under the next number of `period`; the one already stored when `key` is known.

        Numbers have no gaps and no doubles: a transaction that is undone gives its number back.
        """
        ...

    async def locked(self, tx: Tx, case_id: str) -> CaseFile | None:
        """The file without its history, locked until the transaction ends."""
        ...

    async def save(self, tx: Tx, changed: Changed) -> None:
        """Store what became of a file: values, history lines, clocks, tasks, alerts."""
        ...

    async def lines_after(self, tx: Tx, case_id: str, seq: int) -> tuple[CaseChange, ...]: ...

    async def of_conversation(self, conversation_id: str) -> tuple[Case, ...]: ...

    async def newest_open(self, tx: Tx, conversation_id: str) -> Case | None:
        """The newest file of a conversation that has not ended."""
        ...

    async def find(self, number: str) -> CaseFile | None: ...

    async def page(self, query: CaseQuery, *, limit: int) -> CasePage: ...


class PromiseStore(Protocol):
    """What is owed, over all files."""

    async def due(self, now: datetime, *, limit: int) -> tuple[tuple[str, str], ...]:
        """Case id and clock id of what somebody has to look at now, the oldest first."""
        ...

    async def at_risk(self, now: datetime, *, department: str | None, limit: int) -> tuple[Watched, ...]:
        """Promises of open files that are late or nearly so, the most urgent first."""
        ...

    async def tasks(self, *, department: str | None, limit: int) -> tuple[tuple[Case, Task], ...]:
        """Tasks nobody has finished, the most urgent first."""
        ...

    async def unseen(self, *, up_to: Level, limit: int) -> tuple[tuple[Case, Alert], ...]:
        """What somebody above the desk has not seen yet, the newest first."""
        ...

    async def see(self, tx: Tx, alert_ids: Sequence[str], *, by_name: str, at: datetime) -> int:
        """Somebody has seen these; returns how many were new to the house."""
        ...


class Customers(Protocol):
    """How the customer of a file is told something. `bot` sends it into their conversation."""

    async def tell(self, tx: Tx, conversation_id: str, letter: Letter, *, at: datetime) -> int | None:
        """Write to the customer with the transaction; a key that was written before changes nothing.

        Returns where it stands in the conversation; None where there is none any more.
        """
        ...

    async def ask(self, tx: Tx, conversation_id: str, asked: Asked, *, at: datetime) -> int | None:
        """Write a survey's question with its buttons; otherwise as `tell`."""
        ...

    async def wake(self, conversation_id: str, *, seq: int) -> None:
        """After the commit: lines up to `seq` are there to be read."""
        ...


class Surveys(Protocol):
    """Offers the customer a satisfaction survey. `cases.surveys.offering.Offering` fits."""

    async def offer(
        self,
        tx: Tx,
        *,
        case_id: str | None,
        conversation_id: str | None,
        why: Why,
        at: datetime,
        about: Editor | None = None,
        key: str | None = None,
    ) -> Offered | None:
        """Offer the survey for `why`, once per `key` (without one: once per file and reopening, or conversation).

        None where none is asked: no questionnaire fits, the customer was not drawn, or was asked not long ago.
        `about` is whose work is judged; without one, the person responsible for the file. Whoever calls wakes the
        conversation after the commit (`Customers.wake` with `Offered.seq`).
        """
        ...


class Reachable(Protocol):
    """Conversations in which customers can be asked something. `bot` knows them."""

    async def lately(self, since: datetime, *, after: str, limit: int) -> tuple[str, ...]:
        """Ids of those in which something was said since then, in the order of their ids, from behind `after` on."""
        ...
