"""bot.migrations: notices, who was told of late promises, customer records, and what the wall counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0019"

TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
UNREAD = sa.text("read_at IS NULL")


def upgrade() -> None:
    """From 0018 to 0015."""
    op.create_table(
        "handoff_notices",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("conversation_id", sa.String(length=26), nullable=True),
        sa.Column("customer", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("read_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_notices")),
    )
    with op.batch_alter_table("handoff_notices", schema=None) as batch_op:
        batch_op.create_index(
            "ix_handoff_notices_unread",
            ["account_id", "at"],
            unique=False,
            sqlite_where=UNREAD,
            postgresql_where=UNREAD,
        )
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.create_index("ix_handoffs_asked", ["asked_at"], unique=False)
        batch_op.create_index("ix_handoffs_ended", ["ended_at"], unique=False)
    op.create_table(
        "handoff_escalations",
        sa.Column("handoff_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.id"], name=op.f("fk_handoff_escalations_handoff_id_handoffs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("handoff_id", "kind", "began_at", "level", name=op.f("pk_handoff_escalations")),
    )
    with op.batch_alter_table("handoff_customers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tags", JSON, nullable=True))
    op.create_table(
        "handoff_customer_links",
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("proof", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_handoff_customer_links")),
    )
    with op.batch_alter_table("handoff_customer_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handoff_customer_links_customer_id"), ["customer_id"], unique=False)
    op.create_table(
        "handoff_customer_notes",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_customer_notes")),
    )
    with op.batch_alter_table("handoff_customer_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handoff_customer_notes_customer_id"), ["customer_id"], unique=False)
    op.create_table(
        "handoff_customer_codes",
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("other", sa.String(length=26), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_handoff_customer_codes")),
    )
    op.create_table(
        "handoff_packet_ratings",
        sa.Column("handoff_id", sa.String(length=26), nullable=False),
        sa.Column("agent_id", sa.String(length=26), nullable=False),
        sa.Column("useful", sa.Boolean(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["handoff_id"],
            ["handoffs.id"],
            name=op.f("fk_handoff_packet_ratings_handoff_id_handoffs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("handoff_id", name=op.f("pk_handoff_packet_ratings")),
    )
    op.create_table(
        "handoff_repeats",
        sa.Column("handoff_id", sa.String(length=26), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("agent_id", sa.String(length=26), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.id"], name=op.f("fk_handoff_repeats_handoff_id_handoffs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("handoff_id", "field", name=op.f("pk_handoff_repeats")),
    )
    with op.batch_alter_table("handoff_repeats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handoff_repeats_at"), ["at"], unique=False)
