"""bot.migrations: how far each representative has read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """From 0030 to 0032."""
    op.create_table(
        "handoff_reads",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("conversation_id", sa.String(26), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "conversation_id", name=op.f("pk_handoff_reads")),
    )
