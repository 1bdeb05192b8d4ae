"""bot: the tables of the conversation. Column meanings are those of bot/contracts.py unless a comment says more."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
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

from kit.sql import UtcDateTime, metadata

Json = JSON().with_variant(JSONB(), "postgresql")

DUE = text("due_seq > handled_seq")
PENDING = text("state = 'pending'")

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("address", String(200), nullable=False),
    Column("customer_name", String(80), nullable=False),
    Column("language", String(2), nullable=False),
    Column("owner", String(8), nullable=False),
    Column("agent_id", String(26)),
    Column("epoch", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("handled_seq", Integer, nullable=False),
    # The last entry that asks for a turn; a turn is due while it stands after handled_seq.
    Column("due_seq", Integer, nullable=False),
    # Turns that failed since the last one that worked, and when the next try is allowed.
    Column("attempts", Integer, nullable=False),
    Column("retry_at", UtcDateTime, nullable=False),
    Column("state", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("channel", "address"),
    Index("ix_conversations_due", "retry_at", sqlite_where=DUE, postgresql_where=DUE),
)

entries = Table(
    "entries",
    metadata,
    Column("conversation_id", String(26), ForeignKey("conversations.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("key", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("author", String(80), nullable=False),
    Column("author_id", String(26)),
    Column("at", UtcDateTime, nullable=False),
    Column("payload", Json, nullable=False),
    # Whether a turn has to look at it: texts, presses, files and starts of the customer.
    Column("asks_turn", Boolean, nullable=False),
    UniqueConstraint("conversation_id", "key"),
)

# At most one file a line; `payload.file` says what it is, so that lists need not read it.
entry_files = Table(
    "entry_files",
    metadata,
    Column("conversation_id", String(26), ForeignKey("conversations.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120), nullable=False),
    Column("media_type", String(40), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

# How far the customer's window is, where it tells.
receipts = Table(
    "receipts",
    metadata,
    Column("conversation_id", String(26), ForeignKey("conversations.id"), primary_key=True),
    Column("delivered_seq", Integer, nullable=False),
    Column("read_seq", Integer, nullable=False),
)

inbound = Table(
    "inbound",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("external_id", String(200), primary_key=True),
    Column("conversation_id", String(26), ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
)

turns = Table(
    "turns",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("conversation_id", String(26), ForeignKey("conversations.id"), nullable=False),
    # The customer's entry that was dealt with, and the last entry written in reply (equal when silent).
    Column("seq", Integer, nullable=False),
    Column("reply_seq", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("exit", String(16), nullable=False),
    Column("decision", String(32), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("language", String(2), nullable=False),
    Column("intent", String(64), nullable=False),
    Column("intent_confidence", Float, nullable=False),
    Column("entities", Json, nullable=False),
    Column("article_id", String(26)),
    Column("article_title", Text),
    Column("confidence", Float),
    Column("helped", Boolean),
    # Everything the decision was made from (bot/why.py), so that it can be replayed.
    Column("why", Json, nullable=False),
    Column("faults", Json, nullable=False),
    Column("milliseconds", Float, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("conversation_id", String(26), ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("address", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    # Counted before the call, so that a row with attempts and no error is one whose sender died on the way.
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("failure", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("message_id", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    UniqueConstraint("conversation_id", "seq"),
    Index("ix_outbox_pending", "next_at", sqlite_where=PENDING, postgresql_where=PENDING),
    Index("ix_outbox_message", "channel", "address", "message_id"),
)

# Column meanings of webhooks are those of bot/webhooks/contracts.py.
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("url", String(500), nullable=False),
    Column("events", String(400), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("secret_turn", Integer, nullable=False),
    Column("rotated_at", UtcDateTime),
    Column("made_by", String(80), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("webhook_id", String(26), ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("event_id", String(100), nullable=False),
    Column("type", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("status", Integer),
    Column("reason", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime),
    UniqueConstraint("webhook_id", "event_id"),
    Index("ix_webhook_deliveries_due", "next_at", sqlite_where=PENDING, postgresql_where=PENDING),
    Index("ix_webhook_deliveries_created", "created_at"),
)
