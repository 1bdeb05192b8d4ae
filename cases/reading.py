"""cases: who looked at what of a customer's, in the audit trail."""

from __future__ import annotations

from cases.contracts import Editor
from kit.contracts import Clock, Transactions
from staff.contracts import AuditRecord
from staff.ports import AuditLog


class Reading:
    """Notes what colleagues open: files, evidence, follow-ups, what customers wrote in surveys, reports."""

    def __init__(self, *, transactions: Transactions, audit: AuditLog, clock: Clock) -> None:
        self._transactions, self._audit, self._clock = transactions, audit, clock

    async def note(self, what: str, subject: str, *, by: Editor, detail: str = "") -> None:
        """`by` has opened `subject` (`case:TS2611-000001`); `what` is the action's verb."""
        record = AuditRecord(at=self._clock(), account_id=by.id, action=f"cases.{what}", subject=subject, after=detail)
        await self._transactions.write(lambda tx: self._audit.audit(tx, record))
