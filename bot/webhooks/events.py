"""bot: which events a new line of a conversation stands for, and what is told of them. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.contracts import Entry, EntryKind
from bot.public import public_payload
from bot.webhooks.contracts import Event, EventType
from kit.contracts import JsonValue

SPOKEN = frozenset({EntryKind.CUSTOMER, EntryKind.BOT, EntryKind.AGENT})
OPENED = "opened_"
CODES = {
    "joined": EventType.QUEUE_CLAIMED,
    "transferred": EventType.QUEUE_CLAIMED,
    "transferred_department": EventType.QUEUE_ENTERED,
    "left": EventType.QUEUE_LEFT,
    "agent_vanished": EventType.QUEUE_RETURNED,
    "resolved": EventType.CONVERSATION_RESOLVED,
    "returned": EventType.CONVERSATION_RETURNED,
}
"""Codes of the desk's events (handoff/texts: handoff.event)."""


def events_of(channel: str, address: str, entries: Sequence[Entry]) -> list[Event]:
    """The events of lines that were just stored, in their order."""
    events = []
    for entry in entries:
        if entry.seq == 1:
            events.append(_event(EventType.CONVERSATION_OPENED, channel, address, entry, {}))
        if entry.kind in SPOKEN:
            said: dict[str, JsonValue] = {
                "kind": entry.kind.value,
                "text": entry.text,
                "format": entry.payload.get("format", "plain"),
                "language": entry.language.value,
                "author": entry.author,
                "payload": public_payload(entry.payload),
            }
            events.append(_event(EventType.MESSAGE_CREATED, channel, address, entry, said))
        elif entry.kind is EntryKind.EVENT:
            code = str(entry.payload.get("code", ""))
            known = EventType.QUEUE_ENTERED if code.startswith(OPENED) else CODES.get(code)
            if known is not None:
                slots = entry.payload.get("slots")
                agent = slots.get("name") if isinstance(slots, dict) else None
                why = code.removeprefix(OPENED) if known is EventType.QUEUE_ENTERED else None
                told: dict[str, JsonValue] = {"agent": agent, "reason": why}
                events.append(_event(known, channel, address, entry, told))
    return events


def body_of(event: Event) -> str:
    """What is sent, byte for byte the same every time."""
    whole = {"id": event.id, "type": event.type.value, "at": event.at.isoformat(), "data": event.data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def _event(kind: EventType, channel: str, address: str, entry: Entry, more: dict[str, JsonValue]) -> Event:
    where: dict[str, JsonValue] = {
        "conversation": entry.conversation_id,
        "channel": channel,
        "address": address,
        "seq": entry.seq,
    }
    name = f"{entry.conversation_id}.{entry.seq}.{kind.value}"
    return Event(id=name, type=kind, at=entry.at, data=where | more)
