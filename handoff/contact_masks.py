"""handoff: phone numbers and addresses of a customer: which facts are such, and what is shown of them. Pure."""

from __future__ import annotations

import re

from handoff.contracts import ContextPacket

CONTACTS = frozenset({"phone", "contact", "mail"})
"""Kinds of facts that reach a person."""
LONG = 8
NUMBER_DIGITS = 5
"""Words with so many digits are looked for among the orders, phones and cases of customers too, not only as a name."""
BETWEEN = re.compile(r"[\s().-]+")
COUNTRY = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
"""Before a Chinese mobile number: it is written with it and without."""


def contacts_of(packet: ContextPacket) -> tuple[tuple[str, str], ...]:
    """The contact facts of a packet, each value once, in the order they were given."""
    found: dict[str, str] = {}
    for kind, value in (*packet.given, *packet.entities):
        if kind in CONTACTS:
            found.setdefault(value, kind)
    return tuple((kind, value) for value, kind in found.items())


def number_in(words: str) -> str:
    """Words that may be an order, phone or case number, without blanks and dashes; empty where they are none."""
    if sum(map(str.isdigit, words)) < NUMBER_DIGITS:
        return ""
    return COUNTRY.sub("", BETWEEN.sub("", words))


def masked(value: str) -> str:
    """What is shown of a contact to who may not see all of it: enough to recognise it, too little to use it."""
    text = value.strip()
    name, at, home = text.partition("@")
    if at:
        return f"{name[:1]}***@{home}"
    if len(text) >= LONG:
        return f"{text[:3]}****{text[-2:]}"
    return f"{text[:1]}***"
