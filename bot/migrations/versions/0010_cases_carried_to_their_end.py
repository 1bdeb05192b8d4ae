"""bot.migrations: kinds, steps, tasks, promises and alerts of cases."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"

TIME = sa.DateTime(timezone=True)
NEW: tuple[sa.Column[Any], ...] = (
    sa.Column("kind", sa.String(length=40), nullable=True),
    sa.Column("step", sa.String(length=40), nullable=True),
    sa.Column("stage", sa.String(length=16), nullable=True),
    sa.Column("department", sa.String(length=40), nullable=True),
    sa.Column("assignee_id", sa.String(length=26), nullable=True),
    sa.Column("assignee_name", sa.String(length=80), nullable=True),
    sa.Column("level", sa.Integer(), nullable=True),
    sa.Column("decision", sa.Text(), nullable=True),
    sa.Column("grounds", sa.Text(), nullable=True),
    sa.Column("closure", sa.String(length=16), nullable=True),
    sa.Column("reopened", sa.Integer(), nullable=True),
    sa.Column("promised_at", TIME, nullable=True),
)
MAY_BE_EMPTY = ("assignee_id", "closure", "promised_at")
STEPS = {
    "open": ("acknowledged", None),
    "in_progress": ("working", None),
    "resolved": ("closed", None),
    "withdrawn": ("withdrawn", "withdrawn"),
}
"""Where files of each status go on, and how they ended; whether a customer agreed nobody wrote down before."""


def upgrade() -> None:
    """From 0008 to 0010."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        for column in NEW:
            batch_op.add_column(column)
    cases = sa.table("cases", sa.column("status"), *(sa.column(column.name, column.type) for column in NEW))
    op.execute(
        cases.update().values(
            kind="complaint",
            department="complaints",
            assignee_name="",
            level=0,
            decision="",
            grounds="",
            reopened=0,
        )
    )
    for status, (step, closure) in STEPS.items():
        op.execute(cases.update().where(cases.c.status == status).values(step=step, stage=step, closure=closure))
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.alter_column("conversation_id", existing_type=sa.String(length=26), nullable=True)
        for column in NEW:
            if column.name not in MAY_BE_EMPTY:
                batch_op.alter_column(column.name, existing_type=column.type, nullable=False)
        for name in ("kind", "department", "level"):
            batch_op.create_index(f"ix_cases_{name}", [name, "opened_at"], unique=False)

    op.create_table(
        "case_clocks",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("warn_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("paused_at", TIME, nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("end", sa.String(length=16), nullable=True),
        sa.Column("next_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_clocks_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_clocks")),
    )
    op.create_index("ix_case_clocks_case", "case_clocks", ["case_id"])
    _partial("ix_case_clocks_next", "case_clocks", ["next_at"], "next_at IS NOT NULL")
    _partial("ix_case_clocks_warn", "case_clocks", ["warn_at"], '"end" IS NULL')

    op.create_table(
        "case_tasks",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_tasks_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_tasks")),
    )
    op.create_index("ix_case_tasks_case", "case_tasks", ["case_id"])
    _partial("ix_case_tasks_open", "case_tasks", ["department", "due_at"], "state = 'open'")

    op.create_table(
        "case_alerts",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("to", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=24), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=True),
        sa.Column("seen_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_alerts_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_alerts")),
    )
    _partial("ix_case_alerts_unseen", "case_alerts", ["at"], "seen_at IS NULL")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    """An index over the rows that are looked for."""
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
