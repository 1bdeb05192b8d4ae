"""knowledge_base: the editors' list of articles in SQL: what a filter chooses, and the figures beside it.

Everything but the lines themselves is read from the index `ix_articles_list`, words from `article_terms`, figures from
`article_counts`, so that a hundred thousand articles are listed and searched at once (`python -m benchmarks.editors`).
Common words cost tens of milliseconds all the same, so a page is read in one go where the event loop does not wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, not_, or_, select, true

from knowledge_base.adapters.article_counts import Alike, count_dated, read_counts, says_all
from knowledge_base.adapters.article_terms import is_among, numbers_with
from knowledge_base.adapters.mapping import line_of
from knowledge_base.adapters.tables import articles
from knowledge_base.categories import SEPARATOR
from knowledge_base.contracts import ArticleFilter, ArticleLine, ArticlePage, ArticleStatus, Audience, Matter
from knowledge_base.life import WARNING
from knowledge_base.terms import AskedWord, read_words

_HERE = articles.c.deleted_at.is_(None)
_SHOWN = [column for column in articles.c if column is not articles.c.search_text]
"""What lines are made of: the text itself is by far the longest of a row."""


def read_page(connection: Connection, *, chosen: ArticleFilter, now: datetime, offset: int, limit: int) -> ArticlePage:
    """One page of the articles that `chosen` leaves."""
    kept = read_counts(connection)
    found = _Found.by(connection, chosen, kept, now)
    needing = count_dated(connection, now)
    here = [each for each in kept if not each.deleted]
    for each in here:
        needing.update(dict.fromkeys(each.matters, each.count))
    return ArticlePage(
        lines=_lines(connection, found.page(connection, offset=offset, limit=limit)),
        total=found.total,
        statuses=tuple((status, sum(each.count for each in here if each.status is status)) for status in ArticleStatus),
        categories=tuple(sorted({each.category for each in here})),
        matters=tuple((matter, needing[matter]) for matter in Matter),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a filter leaves: how many, and how to read them in their order."""

    total: int
    first: int
    """Those with the words in their title; they stand before the others."""
    wanted: ColumnElement[bool]
    having: ColumnElement[bool]
    in_title: ColumnElement[bool]

    @classmethod
    def by(cls, connection: Connection, chosen: ArticleFilter, kept: Sequence[Alike], now: datetime) -> _Found:
        """Count what `chosen` leaves, from what is kept as far as that says it."""
        asked, dialect = read_words(chosen.words), connection.dialect.name
        anywhere = numbers_with(dialect, asked, in_title=False)
        titles = numbers_with(dialect, asked, in_title=True)
        # Where terms do not say everything the text is read, of what they leave.
        read = _in_the_text(dialect, asked)
        having = and_(true() if anywhere is None else is_among(dialect, anywhere), *read)
        in_title = true() if titles is None else is_among(dialect, titles)
        wanted = and_(*_conditions(chosen, now))
        if says_all(chosen):
            total = first = sum(each.count for each in kept if each.fits(chosen))
        elif anywhere is None or titles is None or not _only_words(chosen, kept, exact=all(e.exact for e in asked)):
            count = select(func.count(), func.count(case((in_title, 1)))).select_from(articles)
            total, first = connection.execute(count.where(wanted, having)).one()
        else:
            total, first = _count(connection, anywhere), _count(connection, titles)
        return cls(total=total, first=first, wanted=wanted, having=having, in_title=and_(in_title, *read))

    def page(self, connection: Connection, *, offset: int, limit: int) -> list[str]:
        """Ids of one page."""
        ids: list[str] = []
        # Words of a title stand in the article too: the first part need not ask for that again.
        others = and_(self.having, not_(self.in_title)) if self.first else self.having
        for part, size, skipped in ((self.in_title, self.first, 0), (others, self.total - self.first, self.first)):
            begin, room = max(0, offset - skipped), limit - len(ids)
            if begin < size and room:
                newest = select(articles.c.id).where(self.wanted, part).order_by(*_newest()).offset(begin).limit(room)
                ids += connection.execute(newest).scalars()
        return ids


def _lines(connection: Connection, ids: list[str]) -> tuple[ArticleLine, ...]:
    """The lines of these articles, in their order."""
    rows = connection.execute(select(*_SHOWN).where(articles.c.id.in_(ids))).mappings() if ids else ()
    found = {row["id"]: line_of(row) for row in rows}
    return tuple(found[article_id] for article_id in ids)


def _newest() -> tuple[ColumnElement[object], ...]:
    return articles.c.updated_at.desc(), articles.c.id.desc()


def _in_the_text(dialect: str, asked: Sequence[AskedWord]) -> list[ColumnElement[bool]]:
    # Both sides are in lower case: LIKE would fold every letter again, which takes several times as long.
    find = func.strpos if dialect == "postgresql" else func.instr
    return [find(articles.c.search_text, each.word) > 0 for each in asked if not each.exact]


def _only_words(chosen: ArticleFilter, kept: Sequence[Alike], *, exact: bool) -> bool:
    """Whether the terms alone say how many articles a filter leaves."""
    return exact and chosen == ArticleFilter(words=chosen.words) and not any(each.deleted for each in kept)


def _count(connection: Connection, numbers: Select[Any]) -> int:
    return int(connection.execute(select(func.count()).select_from(numbers.subquery())).scalar_one())


def _conditions(chosen: ArticleFilter, now: datetime) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [~_HERE if chosen.deleted else _HERE]
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
