"""bot.migrations: departments, promised times, offers, profiles of representatives, key accounts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
NEW: tuple[sa.Column[Any], ...] = (
    sa.Column("department", sa.String(length=40), nullable=True),
    sa.Column("skill", sa.String(length=40), nullable=True),
    sa.Column("key_account", sa.Boolean(), nullable=True),
    sa.Column("named_agent_id", sa.String(length=26), nullable=True),
    sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
    sa.Column("placed_why", JSON, nullable=True),
)
REQUIRED = ("department", "key_account", "answer_by", "placed_why")


def upgrade() -> None:
    """From 0002 to 0003."""
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        for column in NEW:
            batch_op.add_column(column)
        batch_op.drop_index("ix_handoffs_queue")

    # What waits already keeps its order: as promised as it was asked for.
    handoffs = sa.table(
        "handoffs",
        sa.column("asked_at", sa.DateTime(timezone=True)),
        *(sa.column(column.name, column.type) for column in NEW),
    )
    op.execute(
        handoffs.update().values(
            department="consultation", key_account=sa.false(), answer_by=handoffs.c.asked_at, placed_why=[]
        )
    )
    op.execute("UPDATE queue_version SET version = version + 1")

    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        for column in NEW:
            if column.name in REQUIRED:
                batch_op.alter_column(column.name, existing_type=column.type, nullable=False)
        batch_op.create_index(
            "ix_handoffs_queue",
            ["state", "answer_by"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting', 'active')"),
            postgresql_where=sa.text("state IN ('waiting', 'active')"),
        )

    op.create_table(
        "handoff_offers",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("handoff_id", sa.String(length=26), nullable=False),
        sa.Column("agent_id", sa.String(length=26), nullable=False),
        sa.Column("agent_name", sa.String(length=80), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", JSON, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.id"], name=op.f("fk_handoff_offers_handoff_id_handoffs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_offers")),
    )
    with op.batch_alter_table("handoff_offers", schema=None) as batch_op:
        batch_op.create_index("ix_handoff_offers_agent", ["agent_id", "offered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_handoff_offers_handoff_id"), ["handoff_id"], unique=False)
        batch_op.create_index(
            "uq_handoff_offers_open",
            ["handoff_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "agent_profiles",
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("departments", JSON, nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("skills", JSON, nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("channel_capacity", JSON, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_agent_profiles")),
    )
    op.create_table(
        "handoff_customers",
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("key_account", sa.Boolean(), nullable=False),
        sa.Column("named_agent_id", sa.String(length=26), nullable=True),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_handoff_customers")),
    )
