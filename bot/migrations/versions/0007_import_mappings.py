"""bot.migrations: which columns of imported files are which fields."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """From 0006 to 0007."""
    op.create_table(
        "import_mappings",
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_import_mappings")),
    )
