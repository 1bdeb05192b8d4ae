"""handoff: signed identities in SQL: one row a conversation, found by the shop's own name of the customer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from handoff.adapters.tables import customer_identities
from kit.contracts import Tx
from kit.sql import connection_of


class SqlIdentityStore:
    """Implements `handoff.customer_ports.IdentityStore`."""

    async def bind(self, tx: Tx, conversation_id: str, subject: str, *, at: datetime) -> str | None:
        connection, table = connection_of(tx), customer_identities
        insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        values = {"conversation_id": conversation_id, "subject": subject, "at": at}
        await connection.execute(insert(table).values(**values).on_conflict_do_nothing())
        here = select(table.c.subject).where(table.c.conversation_id == conversation_id)
        if (await connection.execute(here)).scalar_one() != subject:
            return None
        of_subject = select(table.c.conversation_id).where(table.c.subject == subject)
        oldest = of_subject.order_by(table.c.at, table.c.conversation_id).limit(1)
        first: str = (await connection.execute(oldest)).scalar_one()
        return first
