"""handoff: takes a conversation from whoever holds it back to the head of the queue, with its original age."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from handoff.contracts import Handoff
from handoff.news import News
from handoff.ports import Conversations
from handoff.store_ports import HandoffStore
from kit.contracts import Transactions, Tx


class PutBack:
    """Call it with a held conversation; whoever acts on it at the same moment may win instead."""

    def __init__(
        self, *, transactions: Transactions, store: HandoffStore, conversations: Conversations, news: News
    ) -> None:
        self._transactions, self._store = transactions, store
        self._conversations, self._news = conversations, news

    async def __call__(
        self, handoff: Handoff, *, code: str, at: datetime, also: Callable[[Tx], Awaitable[None]] | None = None
    ) -> bool:
        """False when it had moved on meanwhile. `code` says why (`handoff.event.<code>`); `also` joins the change."""
        conversation_id = handoff.conversation_id

        async def work(tx: Tx) -> int:
            # Conversation before handover, here and everywhere: PostgreSQL then has no deadlock to break.
            epoch = await self._conversations.take_owner(tx, conversation_id, owner="queue", at=at)
            if await self._store.put_back(tx, handoff, epoch=epoch, at=at) is None:
                raise _Moved
            key = f"handoff:{handoff.id}:back:{epoch}"
            await self._conversations.append_event(
                tx,
                conversation_id,
                key=key,
                code=code,
                slots={"name": handoff.agent_name or ""},
                at=at,
                public=False,
            )
            if also is not None:
                await also(tx)
            return await self._conversations.append_event(
                tx, conversation_id, key=f"{key}:told", code="rearranged", slots={}, at=at, public=True
            )

        try:
            seq = await self._transactions.write(work)
        except _Moved:
            return False
        await self._news.owner_changed(conversation_id, seq=seq)
        return True


class _Moved(Exception):
    """Somebody was faster; undoes the transaction."""
