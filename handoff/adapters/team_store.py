"""handoff: profiles of representatives, in SQL."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from handoff.adapters.rows import profile_of, profile_values
from handoff.adapters.tables import agent_profiles
from handoff.adapters.upsert import put
from handoff.contracts import AgentProfile
from kit.contracts import Tx
from kit.sql import Database


class SqlTeamStore:
    """Implements `handoff.duty_ports.TeamStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, tx: Tx, profile: AgentProfile) -> None:
        await put(tx, agent_profiles, "account_id", values=profile_values(profile))

    async def all(self) -> Mapping[str, AgentProfile]:
        async with self._database.read() as connection:
            rows = await connection.execute(select(agent_profiles))
            return {row.account_id: profile_of(row) for row in rows}
