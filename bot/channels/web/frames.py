"""bot: what a customer's window is told, as frames (docs/protocol.md). Pure; what they may see: `bot.public`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.contracts import Conversation, Entry, EntryKind, Owner
from bot.public import is_public, public_payload
from handoff.contracts import QueuePlace, WaitRange
from kit.contracts import JsonValue

Frame = dict[str, JsonValue]
ToHtml = Callable[[str], str]
"""Markdown to sanitised HTML (kit.markdown.to_html)."""


def entry_json(entry: Entry, to_html: ToHtml) -> Frame:
    """One entry as a customer's window gets it."""
    shown: Frame = {
        "seq": entry.seq,
        "kind": entry.kind.value,
        "key": entry.key,
        "text": entry.text,
        "language": entry.language.value,
        "author": entry.author if entry.kind is EntryKind.AGENT else "",
        "at": entry.at.isoformat(),
        "payload": public_payload(entry.payload),
    }
    if entry.kind is EntryKind.BOT and entry.payload.get("format") == "markdown":
        shown["html"] = to_html(entry.text)
    return shown


def entries_json(entries: Sequence[Entry], *, after: int, to_html: ToHtml) -> Frame:
    """Entries after `after` and where they end; a number missing inside is an entry the customer may not see."""
    return {
        "after": after,
        "upto": entries[-1].seq if entries else after,
        "entries": [entry_json(entry, to_html) for entry in entries if is_public(entry)],
    }


def state_json(
    conversation: Conversation | None, *, agent: str, place: QueuePlace | None, outlook: QueuePlace | None
) -> Frame:
    """Who speaks for the house, the place in the queue, and whether there is anybody to talk to."""
    return {
        "owner": (conversation.owner if conversation else Owner.BOT).value,
        "agent": agent or None,
        "place": None
        if place is None
        else {"ahead": place.ahead, "since": place.waiting_since.isoformat(), "wait": _wait(place.wait)},
        "desk": None
        if outlook is None
        else {
            "on_duty": outlook.agents_on_duty,
            "open": outlook.open_now,
            "opens_at": _moment(outlook.opens_at),
        },
    }


def _wait(wait: WaitRange | None) -> JsonValue:
    """How long it will probably take: which sentence tells it, and from and to in minutes."""
    if wait is None or wait.words is None:
        return None
    low, high = wait.minutes
    return {"words": wait.words, "low": low, "high": high}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
