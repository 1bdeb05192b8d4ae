"""handoff: the tables of the live desk. Column meanings are those of handoff/contracts.py unless a comment says more.

Conversations belong to a room above: their ids stand here without a foreign key.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from kit.sql import UtcDateTime, metadata

Json = JSON().with_variant(JSONB(), "postgresql")
OPEN = text("state IN ('waiting', 'active')")
"""A conversation has at most one open handover; the database itself sees to it."""

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("conversation_id", String(26), nullable=False),
    Column("customer_name", String(80), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("language", String(2), nullable=False),
    Column("state", String(16), nullable=False),
    Column("packet", Json, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("returned_to_queue", Integer, nullable=False),
    Column("agent_id", String(26)),
    Column("agent_name", String(80)),
    Column("claimed_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("epoch", Integer, nullable=False),
    Column("outcome", String(16)),
    Column("category", String(40)),
    # `handoff.contracts.Placing`
    Column("department", String(40), nullable=False),
    Column("skill", String(40)),
    Column("key_account", Boolean, nullable=False),
    Column("named_agent_id", String(26)),
    Column("answer_by", UtcDateTime, nullable=False),
    Column("placed_why", Json, nullable=False),
    Index("uq_handoffs_open", "conversation_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_handoffs_conversation", "conversation_id", "asked_at"),
    Index("ix_handoffs_queue", "state", "answer_by", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_handoffs_agent", "agent_id", "state"),
    Index("ix_handoffs_claimed", "department", "claimed_at"),
    Index("ix_handoffs_asked", "asked_at"),
    Index("ix_handoffs_ended", "ended_at"),
)

# One row. Every change of the queue moves the version on in its own transaction, so that whoever holds a copy
# (the Redis mirror, an open console) sees by one small read whether it is still right.
queue_version = Table(
    "queue_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
)

agent_presence = Table(
    "agent_presence",
    metadata,
    Column("account_id", String(26), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

STILL_OPEN = text("ended_at IS NULL")
"""A handover is offered to one representative at a time; the database itself sees to it."""

offers = Table(
    "handoff_offers",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("handoff_id", String(26), ForeignKey(handoffs.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("agent_id", String(26), nullable=False),
    Column("agent_name", String(80), nullable=False),
    Column("offered_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("why", Json, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("end", String(16)),
    Index("uq_handoff_offers_open", "handoff_id", unique=True, sqlite_where=STILL_OPEN, postgresql_where=STILL_OPEN),
    Index("ix_handoff_offers_agent", "agent_id", "offered_at"),
)

PENDING = text("state IN ('open', 'queued')")
"""A conversation has at most one promise that is not over, and a slot's seat is taken once."""

promises = Table(
    "handoff_promises",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("conversation_id", String(26), nullable=False),
    Column("handoff_id", String(26), ForeignKey(handoffs.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("department", String(40), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("begins_at", UtcDateTime, nullable=False),
    # 1, 2, … within a slot; none for what is no call-back.
    Column("seat", Integer),
    Column("due_by", UtcDateTime, nullable=False),
    Column("number", String(24), nullable=False),
    Column("contact", String(200)),
    Column("state", String(16), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index(
        "uq_handoff_promises_pending", "conversation_id", unique=True, sqlite_where=PENDING, postgresql_where=PENDING
    ),
    Index(
        "uq_handoff_promises_seat",
        "department",
        "begins_at",
        "seat",
        unique=True,
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    ),
    Index("ix_handoff_promises_due", "state", "begins_at"),
)

agent_profiles = Table(
    "agent_profiles",
    metadata,
    Column("account_id", String(26), primary_key=True),
    Column("departments", Json, nullable=False),
    Column("languages", Json, nullable=False),
    Column("skills", Json, nullable=False),
    Column("capacity", Integer),
    Column("channel_capacity", Json, nullable=False),
    Column("shifts", Json, nullable=False),
)

customers = Table(
    "handoff_customers",
    metadata,
    Column("conversation_id", String(26), primary_key=True),
    Column("key_account", Boolean, nullable=False),
    Column("named_agent_id", String(26)),
    Column("tags", Json),
)

# A customer is named by their first conversation; what is proven to be theirs, too, is linked to it.
customer_links = Table(
    "handoff_customer_links",
    metadata,
    Column("conversation_id", String(26), primary_key=True),
    Column("customer_id", String(26), nullable=False, index=True),
    Column("proof", String(16), nullable=False),
    Column("by", String(80), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # What both records were when they became one; nothing for links from before this was kept.
    Column("before", Json),
)

customer_notes = Table(
    "handoff_customer_notes",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("customer_id", String(26), nullable=False, index=True),
    Column("by", String(80), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# The code sent into one conversation (`other`) to be read out in another; never the code itself.
customer_codes = Table(
    "handoff_customer_codes",
    metadata,
    Column("conversation_id", String(26), primary_key=True),
    Column("other", String(26), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
)

customer_identities = Table(
    "handoff_customer_identities",
    metadata,
    Column("conversation_id", String(26), primary_key=True),
    # The shop's own name of the customer, as its server signed it.
    Column("subject", String(100), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
)

canned_replies = Table(
    "handoff_canned_replies",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("title", String(60), nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("department", String(40), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

tags = Table(
    "handoff_tags",
    metadata,
    Column("conversation_id", String(26), primary_key=True),
    Column("tag", String(20), primary_key=True),
    Index("ix_handoff_tags_tag", "tag"),
)

snoozes = Table(
    "handoff_snoozes",
    metadata,
    Column("conversation_id", String(26), primary_key=True),
    Column("account_id", String(26), nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("words", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index("ix_handoff_snoozes_account_id", "account_id"),
    Index("ix_handoff_snoozes_until", "until"),
)

# How far each representative has read; a line of the customer beyond it is unread.
reads = Table(
    "handoff_reads",
    metadata,
    Column("account_id", String(26), primary_key=True),
    Column("conversation_id", String(26), primary_key=True),
    Column("seq", Integer, nullable=False),
)

# Colleagues asked into a handover; open until they decline, leave or do not answer in time.
invitations = Table(
    "handoff_invitations",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("handoff_id", String(26), ForeignKey(handoffs.c.id, ondelete="CASCADE"), nullable=False),
    Column("guest_id", String(26), nullable=False),
    Column("guest_name", String(80), nullable=False),
    Column("by_id", String(26), nullable=False),
    Column("by_name", String(80), nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("joined_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("end", String(16)),
    Index(
        "uq_handoff_invitations_open",
        "handoff_id",
        "guest_id",
        unique=True,
        sqlite_where=STILL_OPEN,
        postgresql_where=STILL_OPEN,
    ),
    Index("ix_handoff_invitations_guest", "guest_id", sqlite_where=STILL_OPEN, postgresql_where=STILL_OPEN),
)

NEWEST = text("newest")
"""What somebody does now is their newest stretch; the table grows for years, so it is marked and not searched for."""

spans = Table(
    "agent_spans",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("account_id", String(26), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(16)),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("clocked_out", Boolean, nullable=False),
    Column("newest", Boolean, nullable=False),
    Index("uq_agent_spans_newest", "account_id", unique=True, sqlite_where=NEWEST, postgresql_where=NEWEST),
    Index("ix_agent_spans_began", "began_at"),
)

# How good the context of a handover was: what the agent said of it, and each fact that was asked for again.
packet_ratings = Table(
    "handoff_packet_ratings",
    metadata,
    Column("handoff_id", String(26), ForeignKey(handoffs.c.id, ondelete="CASCADE"), primary_key=True),
    Column("agent_id", String(26), nullable=False),
    Column("useful", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

repeats = Table(
    "handoff_repeats",
    metadata,
    Column("handoff_id", String(26), ForeignKey(handoffs.c.id, ondelete="CASCADE"), primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("agent_id", String(26), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

UNREAD = text("read_at IS NULL")

notices = Table(
    "handoff_notices",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("account_id", String(26), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("by", String(80), nullable=False),
    Column("conversation_id", String(26)),
    Column("customer", String(80), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime),
    Index("ix_handoff_notices_unread", "account_id", "at", sqlite_where=UNREAD, postgresql_where=UNREAD),
)

escalations = Table(
    "handoff_escalations",
    metadata,
    Column("handoff_id", String(26), ForeignKey(handoffs.c.id, ondelete="CASCADE"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("began_at", UtcDateTime, primary_key=True),
    Column("level", String(16), primary_key=True),
)
