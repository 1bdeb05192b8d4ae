"""knowledge_base: its tables. An article's versions are never changed; publications name every state of the base."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
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

from kit.sql import UtcDateTime, metadata

articles = Table(
    "articles",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),  # what the list's search knows it by
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
    Column("writer_id", String(26), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("owner", String(120), nullable=False, server_default=""),  # sign-in name
    Column("review_on", Date),
    Column("sides", JSON),  # version at which each language last moved; null in stores older than this column
    Column("lagging", String(2)),  # the language that moved least lately
    Column("shorts", JSON),  # mark of the answer that each language's short one was written for; null in older stores
    Column("audience", String(9), nullable=False, server_default="customers"),  # of the working copy
    Column("shown_to", String(9), nullable=False, server_default="customers"),  # audience of the published version
    Column("expires_at", UtcDateTime),  # of the published version
    Column("scheduled_version", Integer),
    Column("scheduled_at", UtcDateTime),
    Column("scheduled_by", String(120)),
    Column("scheduled_account", String(26)),
    Column("deleted_at", UtcDateTime),
    Column("deleted_by", String(120)),
    # Whatever the list is filtered by: any filter is counted and put in order in this index alone.
    Index(
        "ix_articles_list",
        *("updated_at", "id", "number", "deleted_at", "status", "category", "languages", "version"),
        *("published_version", "owner", "lagging", "review_on", "expires_at", "scheduled_version", "audience"),
    ),
    Index("ix_articles_scheduled_at", "scheduled_at"),
    Index("ix_articles_expires_at", "expires_at", "deleted_at", "published_version"),
    Index("ix_articles_review_on", "review_on", "deleted_at"),
)

article_counts = Table(
    "article_counts",
    metadata,
    # How many articles are alike in all of this; kept by triggers (`knowledge_base.adapters.article_counts`).
    Column("status", String(12), primary_key=True),
    Column("category", String(60), primary_key=True),
    Column("deleted", Boolean, primary_key=True),
    Column("one_sided", Boolean, primary_key=True),  # exists in one language only, or in none
    Column("lagging", Boolean, primary_key=True),
    Column("scheduled", Boolean, primary_key=True),
    Column("for_agents", Boolean, primary_key=True),
    Column("count", Integer, nullable=False),
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
    Column("reason", Text, nullable=False, server_default=""),
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

asked_questions = Table(
    "asked_questions",
    metadata,
    Column("id", String(26), primary_key=True),  # of the turn that dealt with it
    Column("customer", String(26), nullable=False),  # a name that only tells customers apart
    Column("channel", String(32), nullable=False),
    Column("language", String(2), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("day", Date, nullable=False),  # of `at`, where the desk is
    Column("question", Text, nullable=False),  # personal data masked
    Column("folded", String(200), nullable=False),  # letters and digits: the same question has the same
    Column("outcome", String(12), nullable=False),
    Column("article_id", String(26)),  # shown, or the best match
    Column("article_version", Integer),
    Column("rival_id", String(26)),  # came second by little, or was offered first and not chosen
    Column("helped", Boolean),
    Column("reason", String(16)),  # why it did not help
    Column("handed_over", Boolean, nullable=False),
    # Figures are read from these indexes alone.
    Index(
        "ix_asked_questions_day",
        *("day", "channel", "language", "outcome", "helped", "handed_over"),
    ),
    Index(
        "ix_asked_questions_article_id",
        *("article_id", "day", "channel", "language", "outcome", "helped", "handed_over", "at"),
    ),
    Index("ix_asked_questions_folded", "folded", "day", "channel", "language", "outcome"),
    Index("ix_asked_questions_customer", "customer", "at"),
    Index("ix_asked_questions_at", "at"),
    Index(
        "ix_asked_questions_rival_id",
        *("rival_id", "article_id", "day", "channel", "language", "outcome"),
        sqlite_where=text("rival_id IS NOT NULL"),
        postgresql_where=text("rival_id IS NOT NULL"),
    ),
)

misses = Table(
    "misses",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("question", Text, nullable=False),  # personal data masked
    Column("language", String(2), nullable=False),
    Column("why", String(16), nullable=False),
    Column("best_article_id", String(26)),
    Column("at", UtcDateTime, nullable=False),
    Column("customer", String(26), nullable=False, server_default=""),
    Column("channel", String(32), nullable=False, server_default=""),
    Column("cluster_id", String(26)),  # null until it is put beside questions of its meaning
    Column("reply", Text, nullable=False, server_default=""),  # what an agent wrote then
    Column("dismissed_at", UtcDateTime),
    Column("dismissed_by", String(120)),
    Index("ix_misses_at", "at"),
    Index("ix_misses_cluster_id", "cluster_id", "at", "customer"),
    Index("ix_misses_customer", "customer", "at"),
)

miss_clusters = Table(
    "miss_clusters",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("language", String(2), nullable=False),
    Column("title", Text, nullable=False),  # its first question
    Column("state", String(12), nullable=False),
    Column("article_id", String(26)),  # of a done one: what answers it
    Column("merged_into", String(26)),
    Column("again", String(16), nullable=False, server_default=""),  # why a done one speaks up again
    Column("size", Integer, nullable=False),
    Column("encoder", String(120), nullable=False),
    Column("total", LargeBinary, nullable=False),  # sum of its questions' vectors, float32, little-endian
    Column("founded_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(120), nullable=False),
    Index("ix_miss_clusters_state", "state", "language"),
)

golden_questions = Table(
    "golden_questions",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("question", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("article_id", String(26)),  # null: the base has no answer to it
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(120), nullable=False),
    UniqueConstraint("question", "language"),
    Index("ix_golden_questions_article_id", "article_id"),
)

unsaved_texts = Table(
    "unsaved_texts",
    metadata,
    Column("account_id", String(26), primary_key=True),
    Column("name", String(40), primary_key=True),  # id of the article; `new-…` while it has none
    Column("article_id", String(26)),
    Column("person", String(120), nullable=False),
    Column("base_version", Integer, nullable=False),
    Column("content", JSON(none_as_null=True)),  # null: the page is open and nothing was typed
    Column("seen_at", UtcDateTime, nullable=False),
    Column("typed_at", UtcDateTime),
    Index("ix_unsaved_texts_article_id", "article_id"),
)

article_flags = Table(
    "article_flags",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("article_id", String(26), ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("language", String(2), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("words", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", String(26), nullable=False),
    Column("by", String(120), nullable=False),
    Column("settled_at", UtcDateTime),  # null: waits for an editor
    Column("settled_by", String(120), nullable=False),
    Column("settled_as", String(8)),  # `mended` or `fine`
    Index("ix_article_flags_article_id", "article_id", "settled_at"),
)

images = Table(
    "images",
    metadata,
    Column("id", String(64), primary_key=True),  # SHA-256 of the content
    Column("kind", String(4), nullable=False),  # `png` or `jpeg`
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(120), nullable=False),
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", String(64), primary_key=True),  # SHA-256 of the content
    Column("media_type", String(40), nullable=False),
    Column("size", Integer, nullable=False),  # bytes
    Column("content", LargeBinary, nullable=False),
    Column("held", Boolean, nullable=False),  # a version of an article names it
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(120), nullable=False),
    Index("ix_attachments_at", "held", "at"),
)

import_mappings = Table(
    "import_mappings",
    metadata,
    Column("fingerprint", String(32), primary_key=True),  # of a file's headings
    Column("fields", JSON, nullable=False),  # by column number
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(120), nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("name", String(200), nullable=False),  # of the file
    Column("options", JSON, nullable=False),  # encoding, language and columns, as somebody chose them
    Column("size", Integer, nullable=False),  # of the file, bytes
    Column("state", String(12), nullable=False),
    Column("stores", Boolean, nullable=False),  # false: only a dry run is wanted yet
    Column("step", String(12), nullable=False),  # what is being done
    Column("done", Integer, nullable=False),  # of `total` rows
    Column("total", Integer, nullable=False),
    Column("report", JSON(none_as_null=True)),  # what the dry run found
    Column("refusal", JSON(none_as_null=True)),  # why nothing was stored
    Column("account_id", String(26), nullable=False),
    Column("person", String(120), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),  # how often somebody began to work at it
    Column("worker", String(26), nullable=False),  # who works at it
    Column("worked_until", UtcDateTime),  # past it, the worker is taken for dead
    Index("ix_imports_account_id", "account_id", "at"),
)

import_chunks = Table(
    "import_chunks",
    metadata,
    # The file, in pieces that no writer waits for.
    Column("import_id", String(26), ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

import_rows = Table(
    "import_rows",
    metadata,
    # What is to be stored; a row goes when its article is.
    Column("import_id", String(26), ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("article_id", String(26), nullable=False),
    Column("expected_version", Integer, nullable=False),  # 0: the article is new
    Column("key", String(120), nullable=False),
    Column("content", JSON, nullable=False),
    Index("ix_import_rows_article_id", "article_id"),
    Index("ix_import_rows_key", "key"),
)
