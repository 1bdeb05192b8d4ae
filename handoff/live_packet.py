"""handoff: the context packet goes on while a person holds the conversation: what is heard later joins it. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handoff.contracts import ContextPacket, HeardLater

WISHES = 5
"""Later wishes that are told; the newest."""
MOODS = 8
"""Changes of mood that are told; the newest."""


def with_heard(packet: ContextPacket, heard: HeardLater, *, at: datetime) -> ContextPacket:
    """The packet with what the customer's newest words add; the same packet where they add nothing."""
    entities = tuple(dict.fromkeys((*packet.entities, *heard.entities)))
    moods = packet.moods
    if heard.mood and (not moods or moods[-1][1] != heard.mood):
        moods = (*moods, (at, heard.mood))[-MOODS:]
    later = packet.later
    # The same words again (the turn was repeated after a crash) are no second wish.
    if heard.wish is not None and heard.wish.line not in {packet.want, *(one.line for one in later)}:
        later = (*later, heard.wish)[-WISHES:]
    return replace(packet, language=heard.language, entities=entities, moods=moods, later=later)
