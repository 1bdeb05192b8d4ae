"""cases: the tables of surveys. Columns mean what cases/contracts/surveys.py says unless a comment says more."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from kit.sql import UtcDateTime, metadata

surveys = Table(
    "surveys",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("key", String(200), nullable=False),
    Column("name", String(40), nullable=False),
    Column("why", String(24), nullable=False),
    Column("case_id", String(26), ForeignKey("cases.id")),
    Column("conversation_id", String(26)),
    Column("customer", String(200), nullable=False),
    Column("agent_id", String(26)),
    Column("agent_name", String(80), nullable=False),
    Column("language", String(2), nullable=False),
    # The questions as they were asked.
    Column("questions", JSON().with_variant(JSONB(), "postgresql"), nullable=False),
    Column("offered_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("follow_up", String(24), nullable=False),
    UniqueConstraint("key"),
    Index("ix_surveys_offered", "offered_at", "name"),
    Index("ix_surveys_case", "case_id"),
)

# Only ever added to: of each question of a survey the line with the highest seq counts.
survey_answers = Table(
    "survey_answers",
    metadata,
    Column("survey_id", String(26), ForeignKey("surveys.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("question", String(40), nullable=False),
    Column("value", Integer),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# One row a customer: whoever takes the row first has asked; "never twice in N days" is settled here in one step.
survey_customers = Table(
    "survey_customers",
    metadata,
    Column("customer", String(200), primary_key=True),
    Column("asked_at", UtcDateTime, nullable=False),
)
