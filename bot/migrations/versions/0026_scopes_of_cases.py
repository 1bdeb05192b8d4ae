"""bot.migrations: who opened a case, what it was merged into, and the fields of its kind; which days were told of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kit.sql import UtcDateTime

revision = "0026"
down_revision = "0028"

FILTERS = ("status", "severity", "category", "kind", "department", "level")


def upgrade() -> None:
    """From 0028 to 0026."""
    op.add_column("cases", sa.Column("opened_by", sa.String(26), nullable=False, server_default=""))
    kept = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("cases", sa.Column("fields", kept, nullable=False, server_default="{}"))
    op.add_column("cases", sa.Column("merged_into", sa.String(24), nullable=True))
    op.execute(
        "UPDATE cases SET opened_by = COALESCE("
        "(SELECT \"by\" FROM case_changes WHERE case_changes.case_id = cases.id AND case_changes.seq = 1), '')"
    )
    op.drop_index("ix_cases_lists", table_name="cases")
    op.create_index("ix_cases_lists", "cases", ["opened_at", "id", *FILTERS, "assignee_id", "opened_by"])
    op.create_table(
        "case_digests",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_case_digests")),
    )
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index("ix_cases_merged", "cases", ["merged_into"], sqlite_where=merged, postgresql_where=merged)
