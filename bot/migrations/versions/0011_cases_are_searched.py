"""bot.migrations: what a case is found by, in one narrow column that a search can walk through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """From 0010 to 0011."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("found_by", sa.Text(), nullable=True))
    op.execute("UPDATE cases SET found_by = lower(number || ' ' || coalesce(order_number, '') || ' ' || customer_name)")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.alter_column("found_by", existing_type=sa.Text(), nullable=False)
        batch_op.create_index("ix_cases_found_by", ["found_by", "opened_at", "id"], unique=False)
