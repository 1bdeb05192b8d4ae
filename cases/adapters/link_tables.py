"""cases: the table of what is linked to a case. Columns mean what cases/contracts/linked.py says."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint

from kit.sql import UtcDateTime, metadata

case_links = Table(
    "case_links",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("case_id", String(26), ForeignKey("cases.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("target", String(80), nullable=False),
    Column("label", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(26), nullable=False),
    Column("by_name", String(80), nullable=False),
    UniqueConstraint("case_id", "kind", "target"),
)
