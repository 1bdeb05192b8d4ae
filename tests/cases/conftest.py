"""tests: complaint files over a real store."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from cases.adapters.case_store import SqlCaseStore
from cases.contracts import Case, Editor, NewCase
from cases.service import Cases
from cases.settings import CaseSettings
from kit.contracts import Language, Tx
from kit.ids import new_id
from kit.sql import Database
from nlu.contracts import Severity
from staff.contracts import AuditRecord
from tests.support.clock import MovableClock

MEI = Editor(id="agent-mei", name="小梅")

COMPLAINT = NewCase(
    key="turn-1",
    conversation_id="talk-1",
    customer_name="周先生",
    language=Language.ZH,
    category="product_quality",
    category_confidence=0.91,
    severity=Severity.SERIOUS,
    severity_confidence=0.77,
    rule="repeated_failure",
    what_happened="才买三天洗衣机就坏了，没解决",
    words=("才买三天", "没解决"),
)


def a_complaint(key: str, **changes: object) -> NewCase:
    """A complaint under its own key."""
    return replace(COMPLAINT, key=key, **changes)  # type: ignore[arg-type]


@dataclass(slots=True)
class Trail:
    """An audit log that keeps what it is told."""

    records: list[AuditRecord] = field(default_factory=list)

    async def audit(self, tx: Tx, record: AuditRecord) -> None:
        self.records.append(record)


@dataclass(slots=True, kw_only=True)
class Files:
    """The room and what is under it."""

    database: Database
    clock: MovableClock
    trail: Trail
    cases: Cases

    async def open(self, new: NewCase = COMPLAINT) -> Case:
        """Open a file now, in a transaction of its own."""
        return await self.database.write(lambda tx: self.cases.open(tx, new, at=self.clock()))


def build_files(database: Database, clock: MovableClock, settings: CaseSettings | None = None) -> Files:
    """The room as `bot/app.py` builds it."""
    trail = Trail()
    cases = Cases(
        transactions=database,
        store=SqlCaseStore(database),
        audit=trail,
        settings=settings or CaseSettings(),
        clock=clock,
        new_id=new_id,
    )
    return Files(database=database, clock=clock, trail=trail, cases=cases)


@pytest.fixture
def files(database: Database, clock: MovableClock) -> Files:
    """Complaint files on an empty store; SQLite and PostgreSQL in turn."""
    return build_files(database, clock)
