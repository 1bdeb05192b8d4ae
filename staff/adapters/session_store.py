"""staff: sessions in SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from kit.contracts import Tx
from kit.sql import Database, connection_of
from staff.adapters.account_store import account_of
from staff.adapters.tables import accounts, sessions
from staff.ports import Session


class SqlSessionStore:
    """Fits `staff.ports.SessionStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Tx, *, token_hash: str, account_id: str, csrf: str, at: datetime) -> None:
        """Store a new session."""
        values = {"token_hash": token_hash, "account_id": account_id, "csrf": csrf, "created_at": at, "seen_at": at}
        await connection_of(tx).execute(insert(sessions).values(values))

    async def find(self, token_hash: str) -> Session | None:
        """One session with its account."""
        own = [sessions.c.csrf, sessions.c.created_at.label("session_created_at"), sessions.c.seen_at]
        query = select(accounts, *own).join_from(sessions, accounts).where(sessions.c.token_hash == token_hash)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        return Session(
            token_hash=token_hash,
            account=account_of(row),
            csrf=row.csrf,
            created_at=row.session_created_at,
            seen_at=row.seen_at,
        )

    async def touch(self, tx: Tx, token_hash: str, *, at: datetime) -> None:
        """Write down that a session was used."""
        await connection_of(tx).execute(update(sessions).where(sessions.c.token_hash == token_hash).values(seen_at=at))

    async def end(self, tx: Tx, token_hash: str) -> None:
        """Remove one session."""
        await connection_of(tx).execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    async def end_all(self, tx: Tx, account_id: str) -> int:
        """Remove every session of an account; how many there were."""
        gone = await connection_of(tx).execute(delete(sessions).where(sessions.c.account_id == account_id))
        return gone.rowcount

    async def purge(self, tx: Tx, *, unseen_since: datetime) -> int:
        """Remove sessions nobody used since; how many."""
        gone = await connection_of(tx).execute(delete(sessions).where(sessions.c.seen_at < unseen_since))
        return gone.rowcount
