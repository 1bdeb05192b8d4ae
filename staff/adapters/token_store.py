"""staff: API tokens in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from kit.contracts import Tx
from kit.sql import Database, connection_of
from staff.adapters.tables import api_tokens
from staff.contracts import ApiToken, Scope


class SqlTokenStore:
    """Fits `staff.ports.TokenStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Tx, token: ApiToken, *, token_hash: str) -> None:
        """Store a new token."""
        values = {
            "id": token.id,
            "token_hash": token_hash,
            "name": token.name,
            "hint": token.hint,
            "scopes": ",".join(sorted(token.scopes)),
            "made_by": token.made_by,
            "made_at": token.made_at,
            "expires_at": token.expires_at,
            "departments": ",".join(sorted(token.departments)),
        }
        await connection_of(tx).execute(insert(api_tokens).values(values))

    async def find(self, token_hash: str) -> ApiToken | None:
        """The token of a secret's hash."""
        return await self._one(select(api_tokens).where(api_tokens.c.token_hash == token_hash))

    async def by_id(self, token_id: str) -> ApiToken | None:
        """One token."""
        return await self._one(select(api_tokens).where(api_tokens.c.id == token_id))

    async def all(self) -> tuple[ApiToken, ...]:
        """Every token, the newest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(api_tokens).order_by(api_tokens.c.id.desc()))
            return tuple(_token_of(row) for row in rows)

    async def touch(self, tx: Tx, token_id: str, *, at: datetime) -> None:
        """Note its last use."""
        await connection_of(tx).execute(update(api_tokens).where(api_tokens.c.id == token_id).values(used_at=at))

    async def revoke(self, tx: Tx, token_id: str, *, at: datetime) -> bool:
        """End it, once."""
        here = (api_tokens.c.id == token_id) & api_tokens.c.revoked_at.is_(None)
        done = await connection_of(tx).execute(update(api_tokens).where(here).values(revoked_at=at))
        return done.rowcount == 1

    async def _one(self, query: Select[Any]) -> ApiToken | None:
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
            return _token_of(row) if row else None


def _token_of(row: Row[Any]) -> ApiToken:
    known = set(Scope)
    return ApiToken(
        id=row.id,
        name=row.name,
        hint=row.hint,
        # A scope that a later version took away allows nothing any more.
        scopes=frozenset(Scope(scope) for scope in row.scopes.split(",") if scope in known),
        made_by=row.made_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        departments=frozenset(filter(None, row.departments.split(","))),
    )
