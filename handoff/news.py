"""handoff: tells other processes, after a commit, that they have something to read again."""

from __future__ import annotations

from kit.contracts import Signals

MANY = 2**31 - 1
"""Above every entry's number."""


class News:
    """Publishes what docs/protocol.md calls the topics `desk` and `conversation:<id>`. Never the truth itself."""

    def __init__(self, signals: Signals) -> None:
        self._signals = signals

    async def owner_changed(self, conversation_id: str, *, seq: int = MANY) -> None:
        """Owner or queue changed, and lines up to `seq` were written (a number beyond all: look)."""
        await self._signals.publish(f"conversation:{conversation_id}", {"seq": seq, "state": True})
        await self.desk_changed(conversation_id)

    async def lines_added(self, conversation_id: str, *, seq: int) -> None:
        """Lines up to `seq` were written."""
        await self._signals.publish(f"conversation:{conversation_id}", {"seq": seq})

    async def delivery_changed(self, conversation_id: str) -> None:
        """Something was sent, failed, arrived or was read."""
        await self._signals.publish(f"conversation:{conversation_id}", {"receipt": True})

    async def typing(self, conversation_id: str, *, on: bool) -> None:
        """The representative began or stopped to type."""
        await self._signals.publish(f"conversation:{conversation_id}", {"typing": on, "who": "agent"})

    async def desk_changed(self, *conversation_ids: str) -> None:
        """What the lists of the console show of these conversations changed, or their place; nothing more.

        Without any: who is there, or what somebody is told; no conversation.
        """
        await self._signals.publish("desk", {"conversations": list(conversation_ids)})
