"""handoff: handovers in SQL.

Each step from one state to the next is a single conditional UPDATE: the race is settled by the row, and whoever
changed nothing was too late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select, true, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from handoff.adapters.queue_sql import hold_version, move_version, queue_order, read_version
from handoff.adapters.rows import handoff_of, packet_to_json, placing_values
from handoff.adapters.sight_sql import invited, seen_by
from handoff.adapters.tables import OPEN, handoffs
from handoff.contracts import (
    EVERYTHING,
    Agent,
    ContextPacket,
    Handoff,
    HandoffRequest,
    HandoffState,
    Outcome,
    Placing,
    Sight,
    Urgency,
)
from kit.contracts import Tx
from kit.sql import Database, connection_of

WAITING, ACTIVE = HandoffState.WAITING.value, HandoffState.ACTIVE.value


class SqlHandoffStore:
    """Implements `handoff.store_ports.HandoffStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, tx: Tx, request: HandoffRequest, *, placing: Placing, handoff_id: str, at: datetime
    ) -> Handoff | None:
        connection = connection_of(tx)
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        added = await connection.execute(
            dialect_insert(handoffs)
            .values(
                id=handoff_id,
                conversation_id=request.conversation_id,
                customer_name=request.customer_name,
                channel=request.channel,
                reason=request.reason.value,
                urgency=int(request.urgency),
                language=request.language.value,
                state=WAITING,
                packet=packet_to_json(request.packet),
                asked_at=at,
                returned_to_queue=0,
                epoch=0,
                **placing_values(placing),
            )
            .on_conflict_do_nothing(index_elements=["conversation_id"], index_where=OPEN)
            .returning(handoffs)
        )
        return await _moved(tx, added.one_or_none())

    async def set_epoch(self, tx: Tx, handoff_id: str, epoch: int) -> None:
        await connection_of(tx).execute(update(handoffs).where(handoffs.c.id == handoff_id).values(epoch=epoch))

    async def refresh(
        self, tx: Tx, handoff_id: str, *, urgency: Urgency, packet: ContextPacket, placing: Placing
    ) -> None:
        higher = case((handoffs.c.urgency < int(urgency), literal(int(urgency))), else_=handoffs.c.urgency)
        await connection_of(tx).execute(
            update(handoffs)
            .where(handoffs.c.id == handoff_id)
            .values(urgency=higher, packet=packet_to_json(packet), **placing_values(placing))
        )
        await move_version(tx)

    async def renew_packet(self, tx: Tx, handoff_id: str, packet: ContextPacket) -> None:
        values = {"packet": packet_to_json(packet)}
        await connection_of(tx).execute(update(handoffs).where(handoffs.c.id == handoff_id).values(**values))

    async def claim(self, tx: Tx, handoff_id: str, agent: Agent, *, epoch: int, at: datetime) -> Handoff | None:
        values = {"state": ACTIVE, "agent_id": agent.id, "agent_name": agent.name, "claimed_at": at, "epoch": epoch}
        return await self._step(tx, (handoffs.c.id == handoff_id) & (handoffs.c.state == WAITING), values)

    async def finish(
        self,
        tx: Tx,
        handoff: Handoff,
        *,
        state: HandoffState,
        epoch: int,
        at: datetime,
        outcome: Outcome | None = None,
        category: str | None = None,
    ) -> Handoff | None:
        values = {
            "state": state.value,
            "outcome": outcome.value if outcome else None,
            "category": category,
            "ended_at": at,
            "epoch": epoch,
        }
        return await self._step(tx, _unchanged(handoff), values)

    async def pass_on(self, tx: Tx, handoff: Handoff, agent: Agent, *, epoch: int) -> Handoff | None:
        values = {"agent_id": agent.id, "agent_name": agent.name, "epoch": epoch}
        return await self._step(tx, _unchanged(handoff) & (handoffs.c.state == ACTIVE), values)

    async def put_back(
        self, tx: Tx, handoff: Handoff, *, epoch: int, at: datetime, placing: Placing | None = None
    ) -> Handoff | None:
        values = {
            "state": WAITING,
            "agent_id": None,
            "agent_name": None,
            "claimed_at": None,
            "returned_to_queue": handoffs.c.returned_to_queue + 1,
            "epoch": epoch,
            **(placing_values(placing) if placing is not None else {}),
        }
        return await self._step(tx, _unchanged(handoff) & (handoffs.c.state == ACTIVE), values)

    async def leave(
        self, tx: Tx, conversation_id: str, *, at: datetime, state: HandoffState = HandoffState.LEFT
    ) -> Handoff | None:
        where = (handoffs.c.conversation_id == conversation_id) & (handoffs.c.state == WAITING)
        return await self._step(tx, where, {"state": state.value, "ended_at": at})

    async def find_open(self, tx: Tx, conversation_id: str) -> Handoff | None:
        query = select(handoffs).where(handoffs.c.conversation_id == conversation_id, OPEN)
        row = (await connection_of(tx).execute(query)).one_or_none()
        return None if row is None else handoff_of(row)

    async def find(self, handoff_id: str) -> Handoff | None:
        return await self._first(select(handoffs).where(handoffs.c.id == handoff_id))

    async def by_ids(self, handoff_ids: Sequence[str]) -> tuple[Handoff, ...]:
        if not handoff_ids:
            return ()
        return await self._all(select(handoffs).where(handoffs.c.id.in_(handoff_ids)))

    async def latest(self, conversation_id: str, *, sight: Sight = EVERYTHING) -> Handoff | None:
        newest = (
            select(handoffs.c.id)
            .where(handoffs.c.conversation_id == conversation_id)
            .order_by(case((OPEN, 0), else_=1), handoffs.c.ended_at.desc(), handoffs.c.id.desc())
            .limit(1)
        )
        # The newest one decides: who saw an earlier one does not see what another department does with it now.
        return await self._first(select(handoffs).where(handoffs.c.id == newest.scalar_subquery(), seen_by(sight)))

    async def covered(self, conversation_ids: Sequence[str], *, sight: Sight) -> frozenset[str]:
        later = handoffs.alias()
        newest = (
            select(later.c.id)
            .where(later.c.conversation_id == handoffs.c.conversation_id)
            .order_by(later.c.ended_at.is_not(None), later.c.ended_at.desc(), later.c.id.desc())
            .limit(1)
            .correlate(handoffs)
        )
        here = handoffs.c.conversation_id.in_(conversation_ids)
        query = select(handoffs.c.conversation_id).where(
            here, handoffs.c.id == newest.scalar_subquery(), seen_by(sight)
        )
        async with self._database.read() as connection:
            return frozenset((await connection.execute(query)).scalars())

    async def ended(self, conversation_id: str) -> tuple[Handoff, ...]:
        return await self._all(
            select(handoffs)
            .where(handoffs.c.conversation_id == conversation_id, handoffs.c.ended_at.is_not(None))
            .order_by(handoffs.c.ended_at.desc(), handoffs.c.id.desc())
        )

    async def waiting(self, *, limit: int, sight: Sight = EVERYTHING) -> tuple[Handoff, ...]:
        return await self._all(_waiting(select(handoffs), sight).limit(limit))

    async def waiting_ids(self, *, limit: int, sight: Sight = EVERYTHING) -> tuple[str, ...]:
        return await self._ids(_waiting(select(handoffs.c.conversation_id), sight).limit(limit))

    async def active(
        self, *, agent_id: str | None = None, limit: int | None = None, sight: Sight = EVERYTHING
    ) -> tuple[Handoff, ...]:
        return await self._all(_active(select(handoffs), agent_id, sight).limit(limit))

    async def active_ids(
        self, *, agent_id: str | None = None, limit: int, sight: Sight = EVERYTHING
    ) -> tuple[str, ...]:
        mine = (handoffs.c.agent_id == agent_id) | invited(agent_id) if agent_id is not None else true()
        query = _active(select(handoffs.c.conversation_id), None, sight).where(mine)
        return await self._ids(query.limit(limit))

    async def open_states(self, conversation_ids: Sequence[str]) -> Mapping[str, Handoff]:
        query = select(handoffs).where(handoffs.c.conversation_id.in_(conversation_ids), OPEN)
        return {found.conversation_id: found for found in await self._all(query)}

    async def open_ids(self) -> frozenset[str]:
        return frozenset(await self._ids(select(handoffs.c.conversation_id).where(OPEN)))

    async def counts(self, agent_id: str, *, sight: Sight = EVERYTHING) -> tuple[int, int, int]:
        def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
            return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

        query = select(
            number((handoffs.c.state == ACTIVE) & ((handoffs.c.agent_id == agent_id) | invited(agent_id))),
            number(handoffs.c.state == WAITING),
            func.count(),
        ).where(OPEN, seen_by(sight))
        async with self._database.read() as connection:
            mine, waiting, every = (await connection.execute(query)).one()
            return int(mine), int(waiting), int(every)

    async def loads(self) -> Mapping[str, Mapping[str, int]]:
        query = (
            select(handoffs.c.agent_id, handoffs.c.channel, func.count())
            .where(handoffs.c.state == ACTIVE, handoffs.c.agent_id.is_not(None))
            .group_by(handoffs.c.agent_id, handoffs.c.channel)
        )
        held: dict[str, dict[str, int]] = {}
        async with self._database.read() as connection:
            for agent_id, channel, number in await connection.execute(query):
                held.setdefault(str(agent_id), {})[str(channel)] = int(number)
        return held

    async def last_claims(self, *, since: datetime) -> Mapping[str, datetime]:
        query = (
            select(handoffs.c.agent_id, func.max(handoffs.c.claimed_at).label("last"))
            .where(handoffs.c.agent_id.is_not(None), handoffs.c.claimed_at >= since)
            .group_by(handoffs.c.agent_id)
        )
        async with self._database.read() as connection:
            return {row.agent_id: row.last for row in await connection.execute(query)}

    async def last_agents(self, conversation_ids: Sequence[str]) -> Mapping[str, str]:
        query = (
            select(handoffs.c.conversation_id, handoffs.c.agent_id)
            .where(
                handoffs.c.conversation_id.in_(conversation_ids),
                handoffs.c.state.in_([HandoffState.RESOLVED.value, HandoffState.RETURNED.value]),
                handoffs.c.agent_id.is_not(None),
            )
            .order_by(handoffs.c.ended_at, handoffs.c.id)
        )
        async with self._database.read() as connection:
            # The later row wins.
            return {row.conversation_id: row.agent_id for row in await connection.execute(query)}

    async def hold_version(self, tx: Tx, version: int) -> bool:
        return await hold_version(tx, version)

    async def version(self) -> int:
        async with self._database.read() as connection:
            return await read_version(connection)

    async def _step(self, tx: Tx, where: ColumnElement[bool], values: Mapping[str, Any]) -> Handoff | None:
        done = await connection_of(tx).execute(update(handoffs).where(where).values(**values).returning(handoffs))
        return await _moved(tx, done.one_or_none())

    async def _first(self, query: Select[Any]) -> Handoff | None:
        found = await self._all(query)
        return found[0] if found else None

    async def _ids(self, query: Select[Any]) -> tuple[str, ...]:
        async with self._database.read() as connection:
            return tuple((await connection.execute(query)).scalars())

    async def _all(self, query: Select[Any]) -> tuple[Handoff, ...]:
        async with self._database.read() as connection:
            return tuple(handoff_of(row) for row in await connection.execute(query))


def _waiting(query: Select[Any], sight: Sight) -> Select[Any]:
    return query.where(handoffs.c.state == WAITING, seen_by(sight)).order_by(*queue_order())


def _active(query: Select[Any], agent_id: str | None, sight: Sight) -> Select[Any]:
    held = query.where(handoffs.c.state == ACTIVE, seen_by(sight))
    if agent_id is not None:
        held = held.where(handoffs.c.agent_id == agent_id)
    return held.order_by(handoffs.c.urgency.desc(), handoffs.c.asked_at, handoffs.c.conversation_id)


def _unchanged(handoff: Handoff) -> ColumnElement[bool]:
    return (
        (handoffs.c.id == handoff.id)
        & (handoffs.c.state == handoff.state.value)
        & (handoffs.c.agent_id == handoff.agent_id)
        & (handoffs.c.epoch == handoff.epoch)
    )


async def _moved(tx: Tx, row: Any) -> Handoff | None:
    if row is None:
        return None
    await move_version(tx)
    return handoff_of(row)
