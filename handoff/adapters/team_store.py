"""handoff: profiles of representatives, in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from handoff.adapters.rows import profile_of, profile_values
from handoff.adapters.tables import agent_profiles
from handoff.contracts import AgentProfile
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlTeamStore:
    """Implements `handoff.store_ports.TeamStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, tx: Tx, profile: AgentProfile) -> None:
        await _put(tx, agent_profiles, "account_id", profile_values(profile))

    async def all(self) -> Mapping[str, AgentProfile]:
        async with self._database.read() as connection:
            rows = await connection.execute(select(agent_profiles))
            return {row.account_id: profile_of(row) for row in rows}


async def _put(tx: Tx, table: Table, key: str, values: dict[str, Any]) -> None:
    connection = connection_of(tx)
    dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    await connection.execute(
        dialect_insert(table)
        .values(**values)
        .on_conflict_do_update(
            index_elements=[key], set_={name: value for name, value in values.items() if name != key}
        )
    )
