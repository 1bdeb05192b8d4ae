"""handoff: signs of life of representatives, in SQL and (as speed) in Redis.

SQL alone is enough: it hears of everyone at least every WRITE_EVERY, which is short against the time after which
somebody counts as gone. Redis hears of every beat and sharpens the answer while it is there.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import redis.asyncio
from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from handoff.adapters.tables import agent_presence
from handoff.contracts import Agent
from handoff.duty_ports import Presence
from kit.contracts import Tx
from kit.sql import Database, connection_of

WRITE_EVERY = timedelta(seconds=15)
"""Most time between two SQL notes of an agent who is there."""
FRESH = timedelta(seconds=40)
"""An agent who was last seen longer ago comes back as new."""
KEEP_SECONDS = 120
UNREACHABLE = (RedisError, OSError, TimeoutError)


class SqlPresence:
    """Implements `handoff.duty_ports.Presence`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._written: dict[str, datetime] = {}

    async def beat(self, agent: Agent, *, at: datetime) -> bool:
        written = self._written.get(agent.id)
        if written is not None and timedelta() <= at - written < WRITE_EVERY:
            return False
        before = await self._database.write(lambda tx: self._note(tx, agent, at))
        self._written[agent.id] = at
        return before is None or at - before > FRESH

    async def seen(self) -> tuple[tuple[Agent, datetime], ...]:
        async with self._database.read() as connection:
            rows = await connection.execute(select(agent_presence).order_by(agent_presence.c.name))
            return tuple((Agent(id=row.account_id, name=row.name), row.seen_at) for row in rows)

    async def _note(self, tx: Tx, agent: Agent, at: datetime) -> datetime | None:
        connection = connection_of(tx)
        where = agent_presence.c.account_id == agent.id
        before = (await connection.execute(select(agent_presence.c.seen_at).where(where))).scalar_one_or_none()
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        await connection.execute(
            dialect_insert(agent_presence)
            .values(account_id=agent.id, name=agent.name, seen_at=at)
            .on_conflict_do_update(index_elements=["account_id"], set_={"name": agent.name, "seen_at": at})
        )
        return before


class RedisPresence:
    """Implements `handoff.duty_ports.Presence`: every beat in Redis, and on to SQL as often as that wants."""

    def __init__(self, client: redis.asyncio.Redis, sql: Presence, *, prefix: str = "desk:presence:") -> None:
        self._client, self._sql, self._prefix = client, sql, prefix

    async def beat(self, agent: Agent, *, at: datetime) -> bool:
        arrived = await self._sql.beat(agent, at=at)
        with contextlib.suppress(*UNREACHABLE):  # SQL knows; Redis hears of the next beat
            await self._client.set(self._prefix + agent.id, at.timestamp(), ex=KEEP_SECONDS)
        return arrived

    async def seen(self) -> tuple[tuple[Agent, datetime], ...]:
        known = await self._sql.seen()
        if not known:
            return known
        try:
            raw = await self._client.mget([self._prefix + agent.id for agent, _ in known])
        except UNREACHABLE:
            return known
        return tuple((agent, _later(at, beat)) for (agent, at), beat in zip(known, raw, strict=True))


def _later(at: datetime, beat: bytes | str | None) -> datetime:
    return at if beat is None else max(at, datetime.fromtimestamp(float(beat), UTC))
