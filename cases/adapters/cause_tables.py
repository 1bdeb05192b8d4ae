"""cases: the tables of root causes and suggestions, and of the reports that were made."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from kit.sql import UtcDateTime, metadata

root_causes = Table(
    "root_causes",
    metadata,
    Column("id", String(26), primary_key=True),
    # A `CauseKind`: cause or suggestion.
    Column("kind", String(16), nullable=False),
    Column("product", String(80), nullable=False),
    Column("what", String(200), nullable=False),
    # Product and words, folded: the same thing typed twice is one.
    Column("key", String(300), nullable=False),
    Column("department", String(40), nullable=False),
    Column("state", String(16), nullable=False),
    Column("done", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # Number of history lines.
    Column("version", Integer, nullable=False),
    UniqueConstraint("key"),
)

# Only ever added to.
root_cause_changes = Table(
    "root_cause_changes",
    metadata,
    Column("cause_id", String(26), ForeignKey("root_causes.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(26), nullable=False),
    Column("by_name", String(80), nullable=False),
    Column("state", String(16), nullable=False),
    Column("department", String(40), nullable=False),
    Column("done", Text, nullable=False),
)

# Which files a cause was found in; a mistake is taken back by ending the line.
case_causes = Table(
    "case_causes",
    metadata,
    Column("case_id", String(26), ForeignKey("cases.id"), primary_key=True),
    Column("cause_id", String(26), ForeignKey("root_causes.id"), primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("by_name", String(80), nullable=False),
    Column("ended_at", UtcDateTime),
    # Counting and the newest examples need nothing else.
    Index("ix_case_causes_cause", "cause_id", "ended_at", "at", "case_id"),
    Index("ix_case_causes_at", "at"),
)

# Reports as they were made: asked for again, a finished week or month is the same bytes.
case_reports = Table(
    "case_reports",
    metadata,
    # A `Span`: week or month.
    Column("span", String(8), primary_key=True),
    Column("first_day", Date, primary_key=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("data", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
)
