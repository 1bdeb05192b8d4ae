"""handoff: offers in SQL. One open offer a handover: the row of the handover is locked while one is made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import case, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from handoff.adapters.queue_sql import move_version
from handoff.adapters.rows import offer_of, why_to_json
from handoff.adapters.tables import STILL_OPEN, handoffs, offers
from handoff.contracts import Agent, HandoffState, Offer, OfferEnd
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlOfferStore:
    """Implements `handoff.store_ports.OfferStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Tx, offer: Offer) -> bool:
        connection = connection_of(tx)
        # Locked: a claim at the same moment either sees this offer and ends it, or has won already.
        waiting = select(handoffs.c.id).where(
            handoffs.c.id == offer.handoff_id, handoffs.c.state == HandoffState.WAITING.value
        )
        if (await connection.execute(waiting.with_for_update())).one_or_none() is None:
            return False
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        added = await connection.execute(
            dialect_insert(offers)
            .values(
                id=offer.id,
                handoff_id=offer.handoff_id,
                agent_id=offer.agent.id,
                agent_name=offer.agent.name,
                offered_at=offer.offered_at,
                ends_at=offer.ends_at,
                why=why_to_json(offer.why),
            )
            .on_conflict_do_nothing(index_elements=["handoff_id"], index_where=STILL_OPEN)
            .returning(offers.c.id)
        )
        return added.one_or_none() is not None

    async def end(
        self, tx: Tx, handoff_id: str, end: OfferEnd, *, at: datetime, offer_id: str | None = None
    ) -> Offer | None:
        where = (offers.c.handoff_id == handoff_id) & offers.c.ended_at.is_(None)
        if offer_id is not None:
            where &= offers.c.id == offer_id
        done = await connection_of(tx).execute(
            update(offers).where(where).values(ended_at=at, end=end.value).returning(offers)
        )
        row = done.one_or_none()
        if row is None:
            return None
        await move_version(tx)
        return offer_of(row)

    async def taken(self, tx: Tx, handoff_id: str, *, by: Agent, at: datetime) -> None:
        how = case((offers.c.agent_id == by.id, OfferEnd.ACCEPTED.value), else_=OfferEnd.WITHDRAWN.value)
        where = (offers.c.handoff_id == handoff_id) & offers.c.ended_at.is_(None)
        await connection_of(tx).execute(update(offers).where(where).values(ended_at=at, end=how))

    async def open(self) -> tuple[Offer, ...]:
        query = select(offers).where(STILL_OPEN).order_by(offers.c.offered_at, offers.c.id)
        async with self._database.read() as connection:
            return tuple(offer_of(row) for row in await connection.execute(query))

    async def lapsed_in_a_row(self, agent_id: str, *, limit: int) -> int:
        answered = [OfferEnd.ACCEPTED.value, OfferEnd.DECLINED.value, OfferEnd.LAPSED.value]
        query = (
            select(offers.c.end)
            .where(offers.c.agent_id == agent_id, offers.c.end.in_(answered))
            .order_by(offers.c.ended_at.desc(), offers.c.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            ends = [OfferEnd(end) for end in (await connection.execute(query)).scalars()]
        return next((at for at, end in enumerate(ends) if end is not OfferEnd.LAPSED), len(ends))

    async def passed(self, *, since: datetime) -> Mapping[str, frozenset[str]]:
        query = select(offers.c.handoff_id, offers.c.agent_id).where(
            offers.c.ended_at >= since, offers.c.end.in_([OfferEnd.DECLINED.value, OfferEnd.LAPSED.value])
        )
        found: dict[str, frozenset[str]] = {}
        async with self._database.read() as connection:
            for handoff_id, agent_id in await connection.execute(query):
                found[handoff_id] = found.get(handoff_id, frozenset()) | {agent_id}
        return found
