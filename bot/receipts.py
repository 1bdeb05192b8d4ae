"""bot: what customers' windows report of what they have and what was read; tells the representatives' consoles."""

from __future__ import annotations

from bot.ports.stores import ReceiptStore
from kit.contracts import Signals, Transactions


class Receipts:
    """Takes reports; an old one changes nothing."""

    def __init__(self, *, store: ReceiptStore, transactions: Transactions, signals: Signals) -> None:
        self._store, self._transactions, self._signals = store, transactions, signals

    async def seen(self, conversation_id: str, *, upto: int, read: bool) -> None:
        """The window has every line up to `upto`; with `read` they stood before somebody's eyes."""
        further = await self._transactions.write(
            lambda tx: self._store.note(tx, conversation_id, delivered=upto, read=upto if read else 0)
        )
        if further:
            await self._signals.publish(f"conversation:{conversation_id}", {"receipt": True})
