"""bot.migrations: what customers asked and how it went; unanswered questions by meaning."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

RIVAL = sa.text("rival_id IS NOT NULL")


def upgrade() -> None:
    """From 0016 to 0012. Answers given before have no row; what customers said of them is brought along."""
    _make_asked()
    op.execute(
        "INSERT INTO asked_questions (id, customer, channel, language, at, day, question, folded, outcome,"
        " article_id, article_version, helped, handed_over)"
        " SELECT turns.id, turns.conversation_id, conversations.channel, turns.language, turns.at, date(turns.at),"
        " '', '', 'answered', article_feedback.article_id, article_feedback.version,"
        " article_feedback.helped = 'yes', false"
        " FROM article_feedback"
        " JOIN turns ON article_feedback.key = turns.conversation_id || ':' || turns.id"
        " JOIN conversations ON conversations.id = turns.conversation_id"
    )
    op.drop_table("article_feedback")
    with op.batch_alter_table("misses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("customer", sa.String(length=26), server_default="", nullable=False))
        batch_op.add_column(sa.Column("channel", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("cluster_id", sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column("reply", sa.Text(), server_default="", nullable=False))
        batch_op.create_index("ix_misses_cluster_id", ["cluster_id", "at", "customer"], unique=False)
        batch_op.create_index("ix_misses_customer", ["customer", "at"], unique=False)
    op.create_table(
        "miss_clusters",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("article_id", sa.String(length=26), nullable=True),
        sa.Column("merged_into", sa.String(length=26), nullable=True),
        sa.Column("again", sa.String(length=16), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("encoder", sa.String(length=120), nullable=False),
        sa.Column("total", sa.LargeBinary(), nullable=False),
        sa.Column("founded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_miss_clusters")),
    )
    op.create_index("ix_miss_clusters_state", "miss_clusters", ["state", "language"], unique=False)


def _make_asked() -> None:
    op.create_table(
        "asked_questions",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("customer", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("article_id", sa.String(length=26), nullable=True),
        sa.Column("article_version", sa.Integer(), nullable=True),
        sa.Column("rival_id", sa.String(length=26), nullable=True),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("handed_over", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_questions")),
    )
    narrow = ["day", "channel", "language", "outcome"]
    for name, columns in (
        ("day", [*narrow, "helped", "handed_over"]),
        ("article_id", ["article_id", *narrow, "helped", "handed_over", "at"]),
        ("folded", ["folded", *narrow]),
        ("customer", ["customer", "at"]),
        ("at", ["at"]),
    ):
        op.create_index(f"ix_asked_questions_{name}", "asked_questions", columns, unique=False)
    op.create_index(
        "ix_asked_questions_rival_id",
        "asked_questions",
        ["rival_id", "article_id", *narrow],
        unique=False,
        sqlite_where=RIVAL,
        postgresql_where=RIVAL,
    )
