"""bot.migrations: what the agents' console keeps: canned replies, tags, what resolved conversations were about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0011"


def upgrade() -> None:
    """From 0011 to 0014."""
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("category", sa.String(length=40), nullable=True))

    op.create_table(
        "handoff_canned_replies",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_canned_replies")),
    )

    op.create_table(
        "handoff_tags",
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("tag", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "tag", name=op.f("pk_handoff_tags")),
    )
    with op.batch_alter_table("handoff_tags", schema=None) as batch_op:
        batch_op.create_index("ix_handoff_tags_tag", ["tag"], unique=False)
