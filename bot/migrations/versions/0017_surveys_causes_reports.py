"""bot.migrations: satisfaction surveys, root causes, and the reports that were made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kit.sql import UtcDateTime

revision = "0017"
down_revision = "0022"


def upgrade() -> None:
    """From 0022 to 0017."""
    # One index that holds everything lists are filtered by, in their order: any filter is counted in it alone.
    for name in ("opened", "status", "severity", "category", "kind", "department", "level"):
        op.drop_index(f"ix_cases_{name}", table_name="cases")
    filters = ["status", "severity", "category", "kind", "department", "level"]
    op.create_index("ix_cases_lists", "cases", ["opened_at", "id", *filters])
    op.create_index("ix_case_changes_what", "case_changes", ["what", "at"])
    op.create_index("ix_case_clocks_ended", "case_clocks", ["ended_at"])
    _surveys()
    _causes()


def _surveys() -> None:
    op.create_table(
        "surveys",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("why", sa.String(24), nullable=False),
        sa.Column("case_id", sa.String(26), nullable=True),
        sa.Column("conversation_id", sa.String(26), nullable=True),
        sa.Column("customer", sa.String(200), nullable=False),
        sa.Column("agent_id", sa.String(26), nullable=True),
        sa.Column("agent_name", sa.String(80), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("questions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("follow_up", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_surveys_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("key", name=op.f("uq_surveys_key")),
    )
    op.create_index("ix_surveys_offered", "surveys", ["offered_at", "name"])
    op.create_index("ix_surveys_case", "surveys", ["case_id"])
    op.create_table(
        "survey_answers",
        sa.Column("survey_id", sa.String(26), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_answers_survey_id_surveys")),
        sa.PrimaryKeyConstraint("survey_id", "seq", name=op.f("pk_survey_answers")),
    )
    op.create_table(
        "survey_customers",
        sa.Column("customer", sa.String(200), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("customer", name=op.f("pk_survey_customers")),
    )


def _causes() -> None:
    op.create_table(
        "root_causes",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("product", sa.String(80), nullable=False),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("department", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_root_causes")),
        sa.UniqueConstraint("key", name=op.f("uq_root_causes_key")),
    )
    op.create_table(
        "root_cause_changes",
        sa.Column("cause_id", sa.String(26), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(26), nullable=False),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("department", sa.String(40), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cause_id"], ["root_causes.id"], name=op.f("fk_root_cause_changes_cause_id_root_causes")
        ),
        sa.PrimaryKeyConstraint("cause_id", "seq", name=op.f("pk_root_cause_changes")),
    )
    op.create_table(
        "case_causes",
        sa.Column("case_id", sa.String(26), nullable=False),
        sa.Column("cause_id", sa.String(26), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_causes_case_id_cases")),
        sa.ForeignKeyConstraint(["cause_id"], ["root_causes.id"], name=op.f("fk_case_causes_cause_id_root_causes")),
        sa.PrimaryKeyConstraint("case_id", "cause_id", "at", name=op.f("pk_case_causes")),
    )
    op.create_index("ix_case_causes_cause", "case_causes", ["cause_id", "ended_at", "at", "case_id"])
    op.create_index("ix_case_causes_at", "case_causes", ["at"])
    op.create_table(
        "case_reports",
        sa.Column("span", sa.String(8), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("span", "first_day", name=op.f("pk_case_reports")),
    )
