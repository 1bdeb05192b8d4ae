"""bot.migrations: repairs: product, the ledger of parts, visits, costs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """From 0020 to 0021."""
    op.create_table(
        "case_repairs",
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("bought_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_repairs_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_repairs")),
    )
    op.create_table(
        "part_stock",
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.CheckConstraint("reserved >= 0 AND reserved <= on_hand", name=op.f("ck_part_stock_enough")),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_part_stock")),
    )
    op.create_table(
        "part_movements",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.String(length=26), nullable=False),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_part_movements_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_movements")),
        sa.UniqueConstraint("key", name=op.f("uq_part_movements_key")),
    )
    op.create_index("ix_part_movements_part", "part_movements", ["part", "id"])
    op.create_table(
        "part_needs",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_part_needs_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_needs")),
    )
    op.create_index("ix_part_needs_case", "part_needs", ["case_id"])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_part_needs_waiting", "part_needs", ["part", "id"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_table(
        "case_visits",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("begins_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_visits_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_visits")),
        sa.UniqueConstraint("begins_at", "seat", name=op.f("uq_case_visits_begins_at_seat")),
        sa.UniqueConstraint("case_id", "begins_at", name=op.f("uq_case_visits_case_id_begins_at")),
    )
    op.create_table(
        "case_costs",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("by_customer", sa.Boolean(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_costs_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_costs")),
    )
    op.create_index("ix_case_costs_case", "case_costs", ["case_id"])
