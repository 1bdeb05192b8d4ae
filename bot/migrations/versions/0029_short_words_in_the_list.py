"""bot.migrations: the list's search keeps the first two characters of every term; short answers have marks.

The first is SQLite's alone, for short words (docs/decisions/0053). A mark says which answer a short one was written
for; one that is missing counts as right until the answer changes.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0025"

TOGETHER = 500
TERMS = (
    "CREATE VIRTUAL TABLE article_terms USING fts5("
    "title, body, content='', detail='column', columnsize=0, prefix='1 2', tokenize='ascii')"
)
PUT = sa.text("INSERT INTO article_terms (rowid, title, body) VALUES (:number, :title, :body)")

HAN = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
IS_HAN = re.compile(rf"[{HAN}]")


def upgrade() -> None:
    """From 0025 to 0029."""
    op.add_column("articles", sa.Column("shorts", sa.JSON(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _keep_terms_anew(op.get_bind())


def _keep_terms_anew(connection: sa.Connection) -> None:
    connection.exec_driver_sql("DROP TABLE article_terms")
    connection.exec_driver_sql(TERMS)
    articles = sa.table("articles", sa.column("number"), sa.column("titles", sa.JSON), sa.column("search_text"))
    last = 0
    while rows := connection.execute(
        sa.select(articles).where(articles.c.number > last).order_by(articles.c.number).limit(TOGETHER)
    ).all():
        kept = [(number, _terms("\n".join(titles.values()).lower()), _terms(text)) for number, titles, text in rows]
        connection.execute(
            PUT,
            [
                {"number": number, "title": " ".join(title), "body": " ".join(body - title)}
                for number, title, body in kept
            ],
        )
        last = rows[-1][0]


def _terms(text: str) -> set[str]:
    """As `knowledge_base.terms` does it now."""
    found: set[str] = set()
    for run in set(RUN.findall(text)):
        width = 3 if IS_HAN.match(run) else 16
        found.update(run[start : start + width] for start in range(len(run)))
    return found
