"""knowledge_base: articles in SQL, for editors. Fits `knowledge_base.ports.ArticleStore`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from kit.contracts import Language, Tx
from kit.sql import Database, connection_of
from knowledge_base.adapters.mapping import article_of, content_of, line_of, search_text_of, version_of
from knowledge_base.adapters.tables import article_versions, articles, misses
from knowledge_base.contracts import (
    Article,
    ArticleFilter,
    ArticlePage,
    ArticleStatus,
    ArticleVersion,
    Change,
    Draft,
    MissLine,
    MissPage,
)

_WITH_CONTENT = select(articles, article_versions.c.content).join(
    article_versions,
    and_(article_versions.c.article_id == articles.c.id, article_versions.c.version == articles.c.version),
)


class SqlArticleStore:
    """Working copies, versions and the list."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, article_id: str) -> Article | None:
        return await self._first(_WITH_CONTENT.where(articles.c.id == article_id))

    async def find_by_key(self, key: str) -> Article | None:
        return await self._first(_WITH_CONTENT.where(articles.c.key == key))

    async def keys(self) -> frozenset[str]:
        async with self._database.read() as connection:
            return frozenset((await connection.execute(select(articles.c.key))).scalars())

    async def list(self, chosen: ArticleFilter, *, offset: int, limit: int) -> ArticlePage:
        wanted: list[ColumnElement[bool]] = [
            articles.c.search_text.contains(word, autoescape=True) for word in chosen.words.lower().split()
        ]
        if chosen.status is not None:
            wanted.append(articles.c.status == str(chosen.status))
        if chosen.category:
            wanted.append(articles.c.category == chosen.category)
        if chosen.missing is not None:
            wanted.append(articles.c.languages.not_like(f"%{chosen.missing}%"))
        if chosen.changed:
            wanted.append(articles.c.published_version < articles.c.version)
        newest = (articles.c.updated_at.desc(), articles.c.id.desc())
        async with self._database.read() as connection:
            # Titles stand first in the searched text, so words of the title come before words of the answer.
            place = func.strpos if connection.dialect.name == "postgresql" else func.instr
            nearest = [place(articles.c.search_text, word) for word in chosen.words.lower().split()]
            rows = await connection.execute(
                select(articles).where(*wanted).order_by(*nearest, *newest).offset(offset).limit(limit)
            )
            lines = tuple(line_of(row) for row in rows.mappings())
            total = (await connection.execute(select(func.count()).select_from(articles).where(*wanted))).scalar_one()
            counts = await connection.execute(select(articles.c.status, func.count()).group_by(articles.c.status))
            counted = {row[0]: row[1] for row in counts}
            names = (await connection.execute(select(articles.c.category).distinct())).scalars()
            categories = tuple(sorted(names))
        statuses = tuple((status, counted.get(str(status), 0)) for status in ArticleStatus)
        return ArticlePage(lines=lines, total=total, statuses=statuses, categories=categories)

    async def versions(self, article_id: str) -> tuple[ArticleVersion, ...]:
        query = (
            select(article_versions)
            .where(article_versions.c.article_id == article_id)
            .order_by(article_versions.c.version.desc())
        )
        async with self._database.read() as connection:
            return tuple(version_of(row) for row in (await connection.execute(query)).mappings())

    async def version(self, article_id: str, version: int) -> ArticleVersion | None:
        query = select(article_versions).where(
            article_versions.c.article_id == article_id, article_versions.c.version == version
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        return version_of(row) if row else None

    async def create(
        self, tx: Tx, *, article_id: str, draft: Draft, change: Change, at: datetime, by: str
    ) -> Article | None:
        connection = connection_of(tx)
        try:
            async with connection.begin_nested():
                await connection.execute(
                    insert(articles).values(
                        id=article_id,
                        status=str(ArticleStatus.DRAFT),
                        version=1,
                        published_version=None,
                        updated_at=at,
                        updated_by=by,
                        **_columns(draft),
                    )
                )
        except IntegrityError:
            return None
        await self._add_version(tx, article_id, 1, draft, change, at, by)
        return await self._read_in(tx, article_id)

    async def save(
        self,
        tx: Tx,
        *,
        article_id: str,
        expected_version: int,
        draft: Draft,
        change: Change,
        status: ArticleStatus,
        at: datetime,
        by: str,
    ) -> Article | None:
        connection = connection_of(tx)
        done = await connection.execute(
            update(articles)
            .where(articles.c.id == article_id, articles.c.version == expected_version)
            .values(version=expected_version + 1, status=str(status), updated_at=at, updated_by=by, **_columns(draft))
        )
        if done.rowcount == 0:
            return None
        await self._add_version(tx, article_id, expected_version + 1, draft, change, at, by)
        return await self._read_in(tx, article_id)

    async def mark(
        self,
        tx: Tx,
        *,
        article_id: str,
        expected_version: int,
        status: ArticleStatus,
        published_version: int | None,
    ) -> Article | None:
        done = await connection_of(tx).execute(
            update(articles)
            .where(articles.c.id == article_id, articles.c.version == expected_version)
            .values(status=str(status), published_version=published_version)
        )
        return await self._read_in(tx, article_id) if done.rowcount else None

    async def delete(self, tx: Tx, *, article_id: str, expected_version: int) -> bool:
        connection = connection_of(tx)
        chosen = and_(articles.c.id == article_id, articles.c.version == expected_version)
        found = (await connection.execute(select(articles.c.id).where(chosen).with_for_update())).first()
        if found is None:
            return False
        await connection.execute(delete(article_versions).where(article_versions.c.article_id == article_id))
        await connection.execute(delete(articles).where(chosen))
        return True

    async def misses(self, *, language: Language | None, offset: int, limit: int) -> MissPage:
        kept: list[ColumnElement[bool]] = [misses.c.dismissed_at.is_(None)]
        if language is not None:
            kept.append(misses.c.language == str(language))
        groups = (
            select(
                misses.c.question,
                misses.c.language,
                func.min(misses.c.why).label("why"),
                func.count().label("count"),
                func.max(misses.c.at).label("last_at"),
                func.max(misses.c.best_article_id).label("best_article_id"),
            )
            .where(*kept)
            .group_by(misses.c.question, misses.c.language)
        )
        async with self._database.read() as connection:
            total = (await connection.execute(select(func.count()).select_from(groups.subquery()))).scalar_one()
            rows = await connection.execute(
                groups.order_by(func.max(misses.c.at).desc(), misses.c.question).offset(offset).limit(limit)
            )
            lines = tuple(
                MissLine(
                    question=row["question"],
                    language=Language(row["language"]),
                    why=row["why"],
                    count=row["count"],
                    last_at=row["last_at"],
                    best_article_id=row["best_article_id"],
                )
                for row in rows.mappings()
            )
        return MissPage(lines=lines, total=total)

    async def dismiss_miss(self, tx: Tx, *, question: str, language: Language, at: datetime, by: str) -> int:
        done = await connection_of(tx).execute(
            update(misses)
            .where(misses.c.question == question, misses.c.language == str(language), misses.c.dismissed_at.is_(None))
            .values(dismissed_at=at, dismissed_by=by)
        )
        return int(done.rowcount)

    async def _first(self, query: Select[tuple[object, ...]]) -> Article | None:
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        return article_of(row) if row else None

    async def _read_in(self, tx: Tx, article_id: str) -> Article:
        rows = await connection_of(tx).execute(_WITH_CONTENT.where(articles.c.id == article_id))
        return article_of(rows.mappings().one())

    async def _add_version(  # noqa: PLR0917 - the columns, in their order
        self, tx: Tx, article_id: str, version: int, draft: Draft, change: Change, at: datetime, by: str
    ) -> None:
        await connection_of(tx).execute(
            insert(article_versions).values(
                article_id=article_id,
                version=version,
                change=str(change),
                content=content_of(draft),
                at=at,
                by=by,
            )
        )


def _columns(draft: Draft) -> dict[str, object]:
    return {
        "key": draft.key,
        "category": draft.category,
        "languages": ",".join(sorted(str(text.language) for text in draft.texts)),
        "titles": {str(text.language): text.title for text in draft.texts},
        "search_text": search_text_of(draft),
    }
