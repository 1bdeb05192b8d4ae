"""bot.migrations: colleagues asked into a conversation; what customer records were before they became one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from kit.sql import UtcDateTime

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """From 0025 to 0030."""
    json = sa.JSON().with_variant(JSONB(), "postgresql")
    op.add_column("handoff_customer_links", sa.Column("before", json, nullable=True))
    op.create_table(
        "handoff_invitations",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("handoff_id", sa.String(26), nullable=False),
        sa.Column("guest_id", sa.String(26), nullable=False),
        sa.Column("guest_name", sa.String(80), nullable=False),
        sa.Column("by_id", sa.String(26), nullable=False),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("end", sa.String(16), nullable=True),
        sa.ForeignKeyConstraint(
            ["handoff_id"],
            ["handoffs.id"],
            name=op.f("fk_handoff_invitations_handoff_id_handoffs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_invitations")),
    )
    still_open = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_handoff_invitations_open",
        "handoff_invitations",
        ["handoff_id", "guest_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index(
        "ix_handoff_invitations_guest",
        "handoff_invitations",
        ["guest_id"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
