"""bot.migrations: the editors' base at a hundred thousand articles: words kept as terms, figures kept by triggers.

And imports as work of their own, which outlives the process that does it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

TOGETHER = 500
LIST = (
    *("updated_at", "id", "number", "deleted_at", "status", "category", "languages", "version"),
    *("published_version", "owner", "lagging", "review_on", "expires_at", "scheduled_version", "audience"),
)

SQLITE_TERMS = (
    (
        "CREATE VIRTUAL TABLE article_terms USING fts5("
        "title, body, content='', detail='column', columnsize=0, prefix='1', tokenize='ascii')"
    ),
)
POSTGRESQL_TERMS = (
    (
        "CREATE TABLE article_terms (number INTEGER PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE,"
        " title TSVECTOR NOT NULL, body TSVECTOR NOT NULL)"
    ),
    "CREATE INDEX ix_article_terms_title ON article_terms USING gin (title)",
    "CREATE INDEX ix_article_terms_body ON article_terms USING gin (body)",
)
SQLITE_PUT = sa.text("INSERT INTO article_terms (rowid, title, body) VALUES (:number, :title, :body)")
POSTGRESQL_PUT = sa.text(
    "INSERT INTO article_terms (number, title, body)"
    " VALUES (:number, array_to_tsvector(:title), array_to_tsvector(:body))"
).bindparams(sa.bindparam("title", type_=sa.ARRAY(sa.Text)), sa.bindparam("body", type_=sa.ARRAY(sa.Text)))

HAN = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
IS_HAN = re.compile(rf"[{HAN}]")

COLUMNS = "status, category, deleted, one_sided, lagging, scheduled, for_agents"
KIND = (
    "{0}.status, {0}.category, ({0}.deleted_at IS NOT NULL), ({0}.languages NOT LIKE '_%,_%'),"
    " ({0}.lagging IS NOT NULL), ({0}.scheduled_version IS NOT NULL), ({0}.audience = 'agents')"
)
MORE = (
    f"INSERT INTO article_counts ({COLUMNS}, count) VALUES ({KIND.format('NEW')}, 1)"  # noqa: S608 - constants of this module
    f" ON CONFLICT ({COLUMNS}) DO UPDATE SET count = article_counts.count + 1;"
)
LESS = f"UPDATE article_counts SET count = count - 1 WHERE ({COLUMNS}) = ({KIND.format('OLD')});"  # noqa: S608 - constants of this module
WATCHED = "status, category, deleted_at, languages, lagging, scheduled_version, audience"
SQLITE_TRIGGERS = (
    f"CREATE TRIGGER article_created AFTER INSERT ON articles BEGIN {MORE} END",
    f"CREATE TRIGGER article_removed AFTER DELETE ON articles BEGIN {LESS} END",
    f"CREATE TRIGGER article_changed AFTER UPDATE OF {WATCHED} ON articles BEGIN {LESS} {MORE} END",
)
POSTGRESQL_TRIGGERS = (
    (
        "CREATE FUNCTION count_articles() RETURNS trigger AS $$ BEGIN"
        f" IF TG_OP <> 'INSERT' THEN {LESS} END IF; IF TG_OP <> 'DELETE' THEN {MORE} END IF; RETURN NULL;"
        " END $$ LANGUAGE plpgsql"
    ),
    (
        f"CREATE TRIGGER article_counted AFTER INSERT OR DELETE OR UPDATE OF {WATCHED} ON articles"
        " FOR EACH ROW EXECUTE FUNCTION count_articles()"
    ),
)


def upgrade() -> None:
    """From 0023 to 0024."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    _numbers()
    _run(SQLITE_TERMS if is_sqlite else POSTGRESQL_TERMS)
    _keep_terms(SQLITE_PUT if is_sqlite else POSTGRESQL_PUT, joined=is_sqlite)
    _counts()
    _run(SQLITE_TRIGGERS if is_sqlite else POSTGRESQL_TRIGGERS)
    _imports()


def _run(statements: Iterable[str]) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def _numbers() -> None:
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.drop_index("ix_articles_updated_at")
        batch_op.drop_index("ix_articles_expires_at")
    op.execute(
        "UPDATE articles SET number = counted.number FROM"
        " (SELECT id, row_number() OVER (ORDER BY id) AS number FROM articles) AS counted"
        " WHERE counted.id = articles.id"
    )
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.alter_column("number", existing_type=sa.Integer(), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_articles_number"), ["number"])
        batch_op.create_index("ix_articles_list", list(LIST))
        batch_op.create_index("ix_articles_expires_at", ["expires_at", "deleted_at", "published_version"])
        batch_op.create_index("ix_articles_review_on", ["review_on", "deleted_at"])


def _keep_terms(put: sa.TextClause, *, joined: bool) -> None:
    """As `knowledge_base.terms` does it now."""
    connection = op.get_bind()
    articles = sa.table("articles", sa.column("number"), sa.column("titles", sa.JSON), sa.column("search_text"))
    last = 0
    while rows := connection.execute(
        sa.select(articles).where(articles.c.number > last).order_by(articles.c.number).limit(TOGETHER)
    ).all():
        kept = [(number, _terms("\n".join(titles.values()).lower()), _terms(text)) for number, titles, text in rows]
        connection.execute(
            put,
            [
                {"number": number, "title": " ".join(title), "body": " ".join(body - title)}
                if joined
                else {"number": number, "title": list(title), "body": list(body)}
                for number, title, body in kept
            ],
        )
        last = rows[-1][0]


def _terms(text: str) -> set[str]:
    found: set[str] = set()
    for run in set(RUN.findall(text)):
        width = 3 if IS_HAN.match(run) else 16
        found.update(run[start : start + width] for start in range(len(run)))
    return found


def _counts() -> None:
    op.create_table(
        "article_counts",
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("one_sided", sa.Boolean(), nullable=False),
        sa.Column("lagging", sa.Boolean(), nullable=False),
        sa.Column("scheduled", sa.Boolean(), nullable=False),
        sa.Column("for_agents", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*COLUMNS.split(", "), name=op.f("pk_article_counts")),
    )
    op.get_bind().exec_driver_sql(
        f"INSERT INTO article_counts ({COLUMNS}, count)"  # noqa: S608 - constants of this module
        f" SELECT {KIND.format('articles')}, count(*) FROM articles GROUP BY 1, 2, 3, 4, 5, 6, 7"
    )


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("stores", sa.Boolean(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("refusal", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=26), nullable=False),
        sa.Column("worked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_account_id", "imports", ["account_id", "at"])
    op.create_table(
        "import_chunks",
        sa.Column("import_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_chunks_import_id_imports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_chunks")),
    )
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.String(length=26), nullable=False),
        sa.Column("expected_version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id_imports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_rows")),
    )
    op.create_index("ix_import_rows_article_id", "import_rows", ["article_id"])
    op.create_index("ix_import_rows_key", "import_rows", ["key"])
