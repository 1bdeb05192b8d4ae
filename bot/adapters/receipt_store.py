"""bot: what became of replies, in SQL: how far the customer's window is, and what the outbox says.

Implements `bot.ports.stores.ReceiptStore` and `handoff.ports.DeliveryStates`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.adapters.tables import conversations, entries, outbox, receipts
from bot.contracts import Delivery, EntryKind
from handoff.contracts import Deliveries
from kit.contracts import Tx
from kit.sql import Database, connection_of

_ITS_LINE = and_(entries.c.conversation_id == outbox.c.conversation_id, entries.c.seq == outbox.c.seq)


class SqlReceiptStore:
    """`pushing` names the channels whose replies are sent out."""

    def __init__(self, database: Database, *, pushing: Collection[str]) -> None:
        self._database, self._pushing = database, frozenset(pushing)

    async def note(self, tx: Tx, conversation_id: str, *, delivered: int, read: int) -> bool:
        connection = connection_of(tx)
        new = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        row = new(receipts).values(conversation_id=conversation_id, delivered_seq=delivered, read_seq=read)
        old, told = receipts.c, row.excluded
        done = await connection.execute(
            row.on_conflict_do_update(
                index_elements=["conversation_id"],
                set_={
                    "delivered_seq": case(
                        (old.delivered_seq < told.delivered_seq, told.delivered_seq), else_=old.delivered_seq
                    ),
                    "read_seq": case((old.read_seq < told.read_seq, told.read_seq), else_=old.read_seq),
                },
                where=or_(old.delivered_seq < told.delivered_seq, old.read_seq < told.read_seq),
            )
        )
        return bool(done.rowcount)

    async def of(self, conversation_id: str) -> Deliveries:
        unsent = (
            select(outbox.c.seq, outbox.c.state)
            .join(entries, _ITS_LINE)
            .where(
                outbox.c.conversation_id == conversation_id,
                outbox.c.state != Delivery.SENT.value,
                entries.c.kind == EntryKind.AGENT.value,
            )
            .order_by(outbox.c.seq)
        )
        async with self._database.read() as connection:
            channel = select(conversations.c.channel).where(conversations.c.id == conversation_id)
            pushed = (await connection.execute(channel)).scalar_one_or_none() in self._pushing
            rows = (await connection.execute(unsent)).all()
            seen = select(receipts).where(receipts.c.conversation_id == conversation_id)
            known = (await connection.execute(seen)).one_or_none()
        return Deliveries(
            pushed=pushed,
            waiting=tuple(row.seq for row in rows if row.state == Delivery.PENDING.value),
            failed=tuple(row.seq for row in rows if row.state == Delivery.FAILED.value),
            delivered=known.delivered_seq if known else 0,
            read=known.read_seq if known else 0,
        )

    async def send_again(self, tx: Tx, conversation_id: str, seq: int, *, at: datetime) -> bool:
        done = await connection_of(tx).execute(
            update(outbox)
            .where(
                outbox.c.conversation_id == conversation_id,
                outbox.c.seq == seq,
                outbox.c.state == Delivery.FAILED.value,
            )
            .values(state=Delivery.PENDING.value, next_at=at)
        )
        return bool(done.rowcount)
