"""bot.migrations: promised answers and call-backs, and an index for how long customers waited lately."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

PENDING = sa.text("state IN ('open', 'queued')")


def upgrade() -> None:
    """From 0007 to 0008."""
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.create_index("ix_handoffs_claimed", ["department", "claimed_at"], unique=False)

    op.create_table(
        "handoff_promises",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("handoff_id", sa.String(length=26), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("due_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.id"], name=op.f("fk_handoff_promises_handoff_id_handoffs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_promises")),
    )
    with op.batch_alter_table("handoff_promises", schema=None) as batch_op:
        batch_op.create_index("ix_handoff_promises_due", ["state", "begins_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_handoff_promises_handoff_id"), ["handoff_id"], unique=False)
        batch_op.create_index(
            "uq_handoff_promises_pending",
            ["conversation_id"],
            unique=True,
            sqlite_where=PENDING,
            postgresql_where=PENDING,
        )
        batch_op.create_index(
            "uq_handoff_promises_seat",
            ["department", "begins_at", "seat"],
            unique=True,
            sqlite_where=PENDING,
            postgresql_where=PENDING,
        )
