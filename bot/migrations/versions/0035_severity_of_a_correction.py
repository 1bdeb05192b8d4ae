"""bot.migrations: how bad a complaint is, said by whoever corrects what was read in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """From 0034 to 0035."""
    op.add_column("corrections", sa.Column("severity", sa.String(20), nullable=False, server_default=""))
