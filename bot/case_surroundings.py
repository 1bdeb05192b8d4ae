"""bot: what lies around a case; implements `cases.linking.Surroundings` and `cases.own.ChatFiles`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.contracts import Conversation
from handoff.contracts import KnownArticle, Link
from kit.contracts import Language
from kit.files import SentFile
from kit.texts import Texts
from knowledge_base.contracts import Match
from staff.contracts.sight import Sight


class Reads(Protocol):
    """Conversations by id."""

    async def find(self, conversation_id: str) -> Conversation | None: ...


class Records(Protocol):
    """Which conversations are one customer's."""

    async def root(self, conversation_id: str) -> str: ...

    async def links(self, root: str) -> tuple[Link, ...]: ...


class Covered(Protocol):
    """Which of some conversations somebody may see."""

    async def covered(self, conversation_ids: Sequence[str], *, sight: Sight) -> frozenset[str]: ...


class LooksUp(Protocol):
    """Articles by words."""

    async def look_up(self, words: str, language: Language) -> tuple[KnownArticle, ...]: ...


class Published(Protocol):
    """Articles by id."""

    async def published(self, article_id: str, language: Language) -> Match | None: ...


class Files(Protocol):
    """Files of conversations. `bot.entry_files.EntryFiles` fits."""

    async def load(self, conversation_id: str, seq: int) -> SentFile: ...


class CaseSurroundings:
    """Conversations, articles and files as a case names them."""

    def __init__(
        self,
        *,
        reads: Reads,
        records: Records,
        seen: Covered,
        articles: LooksUp,
        published: Published,
        files: Files,
        texts: Texts,
        language: Language,
    ) -> None:
        self._reads, self._records, self._seen = reads, records, seen
        self._articles, self._published, self._files = articles, published, files
        self._texts, self._language = texts, language

    async def conversation(self, conversation_id: str, *, sight: Sight) -> str | None:
        found = await self._reads.find(conversation_id)
        if found is None or conversation_id not in await self._seen.covered([conversation_id], sight=sight):
            return None
        return self._label(found)

    async def of_customer(self, conversation_id: str, *, sight: Sight) -> tuple[tuple[str, str], ...]:
        root = await self._records.root(conversation_id)
        every = [root, *(link.conversation_id for link in await self._records.links(root))]
        seen = await self._seen.covered([each for each in every if each != conversation_id], sight=sight)
        found = [await self._reads.find(each) for each in every if each in seen]
        return tuple((each.id, self._label(each)) for each in found if each is not None)

    async def same_customer(self, one: str, other: str) -> bool:
        return await self._records.root(one) == await self._records.root(other)

    async def article(self, article_id: str, language: Language) -> str | None:
        found = await self._published.published(article_id, language)
        return None if found is None else found.title

    async def articles(self, words: str, language: Language) -> tuple[tuple[str, str], ...]:
        return tuple((each.id, each.title) for each in await self._articles.look_up(words, language))

    async def load(self, conversation_id: str, seq: int) -> SentFile:
        return await self._files.load(conversation_id, seq)

    def _label(self, conversation: Conversation) -> str:
        key = f"desk.channel.{conversation.channel}"
        channel = self._texts(key, self._language) if self._texts.has(key) else conversation.channel
        return " · ".join(filter(None, (channel, conversation.customer_name)))
