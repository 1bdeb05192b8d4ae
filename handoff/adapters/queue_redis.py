"""handoff: a mirror of the queue in a Redis sorted set, so that every waiting customer can be told a place cheaply.

The key carries the queue's mark from SQL. Whoever reads asks SQL for the mark (one row) and uses the set of exactly
that mark; a missing set is rebuilt from SQL. So a mirror is right or absent, never stale, and losing Redis costs a
rebuild; one Redis may outlive the database, or serve two. While Redis cannot be reached the answer comes from SQL.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Protocol, cast

import redis.asyncio
from redis.exceptions import RedisError

from handoff.ordering import score
from handoff.store_ports import QueueOrder, QueueSource

KEEP_SECONDS = 120
"""How long a mirror is kept; older ones die by themselves."""
END = "-"
"""A member that stands behind everyone, so that the mirror of an empty queue exists too."""
UNREACHABLE = (RedisError, OSError, TimeoutError)


class SqlQueue(QueueOrder, QueueSource, Protocol):
    """The queue in SQL: source of the mirror and what is asked without Redis."""


class RedisQueueOrder:
    """Implements `handoff.store_ports.QueueOrder`."""

    def __init__(self, client: redis.asyncio.Redis, sql: SqlQueue, *, prefix: str = "desk:queue:") -> None:
        self._client, self._sql, self._prefix = client, sql, prefix

    async def ahead(self, conversation_id: str) -> int | None:
        try:
            key = await self._mirror()
            return cast("int | None", await _asked(self._client.zrank(key, conversation_id)))
        except UNREACHABLE:
            return await self._sql.ahead(conversation_id)

    async def length(self) -> int:
        try:
            key = await self._mirror()
            return int(await _asked(self._client.zcard(key))) - 1
        except UNREACHABLE:
            return await self._sql.length()

    async def first(self, limit: int) -> tuple[str, ...]:
        try:
            key = await self._mirror()
            members = cast("list[bytes | str]", await _asked(self._client.zrange(key, 0, limit - 1)))
        except UNREACHABLE:
            return await self._sql.first(limit)
        names = (member.decode() if isinstance(member, bytes) else member for member in members)
        return tuple(name for name in names if name != END)

    async def _mirror(self) -> str:
        key = self._prefix + await self._sql.mark()
        if await _asked(self._client.exists(key)):
            return key
        mark, queue = await self._sql.snapshot()
        key = self._prefix + mark
        members: dict[str, float] = {waiting.conversation_id: score(waiting) for waiting in queue}
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.delete(key)
            pipe.zadd(key, {**members, END: float("inf")})
            pipe.expire(key, KEEP_SECONDS)
            await pipe.execute()
        return key


async def _asked(answer: Any) -> Any:
    """Redis' types say `Awaitable[T] | T` for either kind of client; this one is always awaited."""
    return await cast("Awaitable[Any]", answer)
