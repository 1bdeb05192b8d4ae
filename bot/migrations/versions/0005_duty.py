"""bot.migrations: states of representatives over time, and their shifts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """From 0004 to 0005."""
    with op.batch_alter_table("agent_profiles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shifts", JSON, nullable=True))
    profiles = sa.table("agent_profiles", sa.column("shifts", JSON))
    op.execute(profiles.update().values(shifts=[""] * 7))
    with op.batch_alter_table("agent_profiles", schema=None) as batch_op:
        batch_op.alter_column("shifts", existing_type=JSON, nullable=False)

    op.create_table(
        "agent_spans",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clocked_out", sa.Boolean(), nullable=False),
        sa.Column("newest", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_spans")),
    )
    with op.batch_alter_table("agent_spans", schema=None) as batch_op:
        batch_op.create_index("ix_agent_spans_began", ["began_at"], unique=False)
        batch_op.create_index(
            "uq_agent_spans_newest",
            ["account_id"],
            unique=True,
            sqlite_where=sa.text("newest"),
            postgresql_where=sa.text("newest"),
        )
