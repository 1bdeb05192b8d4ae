"""bot.migrations: unsaved texts no longer carry questions; clusters hold what an article is to answer (0022)."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """From 0027 to 0028."""
    op.drop_column("unsaved_texts", "asked")
