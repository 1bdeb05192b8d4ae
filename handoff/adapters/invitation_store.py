"""handoff: invitations in SQL. An open one belongs to a handover that somebody holds: it is over when that is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from handoff.adapters.tables import STILL_OPEN, handoffs, invitations
from handoff.contracts import Agent, HandoffState, Invitation, InvitationEnd
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlInvitationStore:
    """Implements `handoff.store_ports.InvitationStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Tx, invitation: Invitation) -> bool:
        connection = connection_of(tx)
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        added = await connection.execute(
            dialect_insert(invitations)
            .values(
                id=invitation.id,
                handoff_id=invitation.handoff_id,
                guest_id=invitation.guest.id,
                guest_name=invitation.guest.name,
                by_id=invitation.by.id,
                by_name=invitation.by.name,
                reason=invitation.reason,
                made_at=invitation.made_at,
                ends_at=invitation.ends_at,
                joined_at=invitation.joined_at,
            )
            .on_conflict_do_nothing(index_elements=["handoff_id", "guest_id"], index_where=STILL_OPEN)
            .returning(invitations.c.id)
        )
        return added.one_or_none() is not None

    async def join(self, tx: Tx, invitation_id: str, *, at: datetime) -> bool:
        waiting = (invitations.c.joined_at.is_(None)) & (invitations.c.ends_at > at)
        return await self._change(tx, invitation_id, waiting, joined_at=at)

    async def end(self, tx: Tx, invitation_id: str, end: InvitationEnd, *, at: datetime) -> bool:
        joined = invitations.c.joined_at
        fits = joined.is_not(None) if end is InvitationEnd.LEFT else joined.is_(None)
        return await self._change(tx, invitation_id, fits, ended_at=at, end=end.value)

    async def is_guest(self, tx: Tx, handoff_id: str, account_id: str) -> bool:
        query = select(invitations.c.id).where(
            invitations.c.handoff_id == handoff_id,
            invitations.c.guest_id == account_id,
            invitations.c.joined_at.is_not(None),
            STILL_OPEN,
        )
        return (await connection_of(tx).execute(query)).one_or_none() is not None

    async def of_handoff(self, handoff_id: str) -> tuple[Invitation, ...]:
        return await self._read(invitations.c.handoff_id == handoff_id)

    async def of_guest(self, account_id: str) -> tuple[Invitation, ...]:
        return await self._read(invitations.c.guest_id == account_id)

    async def due(self, now: datetime) -> tuple[Invitation, ...]:
        return await self._read((invitations.c.joined_at.is_(None)) & (invitations.c.ends_at <= now))

    async def _read(self, where: ColumnElement[bool]) -> tuple[Invitation, ...]:
        async with self._database.read() as connection:
            return tuple(_invitation_of(row) for row in await connection.execute(_open().where(where)))

    async def _change(self, tx: Tx, invitation_id: str, where: ColumnElement[bool], **values: object) -> bool:
        this = (invitations.c.id == invitation_id) & invitations.c.ended_at.is_(None)
        done = await connection_of(tx).execute(update(invitations).where(this, where).values(**values))
        return done.rowcount == 1


def _open() -> Select[Any]:
    held = and_(handoffs.c.id == invitations.c.handoff_id, handoffs.c.state == HandoffState.ACTIVE.value)
    return (
        select(invitations, handoffs.c.conversation_id, handoffs.c.customer_name)
        .join(handoffs, held)
        .where(invitations.c.ended_at.is_(None), invitations.c.guest_id != handoffs.c.agent_id)
        .order_by(invitations.c.made_at, invitations.c.id)
    )


def _invitation_of(row: Row[Any]) -> Invitation:
    return Invitation(
        id=row.id,
        handoff_id=row.handoff_id,
        conversation_id=row.conversation_id,
        guest=Agent(id=row.guest_id, name=row.guest_name),
        by=Agent(id=row.by_id, name=row.by_name),
        reason=row.reason,
        made_at=row.made_at,
        ends_at=row.ends_at,
        joined_at=row.joined_at,
        customer=row.customer_name,
    )
