"""bot.migrations: what the representative's console keeps: flags, files, receipts, snoozes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kit.sql import UtcDateTime

revision = "0025"
down_revision = "0026"


def upgrade() -> None:
    """From 0026 to 0025."""
    op.create_table(
        "article_flags",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("article_id", sa.String(26), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.String(26), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by", sa.String(120), nullable=False),
        sa.Column("settled_as", sa.String(8), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_flags_article_id_articles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_flags")),
    )
    op.create_index("ix_article_flags_article_id", "article_flags", ["article_id", "settled_at"])
    op.create_table(
        "entry_files",
        sa.Column("conversation_id", sa.String(26), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_entry_files_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_entry_files")),
    )
    op.create_table(
        "receipts",
        sa.Column("conversation_id", sa.String(26), nullable=False),
        sa.Column("delivered_seq", sa.Integer(), nullable=False),
        sa.Column("read_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_receipts_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_receipts")),
    )
    op.create_table(
        "handoff_snoozes",
        sa.Column("conversation_id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_handoff_snoozes")),
    )
    op.create_index("ix_handoff_snoozes_account_id", "handoff_snoozes", ["account_id"])
    op.create_index("ix_handoff_snoozes_until", "handoff_snoozes", ["until"])
