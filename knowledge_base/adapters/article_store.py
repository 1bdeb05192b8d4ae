"""knowledge_base: articles in SQL, for editors. Fits `knowledge_base.ports.ArticleStore`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from kit.contracts import Language, Tx
from kit.sql import Database, connection_of
from knowledge_base.adapters.article_list import read_page
from knowledge_base.adapters.article_terms import Searched, next_number, put_terms, take_terms, wait_for_creators
from knowledge_base.adapters.import_store import is_claimed
from knowledge_base.adapters.mapping import article_of, by_language, content_of, draft_of, search_text_of, version_of
from knowledge_base.adapters.tables import article_versions, articles, import_rows, misses
from knowledge_base.contracts import (
    Article,
    ArticleFilter,
    ArticlePage,
    ArticleStatus,
    ArticleVersion,
    Change,
    Details,
    Draft,
    MissLine,
    MissPage,
    Schedule,
)
from knowledge_base.short_answers import mark_answers
from knowledge_base.translations import lagging_side, moved_sides

CHUNK = 500
"""Keys asked for in one statement; SQLite takes no endless lists."""

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
        return await self._first(_WITH_CONTENT.where(articles.c.key == key, articles.c.deleted_at.is_(None)))

    async def find_in(self, tx: Tx, article_id: str) -> Article | None:
        rows = await connection_of(tx).execute(_WITH_CONTENT.where(articles.c.id == article_id))
        row = rows.mappings().first()
        return article_of(row) if row else None

    async def keys(self) -> frozenset[str]:
        async with self._database.read() as connection:
            return frozenset((await connection.execute(select(articles.c.key))).scalars())

    async def by_keys(self, keys: Sequence[str]) -> dict[str, Article]:
        found: dict[str, Article] = {}
        async with self._database.read() as connection:
            for start in range(0, len(keys), CHUNK):
                query = _WITH_CONTENT.where(articles.c.key.in_(keys[start : start + CHUNK]))
                found |= {row["key"]: article_of(row) for row in (await connection.execute(query)).mappings()}
        return found

    async def all(self) -> tuple[Article, ...]:
        query = _WITH_CONTENT.where(articles.c.deleted_at.is_(None)).order_by(articles.c.key)
        async with self._database.read() as connection:
            return tuple(article_of(row) for row in (await connection.execute(query)).mappings())

    async def list(self, chosen: ArticleFilter, *, now: datetime, offset: int, limit: int) -> ArticlePage:
        async with self._database.read() as connection:
            return await connection.run_sync(partial(read_page, chosen=chosen, now=now, offset=offset, limit=limit))

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
        self, tx: Tx, *, article_id: str, draft: Draft, change: Change, at: datetime, by: str, by_id: str = ""
    ) -> Article | None:
        connection = connection_of(tx)
        await wait_for_creators(connection)
        if (await connection.execute(select(is_claimed(import_rows.c.key == draft.key)))).scalar():
            return None
        try:
            async with connection.begin_nested():
                await self.create_many(tx, [(article_id, draft)], change=change, at=at, by=by, by_id=by_id)
        except IntegrityError:
            return None
        return await self._read_in(tx, article_id)

    async def create_many(
        self, tx: Tx, drafts: Sequence[tuple[str, Draft]], *, change: Change, at: datetime, by: str, by_id: str = ""
    ) -> None:
        connection = connection_of(tx)
        first = await next_number(connection)
        numbered = [(first + place, article_id, draft) for place, (article_id, draft) in enumerate(drafts)]
        common = {"status": str(ArticleStatus.DRAFT), "version": 1, "updated_at": at, "updated_by": by}
        await connection.execute(
            insert(articles),
            [
                {"id": article_id, "number": number, "writer_id": by_id, **common, **_columns(draft, None, 1)}
                for number, article_id, draft in numbered
            ],
        )
        await put_terms(connection, [searched_of(number, draft) for number, _, draft in numbered])
        version = {"version": 1, "change": str(change), "at": at, "by": by}
        await connection.execute(
            insert(article_versions),
            [{"article_id": article_id, "content": content_of(draft), **version} for article_id, draft in drafts],
        )

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
        by_id: str = "",
    ) -> Article | None:
        connection = connection_of(tx)
        chosen = _at(article_id, expected_version)
        before = (await connection.execute(_WITH_CONTENT.where(chosen))).mappings().first()
        if before is None:
            return None
        version = expected_version + 1
        done = await connection.execute(
            update(articles)
            .where(chosen)
            .values(
                version=version,
                status=str(status),
                updated_at=at,
                updated_by=by,
                writer_id=by_id,
                note="",
                **_columns(draft, before, version),
            )
        )
        if done.rowcount == 0:
            return None
        old, new = searched_of(before["number"], draft_of(before["content"])), searched_of(before["number"], draft)
        if old != new:
            await take_terms(connection, [old])
            await put_terms(connection, [new])
        await self._add_version(tx, article_id, version, draft, change, at, by)
        return await self._read_in(tx, article_id)

    async def mark(
        self,
        tx: Tx,
        *,
        article_id: str,
        expected_version: int,
        status: ArticleStatus,
        published_version: int | None,
        note: str = "",
    ) -> Article | None:
        shown = await self._details_in(tx, article_id, published_version)
        done = await connection_of(tx).execute(
            update(articles)
            .where(_at(article_id, expected_version))
            .values(
                status=str(status),
                published_version=published_version,
                shown_to=str(shown.audience),
                expires_at=shown.valid_until,
                note=note,
            )
        )
        return await self._read_in(tx, article_id) if done.rowcount else None

    async def confirm_sides(self, tx: Tx, *, article_id: str, expected_version: int) -> Article | None:
        connection = connection_of(tx)
        chosen = _at(article_id, expected_version)
        languages = (await connection.execute(select(articles.c.languages).where(chosen))).scalar()
        if languages is None:
            return None
        agreed = dict.fromkeys(languages.split(","), expected_version)
        done = await connection.execute(update(articles).where(chosen).values(sides=agreed, lagging=None))
        return await self._read_in(tx, article_id) if done.rowcount else None

    async def confirm_short(
        self, tx: Tx, *, article_id: str, expected_version: int, language: Language
    ) -> Article | None:
        connection = connection_of(tx)
        chosen = _at(article_id, expected_version)
        row = (await connection.execute(_WITH_CONTENT.where(chosen))).mappings().first()
        if row is None:
            return None
        right = mark_answers({}, before=None, after=draft_of(row["content"]))
        marks = (row["shorts"] or {}) | {side: mark for side, mark in right.items() if side is language}
        await connection.execute(update(articles).where(chosen).values(shorts=marks))
        return await self._read_in(tx, article_id)

    async def set_schedule(
        self, tx: Tx, *, article_id: str, expected_version: int, schedule: Schedule | None
    ) -> Article | None:
        done = await connection_of(tx).execute(
            update(articles)
            .where(_at(article_id, expected_version))
            .values(
                scheduled_version=schedule.version if schedule else None,
                scheduled_at=schedule.at if schedule else None,
                scheduled_by=schedule.by if schedule else None,
                scheduled_account=schedule.account_id if schedule else None,
            )
        )
        return await self._read_in(tx, article_id) if done.rowcount else None

    async def due(self, now: datetime, *, limit: int) -> tuple[Article, ...]:
        live = and_(articles.c.published_version.is_not(None), articles.c.expires_at <= now)
        due = and_(articles.c.deleted_at.is_(None), or_(articles.c.scheduled_at <= now, live))
        async with self._database.read() as connection:
            rows = await connection.execute(_WITH_CONTENT.where(due).order_by(articles.c.id).limit(limit))
            return tuple(article_of(row) for row in rows.mappings())

    async def take_due(self, tx: Tx, article: Article) -> bool:
        waiting, cleared = article.schedule, {"scheduled_version": None, "scheduled_at": None}
        still = and_(
            articles.c.scheduled_version == (waiting.version if waiting else None),
            articles.c.scheduled_at == (waiting.at if waiting else None),
        )
        if waiting is None:
            cleared = {"expires_at": None}
            still = and_(
                articles.c.published_version == article.published_version,
                articles.c.expires_at == article.expires_at,
            )
        done = await connection_of(tx).execute(
            update(articles).where(_at(article.id, article.version), still).values(**cleared)
        )
        return bool(done.rowcount)

    async def set_deleted(
        self, tx: Tx, *, article_id: str, expected_version: int, at: datetime | None, by: str
    ) -> Article | None:
        is_there = articles.c.deleted_at.is_(None) if at else articles.c.deleted_at.is_not(None)
        done = await connection_of(tx).execute(
            update(articles)
            .where(_stands_at(article_id, expected_version), is_there)
            .values(deleted_at=at, deleted_by=by if at else None)
        )
        return await self._read_in(tx, article_id) if done.rowcount else None

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

    async def _details_in(self, tx: Tx, article_id: str, version: int | None) -> Details:
        """What the version that customers get says of itself."""
        query = select(article_versions.c.content).where(
            article_versions.c.article_id == article_id, article_versions.c.version == version
        )
        content = (await connection_of(tx).execute(query)).scalar() if version is not None else None
        return draft_of(content).details if content else Details()

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


def searched_of(number: int, draft: Draft) -> Searched:
    """What the list is searched in."""
    titles = "\n".join(side.title for side in draft.texts).lower()
    return Searched(number=number, titles=titles, everything=search_text_of(draft))


def _at(article_id: str, version: int) -> ColumnElement[bool]:
    """The article, if it is there and still stands at `version`."""
    return and_(_stands_at(article_id, version), articles.c.deleted_at.is_(None))


def _stands_at(article_id: str, version: int) -> ColumnElement[bool]:
    """The article, deleted or not, if it still stands at `version`: what a decided import will write does not."""
    claimed = is_claimed(import_rows.c.article_id == article_id)
    return and_(articles.c.id == article_id, articles.c.version == version, ~claimed)


def _columns(draft: Draft, before: RowMapping | None, version: int) -> dict[str, object]:
    """What is kept of `draft` beside its version; `before` is the article with the content that stood until now."""
    old = draft_of(before["content"]) if before else None
    known, marks = (by_language(before[kept] if before else None) for kept in ("sides", "shorts"))
    sides = moved_sides(known, before=old, after=draft, version=version)
    return {
        "key": draft.key,
        "category": draft.category,
        "languages": ",".join(sorted(str(text.language) for text in draft.texts)),
        "titles": {str(text.language): text.title for text in draft.texts},
        "search_text": search_text_of(draft),
        "sides": {str(language): moved for language, moved in sides.items()},
        "lagging": lagging_side(sides),
        "shorts": mark_answers(marks, before=old, after=draft),
        "audience": str(draft.details.audience),
        "owner": draft.details.owner,
        "review_on": draft.details.review_on,
    }
