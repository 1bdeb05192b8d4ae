"""handoff: tags that representatives put on conversations, to find what belongs together."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from handoff.news import News
from handoff.refusals import NotHandedOver, TitleNeeded, TooLong, TooManyTags
from handoff.store_ports import HandoffStore, TagStore
from kit.contracts import Transactions, Tx

TAG_LIMIT, MOST, PROPOSED = 20, 12, 50


class Tagging:
    """Tags of conversations. They stay with the customer's conversation from one handover to the next."""

    def __init__(self, *, transactions: Transactions, store: TagStore, handoffs: HandoffStore, news: News) -> None:
        self._transactions, self._store, self._handoffs, self._news = transactions, store, handoffs, news

    async def of(self, conversation_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """The tags of each conversation that has any, by name."""
        return await self._store.of(conversation_ids)

    async def known(self) -> tuple[str, ...]:
        """What is used most, to choose from."""
        return await self._store.most_used(limit=PROPOSED)

    async def add(self, conversation_id: str, tag: str) -> None:
        """Put a tag on a conversation; twice is once. Raises TitleNeeded, TooLong, TooManyTags, NotHandedOver."""
        clean = clean_tag(tag)
        if await self._handoffs.latest(conversation_id) is None:
            raise NotHandedOver

        async def work(tx: Tx) -> int:
            await self._store.add(tx, conversation_id, clean)
            number = await self._store.count(tx, conversation_id)
            if number > MOST:
                raise TooManyTags(field="tag", limit=MOST)
            return number

        await self._transactions.write(work)
        await self._news.desk_changed(conversation_id)

    async def remove(self, conversation_id: str, tag: str) -> None:
        """Take a tag away; one that is not there is no fault."""

        async def work(tx: Tx) -> None:
            await self._store.remove(tx, conversation_id, tag)

        await self._transactions.write(work)
        await self._news.desk_changed(conversation_id)


def clean_tag(tag: str) -> str:
    """A tag as it is stored: one line, without "#", letters of one form. Raises TitleNeeded and TooLong."""
    clean = " ".join(unicodedata.normalize("NFKC", tag).split()).lstrip("# ").lower()
    if not clean:
        raise TitleNeeded(field="tag")
    if len(clean) > TAG_LIMIT:
        raise TooLong(field="tag", limit=TAG_LIMIT)
    return clean
