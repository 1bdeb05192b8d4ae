"""knowledge_base: the words of articles as each database finds them fast; what a term is says `knowledge_base.terms`.

SQLite keeps them in an FTS5 table without the texts themselves, PostgreSQL as `tsvector` under GIN. Both are made when
`articles` is, and stand outside the tables that SQLAlchemy knows: it has no word for either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    DDL,
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    event,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge_base.adapters.tables import articles
from knowledge_base.terms import AskedWord, terms_of

SQLITE = (
    (
        "CREATE VIRTUAL TABLE article_terms USING fts5("
        "title, body, content='', detail='column', columnsize=0, prefix='1 2', tokenize='ascii')"
    ),
)
POSTGRESQL = (
    (
        "CREATE TABLE article_terms (number INTEGER PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE,"
        " title TSVECTOR NOT NULL, body TSVECTOR NOT NULL)"
    ),
    "CREATE INDEX ix_article_terms_title ON article_terms USING gin (title)",
    "CREATE INDEX ix_article_terms_body ON article_terms USING gin (body)",
)
for _dialect, _statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
    for _statement in _statements:
        event.listen(articles, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]

_SQLITE_PUT = text("INSERT INTO article_terms (rowid, title, body) VALUES (:number, :title, :body)")
# FTS5 without texts forgets a row by being told what it held.
_SQLITE_TAKE = text(
    "INSERT INTO article_terms (article_terms, rowid, title, body) VALUES ('delete', :number, :title, :body)"
)
_POSTGRESQL_PUT = text(
    "INSERT INTO article_terms (number, title, body)"
    " VALUES (:number, array_to_tsvector(:title), array_to_tsvector(:body))"
).bindparams(bindparam("title", type_=ARRAY(Text)), bindparam("body", type_=ARRAY(Text)))
_POSTGRESQL_TAKE = text("DELETE FROM article_terms WHERE number = :number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """An article's texts as the list is searched in them."""

    number: int
    titles: str
    everything: str
    """Lower case, the titles too."""


async def put_terms(connection: AsyncConnection, rows: Sequence[Searched]) -> None:
    """Let these articles be found; for articles that were not found before."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        await connection.execute(_POSTGRESQL_PUT, [_row(row) for row in rows])
    else:
        await connection.execute(_SQLITE_PUT, [_joined(row) for row in rows])


async def take_terms(connection: AsyncConnection, rows: Sequence[Searched]) -> None:
    """Let these articles no longer be found; the texts are those they were put in with."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        await connection.execute(_POSTGRESQL_TAKE, [{"number": row.number} for row in rows])
    else:
        await connection.execute(_SQLITE_TAKE, [_joined(row) for row in rows])


def numbers_with(dialect: str, words: Sequence[AskedWord], *, in_title: bool) -> Select[Any] | None:
    """Numbers of the articles that hold the terms of all `words` (all in the titles); None where there are no terms."""
    terms = [term for word in words for term in word.terms]
    if not terms:
        return None
    if dialect == "postgresql":
        asked = cast(cast(" & ".join(f"'{term}':*" for term in terms), Text), TSQUERY)
        where: ColumnElement[Any] = literal_column("title" if in_title else "body").op("@@")(asked)
        return select(literal_column("number", Integer)).select_from(text("article_terms")).where(where)
    asked_of = " AND ".join(f'"{term}" *' for term in terms)
    query = f"title : ({asked_of})" if in_title else asked_of
    match = literal_column("article_terms").op("MATCH")(query)
    return select(literal_column("rowid", Integer)).select_from(text("article_terms")).where(match)


def is_among(dialect: str, numbers: Select[Any]) -> ColumnElement[bool]:
    """Whether an article is one of `numbers`."""
    # On SQLite the sum keeps it from looking up each number in the table: walking the list's index is faster.
    number = articles.c.number if dialect == "postgresql" else articles.c.number + 0
    return number.in_(numbers)


async def next_number(connection: AsyncConnection) -> int:
    """The number of the next new article; whoever else creates one waits for the end of this transaction."""
    await wait_for_creators(connection)
    return int((await connection.execute(select(func.coalesce(func.max(articles.c.number), 0)))).scalar_one()) + 1


async def wait_for_creators(connection: AsyncConnection) -> None:
    """Until the end of this transaction nobody else creates an article; SQLite has but one writer anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(7303024)"))


def _row(row: Searched) -> dict[str, Any]:
    return {"number": row.number, "title": list(terms_of(row.titles)), "body": list(terms_of(row.everything))}


def _joined(row: Searched) -> dict[str, Any]:
    """Terms of the title are not kept twice: a search without a column looks into both."""
    titles = terms_of(row.titles)
    others = set(terms_of(row.everything)).difference(titles)
    return {"number": row.number, "title": " ".join(titles), "body": " ".join(sorted(others))}
