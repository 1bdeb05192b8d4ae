"""handoff: which of their conversations a representative has not read to the end, on whatever machine they sit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handoff.contracts import Agent
from handoff.store_ports import ReadStore
from kit.contracts import Transactions


class Reading:
    """How far each representative has read."""

    def __init__(self, *, transactions: Transactions, store: ReadStore) -> None:
        self._transactions, self._store = transactions, store

    async def note(self, conversation_id: str, agent: Agent, *, upto: int) -> None:
        """The agent had the lines up to `upto` in sight; an older report changes nothing."""
        await self._transactions.write(lambda tx: self._store.note(tx, agent.id, conversation_id, upto))

    async def of(self, agent: Agent, conversation_ids: Sequence[str]) -> Mapping[str, int]:
        """The last line `agent` has read of each of these conversations; nothing where they never looked."""
        return await self._store.of(agent.id, conversation_ids)
