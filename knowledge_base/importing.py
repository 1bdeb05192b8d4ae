"""knowledge_base: brings many articles into the base at once; used for the starter content at the first start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from kit.contracts import Clock, NewId, Signals, Transactions, Tx
from knowledge_base.contracts import Article, ArticleStatus, Change, Draft, PublicationKind
from knowledge_base.encoding import WordingEncoder
from knowledge_base.ports import ArticleStore, BaseStore
from knowledge_base.publishing import TOPIC
from knowledge_base.refusals import ArticleInvalid
from knowledge_base.validation import find_faults, tidy
from knowledge_base.wordings import Wording, wordings_of

TOGETHER = 20
"""Articles stored in one transaction; the single writer of SQLite is needed by others too."""


class Importing:
    """Publishes drafts whose key the base does not know yet. Fits `bot.ports.Articles`."""

    def __init__(
        self,
        *,
        articles: ArticleStore,
        base: BaseStore,
        encoder: WordingEncoder,
        transactions: Transactions,
        signals: Signals,
        clock: Clock,
        new_id: NewId,
        by: str,
        starter: Callable[[], Sequence[Draft]],
    ) -> None:
        self._articles, self._base, self._encoder = articles, base, encoder
        self._transactions, self._signals, self._clock, self._new_id = transactions, signals, clock, new_id
        self._by, self._starter = by, starter

    async def find(self, key: str) -> Article | None:
        """The article of this key."""
        return await self._articles.find_by_key(key)

    async def import_starter(self) -> int:
        """Publish every starter article that is not there yet; returns how many were new.

        An article that was retired or rewritten since keeps that: only unknown keys are imported.
        """
        known = await self._articles.keys()
        return await self.publish_all([draft for draft in self._starter() if draft.key not in known])

    async def publish_all(self, drafts: Sequence[Draft]) -> int:
        """Store and publish these articles; all are checked first. Raises `ArticleInvalid` naming the first bad key."""
        tidied = [tidy(draft) for draft in drafts]
        for draft in tidied:
            faults = find_faults(draft, publishing=True)
            if faults:
                raise ArticleInvalid(field=f"{draft.key}: {next(iter(faults))}", details=faults)
        wordings = [wordings_of(draft) for draft in tidied]
        encoded = await asyncio.to_thread(self._encoder.encode, [each for group in wordings for each in group])
        version = start = 0
        ready: list[tuple[Draft, Sequence[Wording]]] = []
        for draft, group in zip(tidied, wordings, strict=True):
            ready.append((draft, encoded[start : start + len(group)]))
            start += len(group)
        count = 0
        for begin in range(0, len(ready), TOGETHER):
            part = ready[begin : begin + TOGETHER]
            stored, version = await self._transactions.write(partial(self._store, part=part))
            count += stored
        if count:
            await self._signals.publish(TOPIC, {"version": version})
        return count

    async def _store(self, tx: Tx, *, part: Sequence[tuple[Draft, Sequence[Wording]]]) -> tuple[int, int]:
        count = version = 0
        for draft, wordings in part:
            at, article_id = self._clock(), self._new_id()
            made = await self._articles.create(
                tx, article_id=article_id, draft=draft, change=Change.IMPORTED, at=at, by=self._by
            )
            if made is None:
                continue  # two processes import at once: the other one was faster
            await self._articles.mark(
                tx, article_id=article_id, expected_version=1, status=ArticleStatus.PUBLISHED, published_version=1
            )
            await self._base.store_vectors(
                tx, article_id=article_id, version=1, encoder=self._encoder.fingerprint, wordings=wordings
            )
            version = await self._base.publish(
                tx, kind=PublicationKind.PUBLISH, article_id=article_id, article_version=1, at=at, by=self._by
            )
            count += 1
        return count, version
