"""bot.migrations: the product of every case, what is linked to one, alerts that were told; history stays as it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kit.sql import UtcDateTime

revision = "0034"
down_revision = "0032"

WHY = "the history of a case is only ever added to"
STAYS = {
    "sqlite": tuple(
        f"CREATE TRIGGER case_changes_stay_{verb} BEFORE {verb} ON case_changes BEGIN SELECT RAISE(ABORT, '{WHY}'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        (
            "CREATE FUNCTION case_changes_stay() RETURNS trigger AS"
            f" $$ BEGIN RAISE EXCEPTION '{WHY}'; END $$ LANGUAGE plpgsql"
        ),
        *(
            f"CREATE TRIGGER case_changes_stay_{verb} BEFORE {verb} ON case_changes"
            " FOR EACH ROW EXECUTE FUNCTION case_changes_stay()"
            for verb in ("UPDATE", "DELETE")
        ),
    ),
}


def upgrade() -> None:
    """From 0032 to 0034."""
    op.add_column("cases", sa.Column("product", sa.String(40), nullable=False, server_default=""))
    op.execute(
        "UPDATE cases SET product = (SELECT product FROM case_repairs WHERE case_repairs.case_id = cases.id) "
        "WHERE id IN (SELECT case_id FROM case_repairs)"
    )
    op.drop_column("case_repairs", "product")
    op.create_table(
        "case_links",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("case_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("target", sa.String(80), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(26), nullable=False),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_links_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_links")),
        sa.UniqueConstraint("case_id", "kind", "target", name=op.f("uq_case_links_case_id_kind_target")),
    )
    op.add_column("case_alerts", sa.Column("told_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE case_alerts SET told_at = at")
    untold = sa.text("told_at IS NULL")
    op.create_index("ix_case_alerts_untold", "case_alerts", ["at"], sqlite_where=untold, postgresql_where=untold)
    for statement in STAYS[op.get_bind().dialect.name]:
        op.execute(statement)
