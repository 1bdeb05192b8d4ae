"""knowledge_base: its tables. An article's versions are never changed; publications name every state of the base."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from kit.sql import UtcDateTime, metadata

articles = Table(
    "articles",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("category", String(60), nullable=False),
    Column("status", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("published_version", Integer),
    Column("languages", String(20), nullable=False),  # of the working copy, such as `en,zh`
    Column("titles", JSON, nullable=False),  # of the working copy, by language
    Column("search_text", Text, nullable=False),  # of the working copy, lower case
    Column("updated_at", UtcDateTime, nullable=False),
    Column("updated_by", String(120), nullable=False),
    Index("ix_articles_updated_at", "updated_at"),
)

article_versions = Table(
    "article_versions",
    metadata,
    Column("article_id", String(26), ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("change", String(12), nullable=False),
    Column("content", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(120), nullable=False),
)

knowledge_base_state = Table(
    "knowledge_base_state",
    metadata,
    # One row. Updating it locks it until the commit, so that versions become visible in their order.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("calibration", String(10)),  # the one that every process uses
)

calibrations = Table(
    "calibrations",
    metadata,
    Column("version", String(10), primary_key=True),
    Column("base_version", Integer, nullable=False),
    Column("encoder", String(120), nullable=False),
    Column("content", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

publications = Table(
    "publications",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(8), nullable=False),
    Column("article_id", String(26), nullable=False),
    Column("article_version", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(120), nullable=False),
    Index("ix_publications_article_id", "article_id"),
)

article_vectors = Table(
    "article_vectors",
    metadata,
    Column("article_id", String(26), ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("encoder", String(120), primary_key=True),
    Column("language", String(2), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("role", String(8), nullable=False),
    Column("wording", Text, nullable=False),
    Column("vector", LargeBinary, nullable=False),  # float16, little-endian
)

article_feedback = Table(
    "article_feedback",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("article_id", String(26), nullable=False),
    Column("version", Integer, nullable=False),
    Column("helped", String(3), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_article_feedback_article_id", "article_id"),
)

misses = Table(
    "misses",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("question", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("why", String(16), nullable=False),
    Column("best_article_id", String(26)),
    Column("at", UtcDateTime, nullable=False),
    Column("dismissed_at", UtcDateTime),
    Column("dismissed_by", String(120)),
    Index("ix_misses_at", "at"),
)
