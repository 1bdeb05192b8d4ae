"""handoff: what supervisors change in handovers, the notices people get, and the flow of the desk, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, distinct, func, select, update

from handoff.adapters.queue_sql import move_version
from handoff.adapters.rows import handoff_of, placing_values
from handoff.adapters.tables import OPEN, handoffs, invitations, notices, repeats
from handoff.adapters.upsert import put_once
from handoff.contracts import Flow, Handoff, HandoffState, Notice, NoticeKind, Placing, Urgency
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlFloorStore:
    """Implements `handoff.floor_ports.FloorStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_urgency(self, tx: Tx, handoff: Handoff, urgency: Urgency, placing: Placing) -> Handoff | None:
        return await self._change(tx, handoff, {"urgency": int(urgency), **placing_values(placing)})

    async def _change(self, tx: Tx, handoff: Handoff, values: dict[str, object]) -> Handoff | None:
        same = (handoffs.c.id == handoff.id) & (handoffs.c.epoch == handoff.epoch)
        done = await connection_of(tx).execute(update(handoffs).where(same, OPEN).values(**values).returning(handoffs))
        row = done.one_or_none()
        if row is None:
            return None
        await move_version(tx)
        return handoff_of(row)

    async def flow(self, *, since: datetime, departments: frozenset[str] = frozenset()) -> Flow:
        def number(when: ColumnElement[datetime], *states: HandoffState) -> ColumnElement[int]:
            query = select(func.count()).select_from(handoffs).where(when >= since)
            if departments:
                query = query.where(handoffs.c.department.in_(sorted(departments)))
            if states:
                query = query.where(handoffs.c.state.in_([state.value for state in states]))
            return query.scalar_subquery()

        again = select(func.count(distinct(repeats.c.handoff_id))).where(repeats.c.at >= since)
        if departments:
            there = select(handoffs.c.id).where(handoffs.c.department.in_(sorted(departments)))
            again = again.where(repeats.c.handoff_id.in_(there))
        ended = handoffs.c.ended_at
        query = select(
            number(handoffs.c.asked_at).label("asked"),
            number(handoffs.c.claimed_at).label("claimed"),
            number(ended, HandoffState.RESOLVED, HandoffState.RETURNED).label("ended"),
            number(ended, HandoffState.LEFT).label("left"),
            number(ended, HandoffState.PROMISED).label("promised"),
            again.scalar_subquery().label("repeated"),
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one()
        return Flow(
            asked=row.asked,
            claimed=row.claimed,
            ended=row.ended,
            left=row.left,
            promised=row.promised,
            repeated=row.repeated,
        )


class SqlNoticeStore:
    """Implements `handoff.floor_ports.NoticeStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Tx, told: Sequence[Notice]) -> None:
        for notice in told:
            await put_once(tx, notices, "id", values=_values(notice))

    async def unread(self, account_id: str, *, since: datetime, limit: int) -> tuple[Notice, ...]:
        query = (
            select(notices)
            .where(notices.c.account_id == account_id, notices.c.read_at.is_(None), notices.c.at >= since, _holds())
            .order_by(notices.c.at.desc(), notices.c.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple(_notice_of(row) for row in await connection.execute(query))

    async def read(self, tx: Tx, account_id: str, notice_id: str, *, at: datetime) -> bool:
        mine = (notices.c.id == notice_id) & (notices.c.account_id == account_id) & notices.c.read_at.is_(None)
        done = await connection_of(tx).execute(update(notices).where(mine).values(read_at=at))
        return done.rowcount == 1


def _holds() -> ColumnElement[bool]:
    """Whether a notice still says what is so.

    Nobody is asked into what has ended, was given away or is theirs by now; who is asked once more is needed again.
    """
    invited = (
        select(invitations.c.id)
        .join(handoffs, handoffs.c.id == invitations.c.handoff_id)
        .where(
            handoffs.c.conversation_id == notices.c.conversation_id,
            handoffs.c.state == HandoffState.ACTIVE.value,
            handoffs.c.agent_id != invitations.c.guest_id,
            invitations.c.guest_id == notices.c.account_id,
            invitations.c.ended_at.is_(None),
        )
    )
    asked = (notices.c.kind != NoticeKind.INVITED.value) | invited.where(invitations.c.joined_at.is_(None)).exists()
    return asked & ((notices.c.kind != NoticeKind.INVITATION_WITHDRAWN.value) | ~invited.exists())


def _values(notice: Notice) -> dict[str, object]:
    return {
        "id": notice.id,
        "account_id": notice.account_id,
        "kind": notice.kind.value,
        "by": notice.by,
        "conversation_id": notice.conversation_id,
        "customer": notice.customer,
        "text": notice.text,
        "at": notice.at,
        "read_at": None,
    }


def _notice_of(row: Row[tuple[object, ...]]) -> Notice:
    return Notice(
        id=row.id,
        account_id=row.account_id,
        kind=NoticeKind(row.kind),
        by=row.by,
        conversation_id=row.conversation_id,
        customer=row.customer,
        text=row.text,
        at=row.at,
    )
