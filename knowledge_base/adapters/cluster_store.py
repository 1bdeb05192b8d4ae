"""knowledge_base: clusters of unanswered questions, in SQL. Implements `knowledge_base.question_ports.ClusterStore`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, insert, or_, select, update

from kit.contracts import Language, Tx
from kit.sql import Database, connection_of
from knowledge_base.adapters.tables import miss_clusters, misses
from knowledge_base.clustering import Cluster, Filed, StoredCluster, UnfiledMiss
from knowledge_base.contracts import Again, ClusterCard, ClusterLine, ClusterPage, ClusterState, QuestionFilter
from nlu.contracts import Vector

WEEKS = 8
"""Shown in a cluster's trend."""
SAMPLE = 50
"""Questions of a cluster that are encoded anew when the encoder changes."""
NOTHING = ""


class SqlClusterStore:
    """`zone` decides when a day begins."""

    def __init__(self, database: Database, *, zone: tzinfo) -> None:
        self._database, self._zone = database, zone

    async def unfiled(self, *, limit: int) -> tuple[UnfiledMiss, ...]:
        query = (
            select(misses.c.id, misses.c.question, misses.c.language, misses.c.why, misses.c.at)
            .where(misses.c.cluster_id.is_(None), misses.c.dismissed_at.is_(None))
            .order_by(misses.c.at)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple(
                UnfiledMiss(id=row.id, question=row.question, language=Language(row.language), why=row.why, at=row.at)
                for row in await connection.execute(query)
            )

    async def clusters(self, *, encoder: str) -> tuple[StoredCluster, ...]:
        query = select(miss_clusters).where(miss_clusters.c.encoder == encoder).order_by(miss_clusters.c.id)
        async with self._database.read() as connection:
            return tuple(
                StoredCluster(
                    cluster=Cluster(id=row.id, total=np.frombuffer(row.total, "<f4"), size=row.size),
                    language=Language(row.language),
                    state=ClusterState(row.state),
                    article_id=row.article_id,
                    merged_into=row.merged_into,
                    again=bool(row.again),
                )
                for row in await connection.execute(query)
            )

    async def foreign(self, *, encoder: str, limit: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
        found: list[tuple[str, tuple[str, ...]]] = []
        query = select(miss_clusters.c.id, miss_clusters.c.title).where(miss_clusters.c.encoder != encoder).limit(limit)
        async with self._database.read() as connection:
            for row in (await connection.execute(query)).all():
                newest = (
                    select(misses.c.question)
                    .where(misses.c.cluster_id == row.id)
                    .order_by(misses.c.at.desc())
                    .limit(SAMPLE)
                )
                questions = tuple((await connection.execute(newest)).scalars())
                found.append((row.id, questions or (row.title,)))
        return tuple(found)

    async def file(self, tx: Tx, filed: Sequence[Filed], *, encoder: str, at: datetime) -> None:
        connection = connection_of(tx)
        for each in filed:
            free = and_(misses.c.id == each.miss.id, misses.c.cluster_id.is_(None))
            taken = await connection.execute(
                update(misses).where(free).values(cluster_id=each.cluster_id, question=each.question)
            )
            if not taken.rowcount:
                continue
            if each.founds:
                await connection.execute(
                    insert(miss_clusters).values(
                        id=each.joined_id,
                        language=str(each.miss.language),
                        title=each.question,
                        state=str(ClusterState.OPEN),
                        size=1,
                        encoder=encoder,
                        total=_bytes(each.vector),
                        founded_at=each.miss.at,
                        changed_at=at,
                        changed_by=NOTHING,
                    )
                )
                continue
            known = select(miss_clusters.c.total, miss_clusters.c.size).where(miss_clusters.c.id == each.joined_id)
            row = (await connection.execute(known.with_for_update())).one()
            total = np.frombuffer(row.total, "<f4") + each.vector
            await self.put_total(tx, each.joined_id, encoder=encoder, total=total, size=row.size + 1)

    async def put_total(self, tx: Tx, cluster_id: str, *, encoder: str, total: Vector, size: int) -> None:
        await connection_of(tx).execute(
            update(miss_clusters)
            .where(miss_clusters.c.id == cluster_id)
            .values(encoder=encoder, total=_bytes(total), size=size)
        )

    async def speak_up(self, tx: Tx, cluster_id: str, *, again: Again) -> None:
        await connection_of(tx).execute(
            update(miss_clusters)
            .where(miss_clusters.c.id == cluster_id, miss_clusters.c.state == str(ClusterState.DONE))
            .values(again=str(again))
        )

    async def page(self, chosen: QuestionFilter, *, quiet: bool, today: date, offset: int, limit: int) -> ClusterPage:
        begin = datetime.combine(chosen.since, time(), self._zone)
        loud = or_(
            miss_clusters.c.state == str(ClusterState.OPEN),
            and_(miss_clusters.c.state == str(ClusterState.DONE), miss_clusters.c.again != NOTHING),
        )
        kept = [misses.c.at >= begin, misses.c.dismissed_at.is_(None), ~loud if quiet else loud]
        if chosen.language is not None:
            kept.append(miss_clusters.c.language == str(chosen.language))
        of_channel = [misses.c.channel == chosen.channel] if chosen.channel else []
        groups = _lines().where(*kept, *of_channel).group_by(miss_clusters.c.id)
        customers, last = func.count(distinct(_customer())), func.max(misses.c.at)
        query = groups.order_by(customers.desc(), last.desc(), miss_clusters.c.id).offset(offset).limit(limit)
        async with self._database.read() as connection:
            total = (await connection.execute(select(func.count()).select_from(groups.subquery()))).scalar_one()
            rows = (await connection.execute(query)).mappings().all()
            ids = [row["id"] for row in rows]
            weeks = await self._trends(connection, ids, of_channel, today)
            whys: dict[str, list[tuple[str, int]]] = {}
            counted = select(misses.c.cluster_id, misses.c.why, func.count()).where(
                misses.c.cluster_id.in_(ids), misses.c.at >= begin, *of_channel
            )
            for cluster_id, why, count in await connection.execute(counted.group_by(misses.c.cluster_id, misses.c.why)):
                whys.setdefault(cluster_id, []).append((str(why), int(count)))
            channels = (
                await connection.execute(select(misses.c.channel).where(misses.c.at >= begin).distinct())
            ).scalars()
            named = tuple(sorted(str(channel) for channel in channels if channel))
        return ClusterPage(
            lines=tuple(_line(row, weeks=weeks.get(row["id"], ()), whys=whys.get(row["id"], [])) for row in rows),
            total=int(total),
            channels=named,
        )

    async def card(self, cluster_id: str, *, today: date, wordings: int, replies: int) -> ClusterCard | None:
        mine = misses.c.cluster_id == cluster_id
        async with self._database.read() as connection:
            query = _lines().where(miss_clusters.c.id == cluster_id).group_by(miss_clusters.c.id)
            row = (await connection.execute(query)).mappings().one_or_none()
            if row is None:
                return None
            customers = func.count(distinct(_customer()))
            said = await connection.execute(
                select(misses.c.question, customers)
                .where(mine)
                .group_by(misses.c.question)
                .order_by(customers.desc(), func.max(misses.c.at).desc())
                .limit(wordings)
            )
            written = await connection.execute(
                select(misses.c.reply)
                .where(mine, misses.c.reply != NOTHING)
                .order_by(misses.c.at.desc())
                .limit(replies)
            )
            near = (
                select(misses.c.best_article_id)
                .where(mine, misses.c.best_article_id.is_not(None))
                .group_by(misses.c.best_article_id)
                .order_by(func.count().desc())
                .limit(1)
            )
            whys = await connection.execute(select(misses.c.why, func.count()).where(mine).group_by(misses.c.why))
            weeks = await self._trends(connection, [cluster_id], [], today)
            return ClusterCard(
                line=_line(row, weeks=weeks.get(cluster_id, ()), whys=[(str(why), int(n)) for why, n in whys]),
                wordings=tuple((str(question), int(count)) for question, count in said),
                replies=tuple(dict.fromkeys(str(reply) for reply in written.scalars())),
                best_article_id=(await connection.execute(near)).scalar(),
            )

    async def settle(
        self, tx: Tx, cluster_id: str, *, state: ClusterState, article_id: str | None, at: datetime, by: str
    ) -> bool:
        values = {"state": str(state), "article_id": article_id, "again": NOTHING, "changed_at": at, "changed_by": by}
        done = await connection_of(tx).execute(
            update(miss_clusters)
            .where(miss_clusters.c.id == cluster_id, miss_clusters.c.state != str(ClusterState.MERGED))
            .values(**values)
        )
        return bool(done.rowcount)

    async def merge(self, tx: Tx, cluster_id: str, *, into: str, at: datetime, by: str) -> bool:
        connection = connection_of(tx)
        done = await connection.execute(
            update(miss_clusters)
            .where(miss_clusters.c.id == cluster_id, miss_clusters.c.state != str(ClusterState.MERGED))
            .values(state=str(ClusterState.MERGED), merged_into=into, again=NOTHING, changed_at=at, changed_by=by)
        )
        if not done.rowcount:
            return False
        # What was merged into this one goes along, so that one step always leads to where questions are shown.
        await connection.execute(
            update(miss_clusters).where(miss_clusters.c.merged_into == cluster_id).values(merged_into=into)
        )
        await connection.execute(update(misses).where(misses.c.cluster_id == cluster_id).values(cluster_id=into))
        return True

    async def _trends(
        self, connection: Any, ids: Sequence[str], kept: Sequence[ColumnElement[bool]], today: date
    ) -> dict[str, tuple[int, ...]]:
        """Questions a week of each cluster, the present week last."""
        edges = _week_edges(today, self._zone)
        week = case(*((misses.c.at < edge, number) for number, edge in enumerate(edges[1:])), else_=WEEKS - 1)
        query = (
            select(misses.c.cluster_id, week, func.count())
            .where(misses.c.cluster_id.in_(ids), misses.c.at >= edges[0], *kept)
            .group_by(misses.c.cluster_id, week)
        )
        found = {cluster_id: [0] * WEEKS for cluster_id in ids}
        for cluster_id, number, count in await connection.execute(query):
            found[cluster_id][number] = int(count)
        return {cluster_id: tuple(counts) for cluster_id, counts in found.items()}


def _customer() -> ColumnElement[str]:
    """Who asked; a question kept before customers were told apart counts as one customer's."""
    return case((misses.c.customer == NOTHING, misses.c.id), else_=misses.c.customer)


def _lines() -> Select[Any]:
    return select(
        miss_clusters.c.id,
        miss_clusters.c.title,
        miss_clusters.c.language,
        miss_clusters.c.state,
        miss_clusters.c.article_id,
        miss_clusters.c.again,
        func.count(distinct(_customer())).label("customers"),
        func.count().label("questions"),
        func.max(misses.c.at).label("last_at"),
    ).join(misses, misses.c.cluster_id == miss_clusters.c.id)


def _line(row: Any, *, weeks: tuple[int, ...], whys: list[tuple[str, int]]) -> ClusterLine:
    return ClusterLine(
        id=row["id"],
        title=row["title"],
        language=Language(row["language"]),
        state=ClusterState(row["state"]),
        article_id=row["article_id"],
        again=Again(row["again"]) if row["again"] else None,
        customers=row["customers"],
        questions=row["questions"],
        last_at=row["last_at"],
        weeks=weeks,
        whys=tuple(sorted(whys, key=lambda pair: -pair[1])),
    )


def _week_edges(today: date, zone: tzinfo) -> list[datetime]:
    """The beginnings of the last weeks (Mondays), oldest first."""
    monday = datetime.combine(today - timedelta(days=today.weekday()), time(), zone)
    return [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def _bytes(vector: Vector) -> bytes:
    return bytes(np.asarray(vector, "<f4").tobytes())
