"""bot: what it keeps of the part of a conversation that a person led. Pure.

The bot says nothing meanwhile, but it listens: afterwards a follow-up may lean on what was asked last, and nobody asks
for a number that was given to the person.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.packet import NOT_A_WISH
from bot.state import DialogueState, PersonPart, Topic
from nlu.contracts import Understanding

REMEMBERED = timedelta(hours=24)
"""So long after a person's part the bot offers that person again by name."""


def with_person(state: DialogueState, text: str, understanding: Understanding, *, at: datetime) -> DialogueState:
    """The state after `text`, which the customer said to a person."""
    numbers = [entity.value for entity in understanding.entities if entity.kind == "order_number"]
    heard = replace(state, order_number=numbers[-1]) if numbers else state
    if understanding.intent.name in NOT_A_WISH:
        return heard
    return replace(heard, question=text, topic=Topic(question=text, at=at))


def lately_helped(state: DialogueState, now: datetime) -> PersonPart | None:
    """The person who helped not long ago."""
    person = state.person
    return person if person is not None and person.name and now - person.at <= REMEMBERED else None
