"""knowledge_base: puts unanswered questions beside others of their meaning, as they come in; forgets old ones.

A service of the worker. What joins a dismissed cluster stays quiet; what joins a done one makes it speak up again only
where its published article does not answer the question.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from kit.contracts import Language, NewId, Transactions, Tx
from knowledge_base.clustering import Cluster, Filed, StoredCluster, UnfiledMiss, learn_limit, nearest
from knowledge_base.contracts import Again, ClusterState, Level
from knowledge_base.corpus import LANGUAGE_NUMBER
from knowledge_base.encoding import WordingEncoder
from knowledge_base.live_base import LiveBase
from knowledge_base.ports import ArticleStore, BaseStore, Reader
from knowledge_base.question_ports import ClusterStore, QuestionStore
from knowledge_base.searching import Base
from knowledge_base.service import KnowledgeBase
from knowledge_base.settings import KnowledgeBaseSettings
from knowledge_base.space import Space
from nlu.contracts import Vector
from nlu.service import fold, mask_personal

AT_ONCE = 100
"""Questions filed in one go, so that answers do not wait."""
FORGET_EVERY = timedelta(hours=1)
LOOK_EVERY = timedelta(minutes=10)
LEFT_AFTER, LEFT_SINCE = timedelta(hours=1), timedelta(days=2)
"""Choices that nobody took for so long were left. A worker that stood still looks back so far."""


class Filing:
    """Runs every few seconds in the worker."""

    def __init__(
        self,
        *,
        clusters: ClusterStore,
        questions: QuestionStore,
        live: LiveBase,
        search: KnowledgeBase,
        articles: ArticleStore,
        base: BaseStore,
        encoder: WordingEncoder,
        reader: Reader,
        transactions: Transactions,
        settings: KnowledgeBaseSettings,
        new_id: NewId,
    ) -> None:
        self._clusters, self._questions, self._live, self._search = clusters, questions, live, search
        self._articles, self._base, self._encoder, self._reader = articles, base, encoder, reader
        self._transactions, self._settings, self._new_id = transactions, settings, new_id
        self._limits: tuple[Space, dict[Language, float]] | None = None
        self._forgot: datetime | None = None
        self._looked: datetime | None = None

    async def run(self, now: datetime) -> int:
        """File what came in; returns how many."""
        await self._forget(now)
        await self._take_up_left(now)
        await self._encode_anew()
        unfiled = await self._clusters.unfiled(limit=AT_ONCE)
        if not unfiled:
            return 0
        filed, stored = await self._file(unfiled)
        speaking = await self._speaking_up(filed, stored)

        async def work(tx: Tx) -> None:
            await self._clusters.file(tx, filed, encoder=self._encoder.fingerprint, at=now)
            for cluster_id, again in speaking.items():
                await self._clusters.speak_up(tx, cluster_id, again=again)

        await self._transactions.write(work)
        return len(filed)

    async def _forget(self, now: datetime) -> None:
        if self._forgot is not None and now - self._forgot < FORGET_EVERY:
            return
        before = now - timedelta(days=self._settings.keep_days)
        await self._transactions.write(lambda tx: self._questions.forget(tx, before=before))
        self._forgot = now

    async def _take_up_left(self, now: datetime) -> None:
        """Choices are no answer: who went away without taking one was not helped."""
        if self._looked is not None and now - self._looked < LOOK_EVERY:
            return
        since, until = now - LEFT_SINCE, now - LEFT_AFTER
        await self._transactions.write(lambda tx: self._questions.add_left(tx, since=since, until=until))
        self._looked = now

    async def _encode_anew(self) -> None:
        """Clusters keep their identity when the encoder changes."""
        encoder = self._encoder.fingerprint
        for cluster_id, questions in await self._clusters.foreign(encoder=encoder, limit=AT_ONCE):
            vectors = await asyncio.to_thread(self._encoder.fresh, [fold(question) or " " for question in questions])
            total: Vector = sum(vectors[1:], start=vectors[0])

            async def work(
                tx: Tx, cluster_id: str = cluster_id, total: Vector = total, size: int = len(vectors)
            ) -> None:
                await self._clusters.put_total(tx, cluster_id, encoder=encoder, total=total, size=size)

            await self._transactions.write(work)

    async def _file(self, unfiled: tuple[UnfiledMiss, ...]) -> tuple[list[Filed], dict[str, StoredCluster]]:
        """Where each belongs, and the clusters there were before."""
        base = await self._live.current()
        limits = await self._limits_of(base)
        masked = [mask_personal(miss.question) for miss in unfiled]
        vectors = await asyncio.to_thread(self._encoder.fresh, [fold(question) or " " for question in masked])
        known: dict[Language, list[Cluster]] = {language: [] for language in Language}
        stored: dict[str, StoredCluster] = {}
        for each in await self._clusters.clusters(encoder=self._encoder.fingerprint):
            known[each.language].append(each.cluster)
            stored[each.cluster.id] = each
        filed: list[Filed] = []
        for miss, question, vector in zip(unfiled, masked, vectors, strict=True):
            mine = known[miss.language]
            near = nearest(vector, tuple(mine), space=base.space, language=LANGUAGE_NUMBER[miss.language])
            founds = near is None or near[1] < limits[miss.language]
            if near is None or founds:
                joined = Cluster(id=self._new_id(), total=vector, size=1)
                mine.append(joined)
            else:
                joined = near[0].joined(vector)
                mine[mine.index(near[0])] = joined
            target = stored[joined.id].merged_into if joined.id in stored else None
            filed.append(
                Filed(
                    miss=miss,
                    question=question,
                    cluster_id=target or joined.id,
                    joined_id=joined.id,
                    founds=founds,
                    vector=vector,
                )
            )
        return filed, stored

    async def _limits_of(self, base: Base) -> dict[Language, float]:
        if self._limits is None or self._limits[0] is not base.space:
            limits = {
                language: await asyncio.to_thread(learn_limit, base.big.corpus, base.space, LANGUAGE_NUMBER[language])
                for language in Language
            }
            self._limits = base.space, limits
        return self._limits[1]

    async def _speaking_up(self, filed: list[Filed], stored: dict[str, StoredCluster]) -> dict[str, Again]:
        """Done clusters whose article did not answer what joined them."""
        found: dict[str, Again] = {}
        for each in filed:
            cluster = stored.get(each.cluster_id)
            if cluster is None or cluster.state is not ClusterState.DONE or cluster.again or cluster.article_id is None:
                continue
            again = await self._again(each.miss, cluster.article_id)
            if again is not None:
                found[each.cluster_id] = again
        return found

    async def _again(self, miss: UnfiledMiss, article_id: str) -> Again | None:
        publications = await self._base.publications(article_id)
        if not any(publication.at < miss.at for publication in publications):
            return None  # it waits for its article
        if await self._base.published_version(article_id) is None:
            return Again.RETIRED
        reading = replace(await self._reader.read(miss.question, previous=miss.language), language=miss.language)
        result = await self._search.search(reading)
        first = result.matches[0].article_id if result.matches else None
        if result.level is not Level.SURE or first != article_id:
            return Again.NOT_FOUND
        return Again.NOT_HELPFUL if miss.why == "not_helpful" else None
