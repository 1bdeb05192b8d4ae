"""handoff: the order of the queue in SQL, which is where the truth about it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff.adapters.rows import waiting_of
from handoff.adapters.tables import handoffs, queue_version
from handoff.contracts import HandoffState, Urgency
from handoff.ordering import Waiting
from kit.contracts import Tx
from kit.sql import Database, connection_of

ONLY = 1
IS_WAITING = handoffs.c.state == HandoffState.WAITING.value
NOT_CRITICAL: ColumnElement[int] = case((handoffs.c.urgency == int(Urgency.CRITICAL), 0), else_=1)
NOT_LEFT_BEHIND: ColumnElement[int] = case((handoffs.c.returned_to_queue > 0, 0), else_=1)
"""0 for those an agent left behind, who come first."""


def queue_order() -> tuple[ColumnElement[Any], ...]:
    """`handoff.ordering.order_key` as ORDER BY."""
    return NOT_CRITICAL, NOT_LEFT_BEHIND, handoffs.c.answer_by, handoffs.c.conversation_id


async def move_version(tx: Tx) -> None:
    """Note in this transaction that the queue changed."""
    connection = connection_of(tx)
    dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    await connection.execute(
        dialect_insert(queue_version)
        .values(id=ONLY, version=1)
        .on_conflict_do_update(index_elements=["id"], set_={"version": queue_version.c.version + 1})
    )


async def hold_version(tx: Tx, version: int) -> bool:
    """Move the version on if it is still `version`: what was decided from that version may be stored."""
    moved = await connection_of(tx).execute(
        update(queue_version)
        .where(queue_version.c.id == ONLY, queue_version.c.version == version)
        .values(version=version + 1)
    )
    return moved.rowcount == 1


async def read_version(connection: AsyncConnection) -> int:
    """The queue's version; 0 when nobody ever waited."""
    found = (await connection.execute(select(queue_version.c.version))).scalar_one_or_none()
    return int(found or 0)


NEWEST = select(func.max(handoffs.c.id)).scalar_subquery().label("newest")
"""Beside the version, so that the queues of two databases (a restored one, a new one) are never taken for one."""
EMPTY = "0"
"""The mark of a queue nobody ever waited in."""


def _mark(version: int, newest: str | None) -> str:
    return f"{version}:{newest or ''}"


class SqlQueueOrder:
    """Implements `handoff.queue_ports.QueueOrder` and `QueueSource`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ahead(self, conversation_id: str) -> int | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(handoffs).where(IS_WAITING, _of(conversation_id)))).one_or_none()
            if row is None:
                return None
            same = handoffs.c.department == row.department
            query = select(func.count()).select_from(handoffs).where(IS_WAITING, same, _before(waiting_of(row)))
            return int((await connection.execute(query)).scalar_one())

    async def length(self, department: str | None = None) -> int:
        query = select(func.count()).select_from(handoffs).where(IS_WAITING)
        if department is not None:
            query = query.where(handoffs.c.department == department)
        async with self._database.read() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def first(self, limit: int, department: str) -> tuple[str, ...]:
        mine = handoffs.c.department == department
        query = select(handoffs.c.conversation_id).where(IS_WAITING, mine).order_by(*queue_order()).limit(limit)
        async with self._database.read() as connection:
            return tuple((await connection.execute(query)).scalars())

    async def mark(self) -> str:
        async with self._database.read() as connection:
            row = (await connection.execute(select(queue_version.c.version, NEWEST))).one_or_none()
        return _mark(row.version, row.newest) if row is not None else EMPTY

    async def snapshot(self) -> tuple[str, tuple[tuple[str, Waiting], ...]]:
        # One statement, so that mark and rows are of the same moment on PostgreSQL too.
        query = select(
            queue_version.c.version,
            NEWEST,
            handoffs.c.conversation_id,
            handoffs.c.urgency,
            handoffs.c.returned_to_queue,
            handoffs.c.answer_by,
            handoffs.c.department,
        ).select_from(queue_version.outerjoin(handoffs, IS_WAITING))
        async with self._database.read() as connection:
            rows: Sequence[Any] = (await connection.execute(query)).all()
        mark = _mark(rows[0].version, rows[0].newest) if rows else EMPTY
        return mark, tuple((row.department, waiting_of(row)) for row in rows if row.conversation_id is not None)


def _of(conversation_id: str) -> ColumnElement[bool]:
    return handoffs.c.conversation_id == conversation_id


def _before(mine: Waiting) -> ColumnElement[bool]:
    calm, left = NOT_CRITICAL, NOT_LEFT_BEHIND
    my_calm = literal(0 if mine.urgency is Urgency.CRITICAL else 1)
    my_left = literal(0 if mine.returned_to_queue else 1)
    equals = and_(calm == my_calm, left == my_left)
    return or_(
        calm < my_calm,
        and_(calm == my_calm, left < my_left),
        and_(equals, handoffs.c.answer_by < mine.answer_by),
        and_(equals, handoffs.c.answer_by == mine.answer_by, handoffs.c.conversation_id < mine.conversation_id),
    )
