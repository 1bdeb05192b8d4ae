"""nlu: tables."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from kit.sql import UtcDateTime, metadata

corrections = Table(
    "corrections",
    metadata,
    Column("id", String(26), primary_key=True),
    # SHA-256 of the text's bare letters and digits: one text has one correction.
    Column("text_hash", String(64), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("heard", String(80), nullable=False),
    Column("intent", String(80), nullable=False),
    Column("category", String(80), nullable=False),
    # Empty where nobody said how bad it is.
    Column("severity", String(20), nullable=False, server_default=""),
    Column("state", String(20), nullable=False),
    Column("proposed_by", String(26), nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("decided_by", String(26), nullable=False),
    Column("decided_at", UtcDateTime),
    Index("ix_corrections_state_proposed_at", "state", "proposed_at"),
)
