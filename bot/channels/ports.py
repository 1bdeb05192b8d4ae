"""bot: what every channel needs of the conversation, as Protocols."""

from __future__ import annotations

from typing import Protocol

from bot.contracts import Conversation, Entry, Inbound, Received


class TakesIn(Protocol):
    """The inbox: what it returned for is stored."""

    async def receive(self, inbound: Inbound) -> Received:
        """Store once. Raises `kit.refusals.Refusal` for what the desk does not take."""
        ...


class Reads(Protocol):
    """Conversations as channels read them."""

    async def find_at(self, channel: str, address: str) -> Conversation | None: ...

    async def entry(self, conversation_id: str, seq: int) -> Entry | None: ...
