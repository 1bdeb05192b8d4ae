"""handoff: profiles of representatives and what the desk keeps of customers, in SQL."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff.adapters.rows import customer_of, profile_of, profile_values
from handoff.adapters.tables import agent_profiles, customers
from handoff.adapters.upsert import put
from handoff.contracts import AgentProfile, Customer
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlTeamStore:
    """Implements `handoff.store_ports.TeamStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, tx: Tx, profile: AgentProfile) -> None:
        await put(tx, agent_profiles, "account_id", values=profile_values(profile))

    async def all(self) -> Mapping[str, AgentProfile]:
        async with self._database.read() as connection:
            rows = await connection.execute(select(agent_profiles))
            return {row.account_id: profile_of(row) for row in rows}


class SqlCustomerStore:
    """Implements `handoff.store_ports.CustomerStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, tx: Tx, customer: Customer) -> None:
        values = {
            "conversation_id": customer.conversation_id,
            "key_account": customer.key_account,
            "named_agent_id": customer.named_agent_id,
        }
        await put(tx, customers, "conversation_id", values=values)

    async def find(self, tx: Tx, conversation_id: str) -> Customer | None:
        return await _customer(connection_of(tx), conversation_id)

    async def load(self, conversation_id: str) -> Customer:
        async with self._database.read() as connection:
            found = await _customer(connection, conversation_id)
        return found or Customer(conversation_id=conversation_id)


async def _customer(connection: AsyncConnection, conversation_id: str) -> Customer | None:
    query = select(customers).where(customers.c.conversation_id == conversation_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else customer_of(row)
