"""cases: the tables of repairs. Columns mean what cases/contracts/after_sales.py says unless a comment says more."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from kit.sql import UtcDateTime, metadata

case_repairs = Table(
    "case_repairs",
    metadata,
    Column("case_id", String(26), ForeignKey("cases.id"), primary_key=True),
    Column("bought_on", Date),
)

# The balance of the ledger, one row a part: whoever moves something holds it, and it never falls below nought.
part_stock = Table(
    "part_stock",
    metadata,
    Column("part", String(40), primary_key=True),
    Column("on_hand", Integer, nullable=False),
    Column("reserved", Integer, nullable=False),
    CheckConstraint("reserved >= 0 AND reserved <= on_hand", name="enough"),
)

part_movements = Table(
    "part_movements",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("key", String(80), nullable=False),
    Column("part", String(40), nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("case_id", String(26), ForeignKey("cases.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(26), nullable=False),
    Column("by_name", String(80), nullable=False),
    Column("note", Text, nullable=False),
    UniqueConstraint("key"),
    Index("ix_part_movements_part", "part", "id"),
)

part_needs = Table(
    "part_needs",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("case_id", String(26), ForeignKey("cases.id"), nullable=False),
    Column("part", String(40), nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_name", String(80), nullable=False),
    Index("ix_part_needs_case", "case_id"),
    Index(
        "ix_part_needs_waiting",
        "part",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

# A visit that is called off is deleted; the case's history keeps it. Two visits never share time and seat.
case_visits = Table(
    "case_visits",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("case_id", String(26), ForeignKey("cases.id"), nullable=False),
    Column("begins_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("seat", Integer, nullable=False),
    Column("by_name", String(80), nullable=False),
    UniqueConstraint("begins_at", "seat"),
    UniqueConstraint("case_id", "begins_at"),
)

case_costs = Table(
    "case_costs",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("case_id", String(26), ForeignKey("cases.id"), nullable=False),
    Column("what", Text, nullable=False),
    Column("cents", Integer, nullable=False),
    Column("by_customer", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_name", String(80), nullable=False),
    Index("ix_case_costs_case", "case_id"),
)
