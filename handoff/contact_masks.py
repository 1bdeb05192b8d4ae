"""handoff: phone numbers and addresses of a customer: which facts are such, and what is shown of them. Pure."""

from __future__ import annotations

from handoff.contracts import ContextPacket

CONTACTS = frozenset({"phone", "contact", "mail"})
"""Kinds of facts that reach a person."""
LONG = 8


def contacts_of(packet: ContextPacket) -> tuple[tuple[str, str], ...]:
    """The contact facts of a packet, each value once, in the order they were given."""
    found: dict[str, str] = {}
    for kind, value in (*packet.given, *packet.entities):
        if kind in CONTACTS:
            found.setdefault(value, kind)
    return tuple((kind, value) for value, kind in found.items())


def masked(value: str) -> str:
    """What is shown of a contact to who may not see all of it: enough to recognise it, too little to use it."""
    text = value.strip()
    name, at, home = text.partition("@")
    if at:
        return f"{name[:1]}***@{home}"
    if len(text) >= LONG:
        return f"{text[:3]}****{text[-2:]}"
    return f"{text[:1]}***"
