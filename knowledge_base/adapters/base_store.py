"""knowledge_base: the published base in SQL: publications, vectors, feedback. Fits `knowledge_base.ports.BaseStore`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import and_, case, delete, func, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from kit.contracts import Language, Tx
from kit.sql import Database, connection_of
from knowledge_base.adapters.mapping import draft_of
from knowledge_base.adapters.tables import (
    article_vectors,
    article_versions,
    articles,
    calibrations,
    knowledge_base_state,
    publications,
)
from knowledge_base.calibration import Calibration, as_json, from_json
from knowledge_base.contracts import Audience, Draft, Publication, PublicationKind
from knowledge_base.wordings import BaseState, PublishedArticle, Role, Wording

_FOR_CUSTOMERS = case((articles.c.shown_to == str(Audience.CUSTOMERS), articles.c.published_version), else_=None)
"""The version that customers get; what only agents read is not in the base."""
_AUDIENCE = article_versions.c.content[("details", "audience")].as_string()
_STATE = select(knowledge_base_state.c.version, knowledge_base_state.c.calibration)

CHUNK = 500
"""Articles asked for in one statement; SQLite takes no endless lists."""


class SqlBaseStore:
    """What customers get, and what they thought of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def state(self) -> BaseState:
        async with self._database.read() as connection:
            row = (await connection.execute(_STATE)).first()
        return BaseState(version=row[0], calibration=row[1]) if row else BaseState(version=0, calibration=None)

    async def calibration(self, version: str, *, encoder: str) -> Calibration | None:
        query = select(calibrations.c.content).where(
            calibrations.c.version == version, calibrations.c.encoder == encoder
        )
        async with self._database.read() as connection:
            content = (await connection.execute(query)).scalar()
        return from_json(content) if content else None

    async def use_calibration(
        self, tx: Tx, *, calibration: Calibration, base_version: int, encoder: str, at: datetime
    ) -> None:
        connection = connection_of(tx)
        new = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        await connection.execute(
            new(calibrations)
            .values(
                version=calibration.version,
                base_version=base_version,
                encoder=encoder,
                content=as_json(calibration),
                at=at,
            )
            .on_conflict_do_nothing()
        )
        await connection.execute(update(knowledge_base_state).values(calibration=calibration.version))

    async def publish(
        self,
        tx: Tx,
        *,
        kind: PublicationKind,
        article_id: str,
        article_version: int,
        at: datetime,
        by: str,
        reason: str = "",
    ) -> int:
        connection = connection_of(tx)
        new = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        await connection.execute(new(knowledge_base_state).values(id=1, version=0).on_conflict_do_nothing())
        bumped = await connection.execute(
            update(knowledge_base_state)
            .values(version=knowledge_base_state.c.version + 1)
            .returning(knowledge_base_state.c.version)
        )
        version = int(bumped.scalar_one())
        await connection.execute(
            insert(publications).values(
                version=version,
                kind=str(kind),
                article_id=article_id,
                article_version=article_version,
                at=at,
                by=by,
                reason=reason,
            )
        )
        return version

    async def publications(self, article_id: str) -> tuple[Publication, ...]:
        query = (
            select(publications).where(publications.c.article_id == article_id).order_by(publications.c.version.desc())
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return tuple(
            Publication(
                version=row["version"],
                kind=PublicationKind(row["kind"]),
                article_id=row["article_id"],
                article_version=row["article_version"],
                at=row["at"],
                by=row["by"],
                reason=row["reason"],
            )
            for row in rows
        )

    async def published(self) -> tuple[int, tuple[tuple[str, int], ...]]:
        chosen = select(articles.c.id, _FOR_CUSTOMERS).where(_FOR_CUSTOMERS.is_not(None))
        async with self._database.read() as connection:
            # Two reads of one snapshot on SQLite; on PostgreSQL the version is read first, so that it is never too new.
            found = (await connection.execute(select(knowledge_base_state.c.version))).scalar()
            rows = (await connection.execute(chosen.order_by(articles.c.id))).all()
        return int(found or 0), tuple((row[0], int(row[1])) for row in rows)

    async def published_for_agents(self) -> tuple[tuple[str, int], ...]:
        chosen = select(articles.c.id, articles.c.published_version).where(
            articles.c.published_version.is_not(None), articles.c.shown_to == str(Audience.AGENTS)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(chosen.order_by(articles.c.id))).all()
        return tuple((row[0], int(row[1])) for row in rows)

    async def published_version(self, article_id: str) -> int | None:
        query = select(_FOR_CUSTOMERS).where(articles.c.id == article_id)
        async with self._database.read() as connection:
            found: int | None = (await connection.execute(query)).scalar()
        return found

    async def published_at(self, version: int) -> tuple[tuple[str, int], ...]:
        newest = (
            select(publications.c.article_id, func.max(publications.c.version).label("version"))
            .where(publications.c.version <= version)
            .group_by(publications.c.article_id)
            .subquery()
        )
        query = (
            select(publications.c.article_id, publications.c.article_version)
            .join(newest, publications.c.version == newest.c.version)
            .join(
                article_versions,
                and_(
                    article_versions.c.article_id == publications.c.article_id,
                    article_versions.c.version == publications.c.article_version,
                ),
            )
            .where(
                publications.c.kind == str(PublicationKind.PUBLISH),
                # Versions that are older than this field were for customers.
                func.coalesce(_AUDIENCE, str(Audience.CUSTOMERS)) == str(Audience.CUSTOMERS),
            )
            .order_by(publications.c.article_id)
        )
        async with self._database.read() as connection:
            return tuple((row[0], int(row[1])) for row in await connection.execute(query))

    async def changes(self, after: int) -> tuple[int, tuple[tuple[str, int | None], ...]]:
        changed = select(publications.c.article_id, func.max(publications.c.version)).where(
            publications.c.version > after
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(changed.group_by(publications.c.article_id))).all()
            if not rows:
                return after, ()
            now = max(int(row[1]) for row in rows)
            ids = [row[0] for row in rows]
            current: dict[str, int | None] = dict.fromkeys(ids)
            for start in range(0, len(ids), CHUNK):
                part = ids[start : start + CHUNK]
                found = select(articles.c.id, _FOR_CUSTOMERS).where(articles.c.id.in_(part))
                current |= {row[0]: row[1] for row in await connection.execute(found)}
        return now, tuple(current.items())

    async def find_published(self, keys: Sequence[str]) -> dict[str, tuple[str, int]]:
        query = select(articles.c.key, articles.c.id, _FOR_CUSTOMERS).where(
            articles.c.key.in_(keys), _FOR_CUSTOMERS.is_not(None)
        )
        async with self._database.read() as connection:
            return {row[0]: (row[1], int(row[2])) for row in await connection.execute(query)}

    async def contents(self, wanted: Sequence[tuple[str, int]]) -> tuple[PublishedArticle, ...]:
        out = []
        async with self._database.read() as connection:
            for start in range(0, len(wanted), CHUNK):
                part = wanted[start : start + CHUNK]
                query = select(article_versions).where(
                    tuple_(article_versions.c.article_id, article_versions.c.version).in_(part)
                )
                for row in (await connection.execute(query)).mappings():
                    draft: Draft = draft_of(row["content"])
                    out.append(PublishedArticle(id=row["article_id"], version=row["version"], content=draft))
        return tuple(out)

    async def store_vectors(
        self, tx: Tx, *, article_id: str, version: int, encoder: str, wordings: Sequence[Wording]
    ) -> None:
        connection = connection_of(tx)
        same = and_(
            article_vectors.c.article_id == article_id,
            article_vectors.c.version == version,
            article_vectors.c.encoder == encoder,
        )
        await connection.execute(delete(article_vectors).where(same))
        if not wordings:
            return
        rows = [
            {
                "article_id": article_id,
                "version": version,
                "encoder": encoder,
                "language": str(wording.language),
                "position": position,
                "role": str(wording.role),
                "wording": wording.text,
                "vector": wording.vector.astype("<f2").tobytes(),
            }
            for position, wording in enumerate(wordings)
        ]
        await connection.execute(insert(article_vectors), rows)

    async def forget_vectors(self, tx: Tx, *, article_id: str, except_version: int | None) -> None:
        mine = article_vectors.c.article_id == article_id
        if except_version is not None:
            mine = and_(mine, article_vectors.c.version != except_version)
        await connection_of(tx).execute(delete(article_vectors).where(mine))

    async def vectors(self, wanted: Sequence[tuple[str, int]], *, encoder: str) -> dict[str, tuple[Wording, ...]]:
        found: dict[str, list[Wording]] = {}
        async with self._database.read() as connection:
            for start in range(0, len(wanted), CHUNK):
                part = wanted[start : start + CHUNK]
                query = (
                    select(article_vectors)
                    .where(
                        tuple_(article_vectors.c.article_id, article_vectors.c.version).in_(part),
                        article_vectors.c.encoder == encoder,
                    )
                    .order_by(article_vectors.c.article_id, article_vectors.c.position)
                )
                for row in await connection.execute(query):
                    vector = np.frombuffer(row.vector, "<f2").astype(np.float32)
                    wording = Wording(
                        language=Language(row.language), role=Role(row.role), text=row.wording, vector=vector
                    )
                    found.setdefault(row.article_id, []).append(wording)
        return {article_id: tuple(wordings) for article_id, wordings in found.items()}
