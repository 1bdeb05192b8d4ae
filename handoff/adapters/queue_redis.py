"""handoff: a mirror of the queue in Redis, so that every waiting customer can be told a place cheaply.

A hash tells each conversation's department, a sorted set per department the order. The key carries the queue's mark
from SQL. Whoever reads asks SQL for the mark (one row) and uses the hash of exactly that mark; a missing one is rebuilt
from SQL. So a mirror is right or absent, never stale, and losing Redis costs a rebuild; one Redis may outlive the
database, or serve two. While Redis cannot be reached the answer comes from SQL.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Protocol, cast

import redis.asyncio
from redis.exceptions import RedisError

from handoff.ordering import score
from handoff.queue_ports import QueueOrder, QueueSource

KEEP_SECONDS = 120
"""How long a mirror is kept; older ones die by themselves."""
END = "-"
"""A field that is always there, so that the mirror of an empty queue exists too."""
UNREACHABLE = (RedisError, OSError, TimeoutError)


class SqlQueue(QueueOrder, QueueSource, Protocol):
    """The queue in SQL: source of the mirror and what is asked without Redis."""


class RedisQueueOrder:
    """Implements `handoff.queue_ports.QueueOrder`."""

    def __init__(self, client: redis.asyncio.Redis, sql: SqlQueue, *, prefix: str = "desk:queue:") -> None:
        self._client, self._sql, self._prefix = client, sql, prefix

    async def ahead(self, conversation_id: str) -> int | None:
        try:
            key = await self._mirror()
            department = await _asked(self._client.hget(key, conversation_id))
            if department is None:
                return None
            place = await _asked(self._client.zrank(_of(key, _text(department)), conversation_id))
            return cast("int | None", place)
        except UNREACHABLE:
            return await self._sql.ahead(conversation_id)

    async def length(self, department: str | None = None) -> int:
        try:
            key = await self._mirror()
            if department is None:
                return int(await _asked(self._client.hlen(key))) - 1
            return int(await _asked(self._client.zcard(_of(key, department))))
        except UNREACHABLE:
            return await self._sql.length(department)

    async def first(self, limit: int, department: str) -> tuple[str, ...]:
        try:
            key = await self._mirror()
            members = cast("list[bytes | str]", await _asked(self._client.zrange(_of(key, department), 0, limit - 1)))
        except UNREACHABLE:
            return await self._sql.first(limit, department)
        return tuple(map(_text, members))

    async def _mirror(self) -> str:
        key = self._prefix + await self._sql.mark()
        if await _asked(self._client.exists(key)):
            return key
        mark, queue = await self._sql.snapshot()
        key = self._prefix + mark
        departments: dict[Any, Any] = {waiting.conversation_id: department for department, waiting in queue}
        async with self._client.pipeline(transaction=True) as pipe:
            for department in {*departments.values()}:
                members = {w.conversation_id: float(score(w)) for name, w in queue if name == department}
                pipe.delete(_of(key, department))
                pipe.zadd(_of(key, department), members)
                pipe.expire(_of(key, department), KEEP_SECONDS)
            pipe.delete(key)
            pipe.hset(key, mapping={**departments, END: END})
            # Before its sets are: whoever finds the hash finds them too.
            pipe.expire(key, KEEP_SECONDS // 2)
            await pipe.execute()
        return key


def _of(key: str, department: str) -> str:
    """The sorted set of one department."""
    return f"{key}:{department}"


def _text(raw: Any) -> str:
    return raw.decode() if isinstance(raw, bytes) else str(raw)


async def _asked(answer: Any) -> Any:
    """Redis' types say `Awaitable[T] | T` for either kind of client; this one is always awaited."""
    return await cast("Awaitable[Any]", answer)
