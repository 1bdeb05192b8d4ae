"""handoff: how good the context of handovers was, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from handoff.adapters.tables import packet_ratings, repeats
from handoff.contracts import Agent, PacketQuality
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlPacketStore:
    """Implements `handoff.floor_ports.PacketStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rate(self, tx: Tx, handoff_id: str, by: Agent, *, useful: bool, at: datetime) -> None:
        connection = connection_of(tx)
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        said = {"agent_id": by.id, "useful": useful, "at": at}
        await connection.execute(
            dialect_insert(packet_ratings)
            .values(handoff_id=handoff_id, **said)
            .on_conflict_do_update(index_elements=["handoff_id"], set_=said)
        )

    async def note_repeats(self, tx: Tx, handoff_id: str, by: Agent, fields: Sequence[str], *, at: datetime) -> None:
        connection = connection_of(tx)
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        for field in fields:
            await connection.execute(
                dialect_insert(repeats)
                .values(handoff_id=handoff_id, field=field, agent_id=by.id, at=at)
                .on_conflict_do_nothing()
            )

    async def quality(self, handoff_id: str) -> PacketQuality:
        rated = select(packet_ratings.c.useful).where(packet_ratings.c.handoff_id == handoff_id)
        asked = select(repeats.c.field).where(repeats.c.handoff_id == handoff_id).order_by(repeats.c.at)
        async with self._database.read() as connection:
            return PacketQuality(
                useful=(await connection.execute(rated)).scalar_one_or_none(),
                asked_again=tuple((await connection.execute(asked)).scalars()),
            )
