"""bot: what of an entry people outside the house may see: no internal note, no score, no decision. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.contracts import Entry, EntryKind
from kit.contracts import JsonValue

SHOWN = ("choices", "choice", "to_seq", "code", "slots", "kind", "file", "field", "attachments")
"""Parts of an entry's payload that mean something to a customer's window."""


def is_public(entry: Entry) -> bool:
    """Whether the customer may see `entry`."""
    if entry.kind is EntryKind.EVENT:
        return entry.payload.get("public") is True
    return entry.kind is not EntryKind.NOTE


def public_payload(payload: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """As much of a payload as customers see: buttons, files and the source's title, no decision and no score."""
    shown: dict[str, JsonValue] = {name: payload[name] for name in SHOWN if name in payload}
    file = payload.get("file")
    if isinstance(file, dict):
        shown["file"] = {name: value for name, value in file.items() if name != "ref"}
    source = payload.get("source")
    if isinstance(source, dict) and isinstance(source.get("title"), str):
        shown["source"] = {"title": source["title"]}
    return shown
