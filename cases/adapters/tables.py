"""cases: the tables of the complaint files. Columns mean what cases/contracts.py says unless a comment says more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from cases.adapters import after_sales_tables, link_tables  # noqa: F401 - registers them with the others
from cases.adapters.cause_tables import case_causes, case_reports, root_cause_changes, root_causes
from cases.adapters.history import keep_as_written
from cases.adapters.survey_tables import survey_answers, survey_customers, surveys
from kit.sql import UtcDateTime, metadata

__all__ = [
    "case_alerts",
    "case_causes",
    "case_changes",
    "case_clocks",
    "case_counters",
    "case_reports",
    "case_tasks",
    "cases",
    "root_cause_changes",
    "root_causes",
    "survey_answers",
    "survey_customers",
    "surveys",
]


def _only(condition: str) -> dict[str, Any]:
    """An index over the rows that are looked for, not over those that are over."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


cases = Table(
    "cases",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("number", String(24), nullable=False),
    Column("key", String(200), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("conversation_id", String(26)),
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
    # By the names of the fields of its kind.
    Column("fields", JSON().with_variant(JSONB(), "postgresql"), nullable=False, server_default="{}"),
    Column("step", String(40), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("department", String(40), nullable=False),
    Column("assignee_id", String(26)),
    Column("assignee_name", String(80), nullable=False),
    # One of the settings' products; empty where none is known.
    Column("product", String(40), nullable=False, server_default=""),
    Column("level", Integer, nullable=False),
    Column("decision", Text, nullable=False),
    Column("grounds", Text, nullable=False),
    Column("closure", String(16)),
    Column("reopened", Integer, nullable=False),
    Column("promised_at", UtcDateTime),
    Column("merged_into", String(24)),
    # Account id, `customer` or `bot`.
    Column("opened_by", String(26), nullable=False, server_default=""),
    # Number, order number and name in one, folded: a search walks through the index of this and not through the files.
    Column("found_by", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # Number of history lines.
    Column("version", Integer, nullable=False),
    UniqueConstraint("number"),
    UniqueConstraint("key"),
    Index("ix_cases_conversation", "conversation_id", "opened_at"),
    Index("ix_cases_merged", "merged_into", **_only("merged_into IS NOT NULL")),
    # Everything lists are filtered by, in their order: whatever the filter, it is walked and counted in here alone.
    Index(
        "ix_cases_lists",
        "opened_at",
        "id",
        "status",
        "severity",
        "category",
        "kind",
        "department",
        "level",
        "assignee_id",
        "opened_by",
    ),
    Index("ix_cases_found_by", "found_by", "opened_at", "id"),
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
    Index("ix_case_changes_what", "what", "at"),
)
keep_as_written(case_changes)

# Promises. One that has ended stays, for the reports.
case_clocks = Table(
    "case_clocks",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("case_id", String(26), ForeignKey("cases.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("warn_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("paused_at", UtcDateTime),
    Column("rung", Integer, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("end", String(16)),
    Column("next_at", UtcDateTime),
    Index("ix_case_clocks_case", "case_id"),
    # The reports count what was kept and what was late in a time.
    Index("ix_case_clocks_ended", "ended_at"),
    Index(
        "ix_case_clocks_next",
        "next_at",
        sqlite_where=text("next_at IS NOT NULL"),
        postgresql_where=text("next_at IS NOT NULL"),
    ),
    Index("ix_case_clocks_warn", "warn_at", **_only('"end" IS NULL')),
)

case_tasks = Table(
    "case_tasks",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("case_id", String(26), ForeignKey("cases.id"), nullable=False),
    Column("department", String(40), nullable=False),
    Column("what", Text, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(80), nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_by", String(80), nullable=False),
    Index("ix_case_tasks_case", "case_id"),
    Index(
        "ix_case_tasks_open",
        "department",
        "due_at",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

case_alerts = Table(
    "case_alerts",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("case_id", String(26), ForeignKey("cases.id"), nullable=False),
    # A `Level`: 1 supervisor, 2 manager.
    Column("to", Integer, nullable=False),
    Column("why", String(24), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime),
    Column("seen_by", String(80), nullable=False),
    # When those it is for were told.
    Column("told_at", UtcDateTime),
    Index("ix_case_alerts_unseen", "at", **_only("seen_at IS NULL")),
    Index("ix_case_alerts_untold", "at", **_only("told_at IS NULL")),
)

# One row a month. Whoever opens a file holds the row until the commit, so that numbers follow each other.
case_counters = Table(
    "case_counters",
    metadata,
    Column("period", String(4), primary_key=True),
    Column("last", Integer, nullable=False),
)

# The days supervisors were told of in the morning.
case_digests = Table(
    "case_digests",
    metadata,
    Column("day", Date, primary_key=True),
    Column("told_at", UtcDateTime, nullable=False),
)

case_evidence = Table(
    "case_evidence",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("case_id", String(26), ForeignKey("cases.id"), nullable=False),
    Column("name", String(120), nullable=False),
    Column("media_type", String(40), nullable=False),
    Column("size", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(26), nullable=False),
    Column("by_name", String(80), nullable=False),
    UniqueConstraint("case_id", "digest"),
)

follow_ups = Table(
    "follow_ups",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("key", String(120), nullable=False),
    Column("plan", String(40), nullable=False),
    Column("case_id", String(26), ForeignKey("cases.id")),
    Column("conversation_id", String(26)),
    Column("customer_name", String(80), nullable=False),
    Column("language", String(2), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("assignee_id", String(26)),
    Column("assignee_name", String(80), nullable=False),
    Column("taken_at", UtcDateTime),
    Column("question", String(40), nullable=False),
    Column("outcome", String(16)),
    Column("comment", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    UniqueConstraint("key"),
    Index("ix_follow_ups_due", "state", "due_at", **_only("state <> 'done'")),
    Index("ix_follow_ups_case", "case_id", **_only("case_id IS NOT NULL")),
    # When a customer was last asked.
    Index("ix_follow_ups_conversation", "conversation_id", "ended_at"),
    Index("ix_follow_ups_ended", "ended_at", **_only("ended_at IS NOT NULL")),
)

follow_up_events = Table(
    "follow_up_events",
    metadata,
    Column("follow_up_id", String(26), ForeignKey("follow_ups.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(26), nullable=False),
    Column("by_name", String(80), nullable=False),
    Column("what", String(16), nullable=False),
    Column("about", String(40), nullable=False),
    Column("value", Text, nullable=False),
)

# How customers want to be followed up; who has said nothing has no row.
follow_up_wishes = Table(
    "follow_up_wishes",
    metadata,
    Column("conversation_id", String(26), primary_key=True),
    Column("wish", String(8), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(26), nullable=False),
)

# How far each plan has gone through its customers in each period.
follow_up_rounds = Table(
    "follow_up_rounds",
    metadata,
    Column("plan", String(40), primary_key=True),
    Column("period", String(10), primary_key=True),
    Column("began_at", UtcDateTime, nullable=False),
    # The last customer that was looked at.
    Column("after", String(26), nullable=False),
    Column("done", Boolean, nullable=False),
)
