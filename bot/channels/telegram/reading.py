"""bot: from the JSON of an update to python-telegram-bot's value. Pure.

The library refuses an update as a whole when one field of it, however deep, is newer or older than it knows (a poll
inside the message that was answered is enough). A customer's words must not be lost to that.
"""

from __future__ import annotations

from collections.abc import Mapping

from telegram import Update

from kit.contracts import JsonValue

UNREADABLE = (TypeError, KeyError, ValueError, AttributeError)
"""What python-telegram-bot raises for JSON of another shape than it expects."""
CORE = frozenset({"message_id", "date", "edit_date", "chat", "from", "text", "caption", "contact"})
"""What is kept of a message that cannot be read whole."""


def read_update(raw: object) -> Update | None:
    """The update, whole or reduced to its words; None when it is no update at all."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("update_id"), int):
        return None
    for version in (raw, _reduced(raw)):
        try:
            return Update.de_json(dict(version), None)
        except UNREADABLE:
            continue
    return Update(update_id=raw["update_id"])


def _reduced(raw: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    reduced: dict[str, JsonValue] = {"update_id": raw["update_id"]}
    for kind in ("message", "edited_message"):
        message = raw.get(kind)
        if isinstance(message, Mapping):
            reduced[kind] = {key: value for key, value in message.items() if key in CORE}
    query = raw.get("callback_query")
    if isinstance(query, Mapping):
        under = query.get("message")
        kept = {key: value for key, value in under.items() if key in CORE} if isinstance(under, Mapping) else None
        reduced["callback_query"] = {**query, "message": kept} if kept else dict(query)
    return reduced
