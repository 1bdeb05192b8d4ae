"""knowledge_base: why a past reply said what it said: its search made again with the base and model of that moment.

A past base is put together from the present one in memory and the article versions that have changed since; it is
searched exactly and never swapped in. A service: it asks the store and nobody is answered from what it builds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from kit.refusals import NotFound
from knowledge_base.calibration import STARTING, Calibration
from knowledge_base.contracts import Explanation, NoReplay, PastReply, Why
from knowledge_base.corpus import ArticleRef
from knowledge_base.encoding import WordingEncoder
from knowledge_base.live_base import LiveBase
from knowledge_base.ports import BaseStore, PastReplies, Reader
from knowledge_base.searching import Base
from knowledge_base.segment_making import Brought, SegmentMaker
from knowledge_base.service import KnowledgeBase
from knowledge_base.wordings import wordings_of


class CannotReplay(Exception):
    """The search cannot be made again as it was; `why` says why not."""

    def __init__(self, why: NoReplay) -> None:
        super().__init__(str(why))
        self.why = why


class Replay:
    """Explains past replies. `making` must search exactly: a past base is asked once."""

    def __init__(
        self,
        *,
        live: LiveBase,
        search: KnowledgeBase,
        store: BaseStore,
        encoder: WordingEncoder,
        making: SegmentMaker,
        reader: Reader,
        replies: PastReplies,
    ) -> None:
        self._live, self._search, self._store, self._encoder = live, search, store, encoder
        self._making, self._reader, self._replies = making, reader, replies
        self._kept: tuple[int, Base] | None = None
        self._lock = asyncio.Lock()

    async def reply(self, reply_id: str) -> PastReply:
        """What was recorded of this reply; nothing is searched. Raises `NotFound`."""
        reply = await self._replies.find(reply_id)
        if reply is None:
            raise NotFound
        return reply

    async def why(self, reply_id: str) -> Why:
        """Why this reply was given, and what would be found today. Raises `NotFound`."""
        reply = await self.reply(reply_id)
        if not reply.question.strip():
            return Why(reply=reply, then=None, not_then=NoReplay.NOT_SEARCHED, today=None)
        reading = replace(await self._reader.read(reply.question, previous=reply.language), language=reply.language)
        today = await self._search.explain(reading)
        then: Explanation | None = None
        try:
            then = await self._search.explain(reading, base=await self._past(reply))
        except CannotReplay as fault:
            return Why(reply=reply, then=None, not_then=fault.why, today=today)
        return Why(reply=reply, then=then, not_then=None, today=today)

    async def _past(self, reply: PastReply) -> Base:
        """The base as it stood when the reply was decided. Raises `CannotReplay`."""
        if reply.level is None:
            raise CannotReplay(NoReplay.NOT_SEARCHED)
        encoder, _, version = reply.model.rpartition("/")
        if encoder != self._encoder.fingerprint:
            raise CannotReplay(NoReplay.OTHER_ENCODER)
        calibration = await self._calibration(version)
        async with self._lock:  # whoever loads the page again meanwhile waits for the same base
            if self._kept is None or self._kept[0] != reply.knowledge_base_version:
                self._kept = reply.knowledge_base_version, await self._base_at(reply.knowledge_base_version)
        return replace(self._kept[1], calibration=calibration)

    async def _calibration(self, version: str) -> Calibration:
        if version == STARTING.version:
            return STARTING
        found = await self._store.calibration(version, encoder=self._encoder.fingerprint)
        if found is None:
            raise CannotReplay(NoReplay.CALIBRATION_GONE)
        return found

    async def _base_at(self, version: int) -> Base:
        now = await self._live.current()
        if version > now.version:
            raise CannotReplay(NoReplay.BASE_GONE)
        if version == now.version:
            return now
        held = set(await self._store.published_at(version))
        refs = now.big.corpus.articles
        gone = frozenset(number for number, ref in enumerate(refs) if (ref.id, ref.version) not in held)
        lacking = sorted(held - {(ref.id, ref.version) for ref in refs})
        if not gone and not lacking:  # the big index is that of then, and nothing needs to be made
            return replace(now, version=version, small=None, gone=frozenset())
        brought = await self._bring(lacking)
        segment, space = await asyncio.to_thread(self._making.renewed, now.big, gone, (), brought)
        return replace(now, version=version, big=segment, small=None, gone=frozenset(), space=space)

    async def _bring(self, wanted: Sequence[tuple[str, int]]) -> list[Brought]:
        """These versions with their vectors; a version that is published no more is encoded again and not kept."""
        found = await self._store.vectors(wanted, encoder=self._encoder.fingerprint) if wanted else {}
        lacking = [pair for pair in wanted if pair[0] not in found]
        for article in await self._store.contents(lacking) if lacking else ():
            found[article.id] = await asyncio.to_thread(self._encoder.encode, wordings_of(article.content))
        return [
            (ArticleRef(id=article_id, version=version), found[article_id])
            for article_id, version in wanted
            if article_id in found
        ]
