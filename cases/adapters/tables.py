"""cases: the tables of the complaint files. Columns mean what cases/contracts.py says unless a comment says more."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from kit.sql import UtcDateTime, metadata

cases = Table(
    "cases",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("number", String(24), nullable=False),
    Column("key", String(200), nullable=False),
    Column("conversation_id", String(26), nullable=False),
    Column("customer_name", String(80), nullable=False),
    Column("language", String(2), nullable=False),
    Column("category", String(40), nullable=False),
    Column("category_confidence", Float, nullable=False),
    Column("severity", String(16), nullable=False),
    Column("severity_confidence", Float, nullable=False),
    # What the classifier read when the file was opened; never changed.
    Column("read_category", String(40), nullable=False),
    Column("read_severity", String(16), nullable=False),
    Column("rule", String(80)),
    Column("what_happened", Text, nullable=False),
    Column("order_number", Text),
    Column("wanted", Text),
    Column("contact", Text),
    Column("words", JSON().with_variant(JSONB(), "postgresql"), nullable=False),
    Column("status", String(16), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # Number of history lines.
    Column("version", Integer, nullable=False),
    UniqueConstraint("number"),
    UniqueConstraint("key"),
    Index("ix_cases_conversation", "conversation_id", "opened_at"),
    Index("ix_cases_opened", "opened_at", "id"),
    Index("ix_cases_status", "status", "opened_at"),
    Index("ix_cases_severity", "severity", "opened_at"),
    Index("ix_cases_category", "category", "opened_at"),
)

case_changes = Table(
    "case_changes",
    metadata,
    Column("case_id", String(26), ForeignKey("cases.id"), primary_key=True),
    # 1, 2, 3 … without gaps: two writers of the same line cannot both be stored.
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(26), nullable=False),
    Column("by_name", String(80), nullable=False),
    Column("what", String(24), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
)

# One row a month. Whoever opens a file holds the row until the commit, so that numbers follow each other.
case_counters = Table(
    "case_counters",
    metadata,
    Column("period", String(4), primary_key=True),
    Column("last", Integer, nullable=False),
)
