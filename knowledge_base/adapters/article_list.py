"""knowledge_base: the editors' list of articles in SQL: what a filter chooses, and the figures beside it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge_base.adapters.mapping import line_of
from knowledge_base.adapters.tables import articles
from knowledge_base.categories import SEPARATOR
from knowledge_base.contracts import ArticleFilter, ArticlePage, ArticleStatus, Audience, Matter
from knowledge_base.life import WARNING

_HERE = articles.c.deleted_at.is_(None)


async def read_page(
    connection: AsyncConnection, chosen: ArticleFilter, *, now: datetime, offset: int, limit: int
) -> ArticlePage:
    """One page of the articles that `chosen` leaves."""
    wanted = and_(*_conditions(chosen, now))
    words = chosen.words.lower().split()
    # Titles stand first in the searched text, so words of the title come before words of the answer.
    place = func.strpos if connection.dialect.name == "postgresql" else func.instr
    order = [*(place(articles.c.search_text, word) for word in words), *_newest()]
    rows = await connection.execute(select(articles).where(wanted).order_by(*order).offset(offset).limit(limit))
    lines = tuple(line_of(row) for row in rows.mappings())
    total = (await connection.execute(select(func.count()).select_from(articles).where(wanted))).scalar_one()
    counts = await connection.execute(select(articles.c.status, func.count()).where(_HERE).group_by(articles.c.status))
    counted = {row[0]: row[1] for row in counts}
    names = (await connection.execute(select(articles.c.category).where(_HERE).distinct())).scalars()
    categories = tuple(sorted(names))
    sums = [func.sum(case((_needs(matter, now), 1), else_=0)) for matter in Matter]
    needing = (await connection.execute(select(*sums).where(_HERE))).one()
    return ArticlePage(
        lines=lines,
        total=total,
        statuses=tuple((status, counted.get(str(status), 0)) for status in ArticleStatus),
        categories=categories,
        matters=tuple((matter, int(count or 0)) for matter, count in zip(Matter, needing, strict=True)),
    )


def _newest() -> tuple[ColumnElement[object], ...]:
    return articles.c.updated_at.desc(), articles.c.id.desc()


def _conditions(chosen: ArticleFilter, now: datetime) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [~_HERE if chosen.deleted else _HERE]
    wanted += [articles.c.search_text.contains(word, autoescape=True) for word in chosen.words.lower().split()]
    if chosen.status is not None:
        wanted.append(articles.c.status == str(chosen.status))
    if chosen.category:
        below = articles.c.category.startswith(chosen.category + SEPARATOR, autoescape=True)
        wanted.append(or_(articles.c.category == chosen.category, below))
    if chosen.missing is not None:
        wanted.append(articles.c.languages.not_like(f"%{chosen.missing}%"))
    if chosen.changed:
        wanted.append(articles.c.published_version < articles.c.version)
    if chosen.owner:
        wanted.append(articles.c.owner == chosen.owner)
    if chosen.matter is not None:
        wanted.append(_needs(chosen.matter, now))
    return wanted


def _needs(matter: Matter, now: datetime) -> ColumnElement[bool]:
    published = articles.c.published_version.is_not(None)
    conditions: dict[Matter, ColumnElement[bool]] = {
        Matter.TRANSLATE: or_(articles.c.lagging.is_not(None), articles.c.languages.not_like("%,%")),
        Matter.OUT_OF_DATE: articles.c.lagging.is_not(None),
        Matter.REVIEW: articles.c.review_on <= now.date(),
        Matter.EXPIRING: and_(published, articles.c.expires_at <= now + WARNING),
        Matter.SCHEDULED: articles.c.scheduled_version.is_not(None),
        Matter.AGENTS: articles.c.audience == str(Audience.AGENTS),
    }
    return conditions[matter]
