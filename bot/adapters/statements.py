"""bot: the statements of every message and every turn, made once.

SQLAlchemy takes longer to build a statement and to find its compiled form than SQLite takes to run it; a statement
that is kept is looked up by itself. Names that begin with `of_` or `read_` are the conditions, the others are columns.
"""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.adapters.tables import DUE, conversations, entries, inbound, turns

_OF_ID = conversations.c.id == bindparam("of_id")
_AT_ADDRESS = (conversations.c.channel == bindparam("of_channel")) & (
    conversations.c.address == bindparam("of_address")
)

OPEN_CONVERSATION = {
    "sqlite": sqlite_insert(conversations).on_conflict_do_nothing(index_elements=["channel", "address"]),
    "postgresql": postgresql_insert(conversations).on_conflict_do_nothing(index_elements=["channel", "address"]),
}
"""By dialect; stores nothing when somebody else was faster."""
CONVERSATION = select(conversations).where(_OF_ID)
CONVERSATION_AT = select(conversations).where(_AT_ADDRESS)
CONVERSATION_LOCKED = CONVERSATION.with_for_update()
CONVERSATION_AT_LOCKED = CONVERSATION_AT.with_for_update()
CONVERSATION_DUE = select(conversations).where(_OF_ID, DUE)
CHANGE_CONVERSATION = update(conversations).where(_OF_ID)
FENCE = update(conversations).where(
    _OF_ID,
    conversations.c.handled_seq == bindparam("read_handled_seq"),
    conversations.c.epoch == bindparam("read_epoch"),
)

RECEIVED = select(inbound).where(
    inbound.c.channel == bindparam("of_channel"), inbound.c.external_id == bindparam("of_external_id")
)
NOTE_RECEIVED = insert(inbound)

_OF_CONVERSATION = entries.c.conversation_id == bindparam("of_id")
ENTRIES_WITH_KEYS = select(entries).where(_OF_CONVERSATION, entries.c.key.in_(bindparam("of_keys", expanding=True)))
ENTRIES_AFTER = select(entries).where(_OF_CONVERSATION, entries.c.seq > bindparam("of_after")).order_by(entries.c.seq)
SOME_ENTRIES_AFTER = ENTRIES_AFTER.limit(bindparam("of_limit"))
FIRST_THAT_ASKS = (
    select(entries)
    .where(_OF_CONVERSATION, entries.c.seq > bindparam("of_after"), entries.c.asks_turn.is_(True))
    .order_by(entries.c.seq)
    .limit(1)
)
ADD_ENTRIES = insert(entries)

ADD_TURN = insert(turns)
