"""knowledge_base: how the answers do, added up by SQL over narrow indexes. Implements `question_ports.FigureStore`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select

from kit.sql import Database
from knowledge_base.adapters.tables import articles, asked_questions
from knowledge_base.contracts import (
    ArticleStatus,
    ArticleTally,
    AskedOutcome,
    Audience,
    NoHelp,
    QuestionFilter,
    Rivals,
    Tally,
)

asked = asked_questions.c
IS_QUESTION = asked.outcome != str(AskedOutcome.CHOSEN)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _is(outcome: AskedOutcome) -> ColumnElement[bool]:
    return asked.outcome == str(outcome)


TALLY = (
    _count(IS_QUESTION).label("questions"),
    _count(_is(AskedOutcome.ANSWERED)).label("answered"),
    _count(_is(AskedOutcome.CLARIFIED)).label("clarified"),
    _count(_is(AskedOutcome.UNKNOWN)).label("unknown"),
    _count(asked.helped.is_(True)).label("helped"),
    _count(asked.helped.is_(False)).label("not_helped"),
    _count(and_(asked.handed_over.is_(True), IS_QUESTION)).label("handed_over"),
)
SHOWN = asked.outcome.in_((str(AskedOutcome.ANSWERED), str(AskedOutcome.CHOSEN)))


class SqlFigureStore:
    """Reads only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def days(self, chosen: QuestionFilter) -> tuple[tuple[date, str, Tally], ...]:
        query = select(asked.day, asked.channel, *TALLY).where(*_within(chosen)).group_by(asked.day, asked.channel)
        rows = await self._rows(query)
        return tuple((row["day"], row["channel"], _tally(row)) for row in rows)

    async def articles(
        self, chosen: QuestionFilter, *, limit: int, article_id: str | None = None
    ) -> tuple[ArticleTally, ...]:
        only = asked.article_id == article_id if article_id else asked.article_id.is_not(None)
        shown = _count(SHOWN).label("shown")
        query = (
            select(asked.article_id, shown, *TALLY)
            .where(only, *_within(chosen))
            .group_by(asked.article_id)
            .order_by(shown.desc(), asked.article_id)
            .limit(limit)
        )
        return tuple(
            ArticleTally(article_id=row["article_id"], shown=row["shown"], tally=_tally(row))
            for row in await self._rows(query)
        )

    async def rivals(self, chosen: QuestionFilter, *, limit: int) -> tuple[Rivals, ...]:
        one = case((asked.article_id < asked.rival_id, asked.article_id), else_=asked.rival_id).label("one")
        other = case((asked.article_id < asked.rival_id, asked.rival_id), else_=asked.article_id).label("other")
        times = func.count().label("times")
        query = (
            select(one, other, times)
            .where(asked.rival_id.is_not(None), asked.article_id.is_not(None), *_within(chosen))
            .group_by(one, other)
            .order_by(times.desc(), one)
            .limit(limit)
        )
        return tuple(Rivals(one=row["one"], other=row["other"], times=row["times"]) for row in await self._rows(query))

    async def reasons(self, chosen: QuestionFilter, *, article_id: str | None = None) -> tuple[tuple[NoHelp, int], ...]:
        of_article = [asked.article_id == article_id] if article_id else []
        query = (
            select(asked.reason, func.count().label("times"))
            .where(asked.helped.is_(False), asked.reason.is_not(None), *of_article, *_within(chosen))
            .group_by(asked.reason)
            .order_by(func.count().desc())
        )
        return tuple((NoHelp(row["reason"]), row["times"]) for row in await self._rows(query))

    async def questions(self, chosen: QuestionFilter, *, limit: int) -> tuple[tuple[str, int], ...]:
        times = func.count().label("times")
        top = (
            select(asked.folded, func.max(asked.id).label("newest"), times)
            .where(IS_QUESTION, asked.folded != "", *_within(chosen))
            .group_by(asked.folded)
            .order_by(times.desc(), asked.folded)
            .limit(limit)
            .subquery()
        )
        query = (
            select(asked.question, top.c.times)
            .join(top, asked.id == top.c.newest)
            .order_by(top.c.times.desc(), top.c.folded)
        )
        return tuple((row["question"], row["times"]) for row in await self._rows(query))

    async def never(self, chosen: QuestionFilter, *, limit: int) -> tuple[tuple[str, ...], int]:
        """(published articles that no question led to, how many there are)."""
        led = exists().where(asked.article_id == articles.c.id, *_within(chosen))
        kept = and_(
            articles.c.status == str(ArticleStatus.PUBLISHED),
            articles.c.shown_to == str(Audience.CUSTOMERS),
            articles.c.deleted_at.is_(None),
            ~led,
        )
        async with self._database.read() as connection:
            total = (await connection.execute(select(func.count()).select_from(articles).where(kept))).scalar_one()
            found = await connection.execute(select(articles.c.id).where(kept).order_by(articles.c.key).limit(limit))
            return tuple(found.scalars()), int(total)

    async def titles(self, ids: Sequence[str]) -> dict[str, dict[str, str]]:
        query = select(articles.c.id, articles.c.titles).where(articles.c.id.in_(ids))
        return {row["id"]: row["titles"] for row in await self._rows(query)}

    async def between(self, begin: datetime, end: datetime, *, article_id: str | None) -> Tally:
        """Questions of a span of time; of one article those that it was nearest to."""
        only = [asked.article_id == article_id] if article_id else []
        rows = await self._rows(select(*TALLY).where(asked.at >= begin, asked.at < end, *only))
        return _tally(rows[0])

    async def _rows(self, query: Any) -> list[Any]:
        async with self._database.read() as connection:
            return list((await connection.execute(query)).mappings())


def _within(chosen: QuestionFilter) -> list[ColumnElement[bool]]:
    kept: list[ColumnElement[bool]] = [asked.day >= chosen.since]
    if chosen.channel:
        kept.append(asked.channel == chosen.channel)
    if chosen.language is not None:
        kept.append(asked.language == str(chosen.language))
    return kept


def _tally(row: Any) -> Tally:
    return Tally(**{name: int(row[name]) for name in Tally.__dataclass_fields__})
