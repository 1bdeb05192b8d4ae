"""bot: the customers of all channels as follow-ups know them; implements `cases.ports.CustomerBook`."""

from __future__ import annotations

from bot.contracts import Conversation, Owner
from bot.ports import Levels
from bot.ports.stores import CustomerReads
from cases.contracts.follow_ups import CustomerQuery, KnownCustomer


class CustomerBook:
    """Conversations with the level that the live desk keeps of their customers."""

    def __init__(self, *, reads: CustomerReads, levels: Levels) -> None:
        self._reads, self._levels = reads, levels

    async def find(self, conversation_id: str) -> KnownCustomer | None:
        conversation = await self._reads.find(conversation_id)
        if conversation is None:
            return None
        level = await self._levels.customer(conversation_id)
        return _known(conversation, key_account=level.key_account)

    async def customers(self, query: CustomerQuery, *, after: str, limit: int) -> tuple[KnownCustomer, ...]:
        page = await self._reads.customers(query, after=after, limit=limit)
        key_accounts = await self._levels.key_accounts() if page else frozenset[str]()
        return tuple(_known(each, key_account=each.id in key_accounts) for each in page)


def _known(conversation: Conversation, *, key_account: bool) -> KnownCustomer:
    return KnownCustomer(
        conversation_id=conversation.id,
        name=conversation.customer_name,
        language=conversation.language,
        key_account=key_account,
        with_person=conversation.owner is not Owner.BOT,
    )
