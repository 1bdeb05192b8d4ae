"""staff: accounts in SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from kit.contracts import Language, Tx
from kit.sql import Database, connection_of
from staff.adapters.tables import accounts
from staff.contracts import Account, Role


class SqlAccountStore:
    """Fits `staff.ports.AccountStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Tx, account: Account, password_hash: str) -> bool:
        """Store a new account; False when its name is taken."""
        connection = connection_of(tx)
        new = sqlite_insert if self._database.embedded else postgres_insert
        values = {
            "id": account.id,
            "created_at": account.created_at,
            "password_hash": password_hash,
            **_columns(account),
        }
        added = await connection.execute(new(accounts).values(values).on_conflict_do_nothing(index_elements=["name"]))
        return added.rowcount == 1

    async def save(self, tx: Tx, account: Account) -> None:
        """Store what may change of an account, but not its password."""
        values = _columns(account)
        del values["must_change_password"]
        await connection_of(tx).execute(update(accounts).where(accounts.c.id == account.id).values(values))

    async def set_password(self, tx: Tx, account_id: str, password_hash: str, *, must_change: bool) -> None:
        """Store a new password's hash."""
        values = {"password_hash": password_hash, "must_change_password": must_change}
        await connection_of(tx).execute(update(accounts).where(accounts.c.id == account_id).values(values))

    async def lock_all(self, tx: Tx) -> tuple[Account, ...]:
        """Every account, held until the transaction ends."""
        rows = await connection_of(tx).execute(select(accounts).order_by(accounts.c.id).with_for_update())
        return tuple(account_of(row) for row in rows)

    async def find(self, account_id: str) -> Account | None:
        """One account."""
        row = await self._one(select(accounts).where(accounts.c.id == account_id))
        return account_of(row) if row else None

    async def find_by_name(self, name: str) -> tuple[Account, str] | None:
        """The account of a sign-in name, with its password hash."""
        row = await self._one(select(accounts).where(accounts.c.name == name))
        return (account_of(row), row.password_hash) if row else None

    async def password_hash(self, account_id: str) -> str | None:
        """The password hash of one account."""
        row = await self._one(select(accounts.c.password_hash).where(accounts.c.id == account_id))
        return row.password_hash if row else None

    async def all(self) -> tuple[Account, ...]:
        """Every account, by name."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(accounts).order_by(accounts.c.name))
            return tuple(account_of(row) for row in rows)

    async def _one(self, query: Select[Any]) -> Row[Any] | None:
        async with self._database.read() as connection:
            row: Row[Any] | None = (await connection.execute(query)).one_or_none()
            return row


def account_of(row: Row[Any]) -> Account:
    """The account in a row of the table."""
    return Account(
        id=row.id,
        name=row.name,
        display_name=row.display_name,
        roles=frozenset(Role(role) for role in row.roles.split(",") if role),
        language=Language(row.language),
        active=row.active,
        must_change_password=row.must_change_password,
        created_at=row.created_at,
    )


def _columns(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "display_name": account.display_name,
        "roles": ",".join(sorted(account.roles)),
        "language": account.language.value,
        "active": account.active,
        "must_change_password": account.must_change_password,
    }
