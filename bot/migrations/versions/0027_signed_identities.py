"""bot.migrations: who the shop says a customer is; the departments that a token is limited to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0024"


def upgrade() -> None:
    """From 0024 to 0027."""
    op.create_table(
        "handoff_customer_identities",
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_handoff_customer_identities")),
    )
    op.create_index(
        op.f("ix_handoff_customer_identities_subject"), "handoff_customer_identities", ["subject"], unique=False
    )
    with op.batch_alter_table("api_tokens") as batch_op:
        batch_op.add_column(sa.Column("departments", sa.String(length=800), server_default="", nullable=False))
