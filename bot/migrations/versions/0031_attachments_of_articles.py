"""bot.migrations: files that go along with answers of the knowledge base."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kit.sql import UtcDateTime

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """From 0030 to 0031."""
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index("ix_attachments_at", "attachments", ["held", "at"])
