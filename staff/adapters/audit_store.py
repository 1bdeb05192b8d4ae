"""staff: the audit trail in SQL; only ever added to."""

from __future__ import annotations

from sqlalchemy import insert, select

from kit.contracts import Tx
from kit.sql import Database, connection_of
from staff.adapters.tables import audit
from staff.contracts import AuditRecord
from staff.ports import AuditPage


class SqlAuditStore:
    """Fits `staff.ports.AuditStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Tx, record: AuditRecord) -> None:
        """Add one line."""
        values = {
            "at": record.at,
            "account_id": record.account_id,
            "action": record.action,
            "subject": record.subject,
            "before": record.before,
            "after": record.after,
        }
        await connection_of(tx).execute(insert(audit).values(values))

    async def page(self, *, before: str | None, limit: int) -> AuditPage:
        """Lines newest first, those older than the line `before` names."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit + 1)
        if before is not None and before.isdecimal() and before.isascii():
            query = query.where(audit.c.id < min(int(before), 2**31 - 1))
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        records = tuple(
            AuditRecord(
                at=row.at,
                account_id=row.account_id,
                action=row.action,
                subject=row.subject,
                before=row.before,
                after=row.after,
            )
            for row in rows[:limit]
        )
        return AuditPage(records=records, before=str(rows[limit - 1].id) if len(rows) > limit else None)
