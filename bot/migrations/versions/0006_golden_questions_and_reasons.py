"""bot.migrations: golden questions and reasons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """From 0005 to 0006."""
    op.create_table(
        "golden_questions",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("article_id", sa.String(length=26), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_golden_questions")),
        sa.UniqueConstraint("question", "language", name=op.f("uq_golden_questions_question_language")),
    )
    with op.batch_alter_table("golden_questions", schema=None) as batch_op:
        batch_op.create_index("ix_golden_questions_article_id", ["article_id"], unique=False)

    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.Text(), server_default="", nullable=False))
