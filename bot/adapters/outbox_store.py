"""bot: the outbox in SQL. A row is pending until it is sent or given up; the head of a conversation goes first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select, update

from bot.adapters.rows import entry_of, outbox_row_of, outgoing_of
from bot.adapters.tables import entries, outbox
from bot.contracts import Delivery, FailureKind, Outgoing
from bot.ports.stores import OutboxRow
from kit.contracts import Tx
from kit.sql import Database, connection_of

PENDING = Delivery.PENDING.value


class SqlOutboxStore:
    """Implements `bot.ports.stores.OutboxStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def heads(
        self, now: datetime, *, channels: frozenset[str], limit: int, conversation_id: str | None = None
    ) -> tuple[Outgoing, ...]:
        earlier = outbox.alias()
        query = (
            select(outbox)
            .where(
                outbox.c.state == PENDING,
                outbox.c.next_at <= now,
                outbox.c.channel.in_(sorted(channels)),
                ~exists().where(
                    earlier.c.conversation_id == outbox.c.conversation_id,
                    earlier.c.state == PENDING,
                    earlier.c.seq < outbox.c.seq,
                ),
            )
            .order_by(outbox.c.next_at, outbox.c.id)
            .limit(limit)
        )
        if conversation_id is not None:
            query = query.where(outbox.c.conversation_id == conversation_id)
        async with self._database.read() as connection:
            found = []
            for row in (await connection.execute(query)).all():
                line = select(entries).where(entries.c.conversation_id == row.conversation_id, entries.c.seq == row.seq)
                found.append(outgoing_of(row, entry_of((await connection.execute(line)).one())))
            return tuple(found)

    async def begin(self, tx: Tx, outgoing_id: str, *, attempts: int, until: datetime) -> int | None:
        done = await connection_of(tx).execute(
            update(outbox)
            .where(outbox.c.id == outgoing_id, outbox.c.state == PENDING, outbox.c.attempts == attempts)
            .values(attempts=attempts + 1, failure="", reason="", next_at=until)
            .returning(outbox.c.attempts)
        )
        begun: int | None = done.scalar_one_or_none()
        return begun

    async def sent(self, tx: Tx, outgoing_id: str, *, message_id: str, at: datetime) -> None:
        await connection_of(tx).execute(
            update(outbox)
            .where(outbox.c.id == outgoing_id)
            .values(state=Delivery.SENT.value, message_id=message_id, sent_at=at)
        )

    async def put_off(self, tx: Tx, outgoing_id: str, *, failure: FailureKind, reason: str, next_at: datetime) -> None:
        await connection_of(tx).execute(
            update(outbox)
            .where(outbox.c.id == outgoing_id)
            .values(failure=failure.value, reason=reason, next_at=next_at)
        )

    async def failed(self, tx: Tx, outgoing_id: str, *, failure: FailureKind, reason: str, at: datetime) -> None:
        await connection_of(tx).execute(
            update(outbox)
            .where(outbox.c.id == outgoing_id)
            .values(state=Delivery.FAILED.value, failure=failure.value, reason=reason, next_at=at)
        )

    async def of_conversation(self, conversation_id: str) -> tuple[OutboxRow, ...]:
        query = select(outbox).where(outbox.c.conversation_id == conversation_id).order_by(outbox.c.seq)
        async with self._database.read() as connection:
            return tuple(outbox_row_of(row) for row in await connection.execute(query))

    async def channel_of(self, outgoing_id: str) -> str | None:
        async with self._database.read() as connection:
            query = select(outbox.c.channel).where(outbox.c.id == outgoing_id)
            return (await connection.execute(query)).scalar_one_or_none()

    async def seq_of(self, *, channel: str, address: str, message_id: str) -> int | None:
        query = select(outbox.c.seq).where(
            outbox.c.channel == channel, outbox.c.address == address, outbox.c.message_id == message_id
        )
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalars().first()
