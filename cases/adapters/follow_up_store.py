"""cases: follow-ups in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.adapters.sight_sql import follow_ups_seen_by
from cases.adapters.tables import cases, follow_up_events, follow_up_rounds, follow_up_wishes, follow_ups
from cases.contracts.follow_ups import (
    DayList,
    Event,
    FollowUp,
    FollowUpEvent,
    FollowUpFile,
    FollowUpState,
    Outcome,
    Round,
    Wish,
)
from kit.contracts import Language, Tx
from kit.sql import Database, connection_of
from staff.contracts.sight import EVERYTHING, Sight


class SqlFollowUpStore:
    """Implements `cases.ports.FollowUpStore`."""

    def __init__(self, database: Database, *, department: str = "follow_up") -> None:
        self._database, self._department = database, department

    def _seen(self, sight: Sight) -> ColumnElement[bool]:
        return follow_ups_seen_by(sight, asking=self._department)

    async def plan(self, tx: Tx, new: Sequence[FollowUp]) -> int:
        return await add_follow_ups(connection_of(tx), new)

    async def locked(self, tx: Tx, follow_up_id: str, *, sight: Sight = EVERYTHING) -> FollowUp | None:
        query = select(follow_ups).where(follow_ups.c.id == follow_up_id, self._seen(sight)).with_for_update()
        row = (await connection_of(tx).execute(query)).one_or_none()
        return None if row is None else _follow_up(row)

    async def save(self, tx: Tx, follow_up: FollowUp, events: Sequence[FollowUpEvent]) -> None:
        connection = connection_of(tx)
        values = {name: value for name, value in _values(follow_up).items() if name not in {"id", "key"}}
        await connection.execute(update(follow_ups).where(follow_ups.c.id == follow_up.id).values(**values))
        last = select(func.coalesce(func.max(follow_up_events.c.seq), 0)).where(
            follow_up_events.c.follow_up_id == follow_up.id
        )
        seq = int((await connection.execute(last)).scalar_one())
        for count, event in enumerate(events, seq + 1):
            await connection.execute(insert(follow_up_events).values(seq=count, **_event_values(event)))

    async def find(self, follow_up_id: str, *, sight: Sight = EVERYTHING) -> FollowUpFile | None:
        query = (
            select(follow_ups, cases.c.number, cases.c.contact, follow_up_wishes.c.wish)
            .outerjoin(cases, cases.c.id == follow_ups.c.case_id)
            .outerjoin(follow_up_wishes, follow_up_wishes.c.conversation_id == follow_ups.c.conversation_id)
            .where(follow_ups.c.id == follow_up_id, self._seen(sight))
        )
        lines = (
            select(follow_up_events)
            .where(follow_up_events.c.follow_up_id == follow_up_id)
            .order_by(follow_up_events.c.seq)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
            if row is None:
                return None
            return FollowUpFile(
                follow_up=_follow_up(row),
                events=tuple(_event(line) for line in await connection.execute(lines)),
                wish=None if row.wish is None else Wish(row.wish),
                number=row.number or "",
                contact=row.contact or "",
            )

    async def due(self, now: datetime, *, limit: int) -> tuple[FollowUp, ...]:
        looked_at = (FollowUpState.PLANNED.value, FollowUpState.ASKED.value)
        query = (
            select(follow_ups)
            .where(follow_ups.c.state.in_(looked_at), follow_ups.c.state != "done", follow_ups.c.due_at <= now)
            .order_by(follow_ups.c.due_at, follow_ups.c.id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple(_follow_up(row) for row in await connection.execute(query))

    async def day(
        self,
        now: datetime,
        *,
        begins: datetime,
        ends: datetime,
        plan: str | None,
        limit: int,
        sight: Sight = EVERYTHING,
    ) -> DayList:
        of_plan = (self._seen(sight), *((follow_ups.c.plan == plan,) if plan is not None else ()))
        calls = (follow_ups.c.state == FollowUpState.CALL.value, follow_ups.c.state != "done", *of_plan)
        order = (follow_ups.c.due_at, follow_ups.c.id)
        due = (*calls, follow_ups.c.due_at <= now)
        later = (*calls, follow_ups.c.due_at > now, follow_ups.c.due_at < ends)
        count = select(func.count()).select_from(follow_ups)
        in_chat = count.where(follow_ups.c.state == FollowUpState.ASKED.value, follow_ups.c.state != "done", *of_plan)
        done = count.where(follow_ups.c.ended_at >= begins, follow_ups.c.outcome != Outcome.DROPPED.value, *of_plan)
        async with self._database.read() as connection:
            return DayList(
                due=tuple(
                    map(
                        _follow_up,
                        await connection.execute(select(follow_ups).where(*due).order_by(*order).limit(limit)),
                    )
                ),
                later=tuple(
                    map(
                        _follow_up,
                        await connection.execute(select(follow_ups).where(*later).order_by(*order).limit(limit)),
                    )
                ),
                in_chat=int((await connection.execute(in_chat)).scalar_one()),
                done=int((await connection.execute(done)).scalar_one()),
                due_total=int((await connection.execute(count.where(*due))).scalar_one()),
            )

    async def wishes(self, tx: Tx, conversation_ids: Sequence[str]) -> Mapping[str, Wish]:
        query = select(follow_up_wishes).where(follow_up_wishes.c.conversation_id.in_(conversation_ids))
        return {row.conversation_id: Wish(row.wish) for row in await connection_of(tx).execute(query)}

    async def set_wish(self, tx: Tx, conversation_id: str, wish: Wish, *, by: str, at: datetime) -> None:
        connection = connection_of(tx)
        values = {"wish": wish.value, "at": at, "by": by}
        await connection.execute(
            _insert_of(connection)(follow_up_wishes)
            .values(conversation_id=conversation_id, **values)
            .on_conflict_do_update(index_elements=["conversation_id"], set_=values)
        )

    async def wish(self, conversation_id: str) -> Wish | None:
        query = select(follow_up_wishes.c.wish).where(follow_up_wishes.c.conversation_id == conversation_id)
        async with self._database.read() as connection:
            found = (await connection.execute(query)).scalar_one_or_none()
        return None if found is None else Wish(found)

    async def asked_since(self, tx: Tx, conversation_ids: Sequence[str], since: datetime) -> frozenset[str]:
        asked = follow_ups.c.state.in_([FollowUpState.ASKED.value, FollowUpState.CALL.value])
        ended = (follow_ups.c.ended_at >= since) & (follow_ups.c.outcome != Outcome.DROPPED.value)
        query = (
            select(follow_ups.c.conversation_id)
            .where(follow_ups.c.conversation_id.in_(conversation_ids), asked | ended)
            .distinct()
        )
        return frozenset(row.conversation_id for row in await connection_of(tx).execute(query))

    async def with_cases(self, tx: Tx, conversation_ids: Sequence[str]) -> frozenset[str]:
        query = select(cases.c.conversation_id).where(cases.c.conversation_id.in_(conversation_ids)).distinct()
        return frozenset(row.conversation_id for row in await connection_of(tx).execute(query))

    async def round(self, tx: Tx, plan: str, period: str, *, at: datetime) -> Round:
        connection = connection_of(tx)
        await connection.execute(
            _insert_of(connection)(follow_up_rounds)
            .values(plan=plan, period=period, began_at=at, after="", done=False)
            .on_conflict_do_nothing(index_elements=["plan", "period"])
        )
        here = (follow_up_rounds.c.plan == plan, follow_up_rounds.c.period == period)
        row = (await connection.execute(select(follow_up_rounds).where(*here).with_for_update())).one()
        return Round(plan=row.plan, period=row.period, began_at=row.began_at, after=row.after, done=row.done)

    async def save_round(self, tx: Tx, round_: Round) -> None:
        here = (follow_up_rounds.c.plan == round_.plan, follow_up_rounds.c.period == round_.period)
        values = {"after": round_.after, "done": round_.done}
        await connection_of(tx).execute(update(follow_up_rounds).where(*here).values(**values))


async def add_follow_ups(connection: AsyncConnection, new: Sequence[FollowUp]) -> int:
    """Store new ones; known keys change nothing."""
    added = 0
    for follow_up in new:
        done = await connection.execute(
            _insert_of(connection)(follow_ups)
            .values(**_values(follow_up))
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(follow_ups.c.id)
        )
        added += done.one_or_none() is not None
    return added


async def drop_follow_ups(connection: AsyncConnection, case_id: str, at: datetime) -> None:
    """A case has nothing to be asked about any more."""
    await connection.execute(
        update(follow_ups)
        .where(follow_ups.c.case_id == case_id, follow_ups.c.state != FollowUpState.DONE.value)
        .values(state=FollowUpState.DONE.value, outcome=Outcome.DROPPED.value, ended_at=at)
    )


def _insert_of(connection: AsyncConnection) -> Any:
    return sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert


def _follow_up(row: Row[Any]) -> FollowUp:
    return FollowUp(
        id=row.id,
        key=row.key,
        plan=row.plan,
        case_id=row.case_id,
        conversation_id=row.conversation_id,
        customer_name=row.customer_name,
        language=Language(row.language),
        due_at=row.due_at,
        state=FollowUpState(row.state),
        attempts=row.attempts,
        assignee_id=row.assignee_id,
        assignee_name=row.assignee_name,
        taken_at=row.taken_at,
        question=row.question,
        outcome=None if row.outcome is None else Outcome(row.outcome),
        comment=row.comment,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )


def _values(follow_up: FollowUp) -> dict[str, Any]:
    return {
        "id": follow_up.id,
        "key": follow_up.key,
        "plan": follow_up.plan,
        "case_id": follow_up.case_id,
        "conversation_id": follow_up.conversation_id,
        "customer_name": follow_up.customer_name,
        "language": follow_up.language.value,
        "due_at": follow_up.due_at,
        "state": follow_up.state.value,
        "attempts": follow_up.attempts,
        "assignee_id": follow_up.assignee_id,
        "assignee_name": follow_up.assignee_name,
        "taken_at": follow_up.taken_at,
        "question": follow_up.question,
        "outcome": None if follow_up.outcome is None else follow_up.outcome.value,
        "comment": follow_up.comment,
        "created_at": follow_up.created_at,
        "ended_at": follow_up.ended_at,
    }


def _event(row: Row[Any]) -> FollowUpEvent:
    return FollowUpEvent(
        follow_up_id=row.follow_up_id,
        at=row.at,
        by=row.by,
        by_name=row.by_name,
        what=Event(row.what),
        about=row.about,
        value=row.value,
    )


def _event_values(event: FollowUpEvent) -> dict[str, Any]:
    return {
        "follow_up_id": event.follow_up_id,
        "at": event.at,
        "by": event.by,
        "by_name": event.by_name,
        "what": event.what.value,
        "about": event.about,
        "value": event.value,
    }
