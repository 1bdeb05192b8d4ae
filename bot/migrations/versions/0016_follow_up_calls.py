"""bot.migrations: follow-up calls, what happened to them, what customers wish, and rounds over all customers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """From 0014 to 0016."""
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("plan", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=True),
        sa.Column("conversation_id", sa.String(length=26), nullable=True),
        sa.Column("customer_name", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.String(length=26), nullable=True),
        sa.Column("assignee_name", sa.String(length=80), nullable=False),
        sa.Column("taken_at", TIME, nullable=True),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_follow_ups_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("key", name=op.f("uq_follow_ups_key")),
    )
    _partial("ix_follow_ups_due", ["state", "due_at"], "state <> 'done'")
    _partial("ix_follow_ups_case", ["case_id"], "case_id IS NOT NULL")
    op.create_index("ix_follow_ups_conversation", "follow_ups", ["conversation_id", "ended_at"])
    _partial("ix_follow_ups_ended", ["ended_at"], "ended_at IS NOT NULL")

    op.create_table(
        "follow_up_events",
        sa.Column("follow_up_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.String(length=26), nullable=False),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_ups.id"], name=op.f("fk_follow_up_events_follow_up_id_follow_ups")
        ),
        sa.PrimaryKeyConstraint("follow_up_id", "seq", name=op.f("pk_follow_up_events")),
    )
    op.create_table(
        "follow_up_wishes",
        sa.Column("conversation_id", sa.String(length=26), nullable=False),
        sa.Column("wish", sa.String(length=8), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_follow_up_wishes")),
    )
    op.create_table(
        "follow_up_rounds",
        sa.Column("plan", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("after", sa.String(length=26), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("plan", "period", name=op.f("pk_follow_up_rounds")),
    )


def _partial(name: str, columns: list[str], where: str) -> None:
    """An index over the rows that are looked for."""
    op.create_index(name, "follow_ups", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
