"""bot: what was heard in a complaint besides its category and severity, for the colleague who takes over. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.contracts import TurnRecord
from handoff.contracts import HeardNote
from kit.contracts import JsonValue
from nlu.contracts import ComplaintReading, Scored

Moods = tuple[tuple[datetime, str], ...]
LONGEST = 8
"""Changes of mood that are told."""
ALSO = 0.2
"""Confidence from which a further category is worth telling."""


def heard_of(read: ComplaintReading) -> tuple[HeardNote, ...]:
    """Further categories, wanted outcomes and mood of a complaint."""
    told = [("also", other) for other in read.categories[1:] if other.confidence >= ALSO]
    told += [("wants", want) for want in read.wants]
    told += [("mood", read.mood)] if read.mood is not None else []
    return tuple(HeardNote(aspect=a, name=s.name, confidence=s.confidence, words=s.words) for a, s in told)


def heard_before(turns: Sequence[TurnRecord]) -> tuple[HeardNote, ...]:
    """The same of the last turn that was a complaint, from its record (`bot.why`)."""
    for turn in reversed(turns):
        understanding = turn.why.get("understanding")
        complaint = understanding.get("complaint") if isinstance(understanding, dict) else None
        if isinstance(complaint, dict) and complaint.get("is_complaint"):
            further = [s for s in _each(complaint.get("categories"))[1:] if s.confidence >= ALSO]
            moods = _each([complaint.get("mood")])
            named = (("also", further), ("wants", _each(complaint.get("wants"))), ("mood", moods))
            return tuple(
                HeardNote(aspect=aspect, name=s.name, confidence=s.confidence, words=s.words)
                for aspect, found in named
                for s in found
            )
    return ()


def moods_of(turns: Sequence[TurnRecord], now: tuple[datetime, ComplaintReading | None]) -> Moods:
    """How the customer's mood changed over the turns and what was just said, oldest first; the same mood once."""
    heard = [(turn.at, mood) for turn in turns for note in heard_before([turn]) if (mood := _mood(note))]
    at, read = now
    if read is not None and read.mood is not None:
        heard.append((at, read.mood.name))
    changes = [one for place, one in enumerate(heard) if place == 0 or heard[place - 1][1] != one[1]]
    return tuple(changes)[-LONGEST:]


def _mood(note: HeardNote) -> str:
    return note.name if note.aspect == "mood" else ""


def _each(raw: JsonValue) -> list[Scored]:
    return list(_scored_in(raw)) if isinstance(raw, list) else []


def _scored_in(raw: Iterable[JsonValue]) -> Iterable[Scored]:
    """Records of older versions have no words."""
    for each in raw:
        if isinstance(each, list) and len(each) >= 2:  # noqa: PLR2004 - name and confidence
            words = each[2] if len(each) > 2 else []  # noqa: PLR2004 - and the words
            told = tuple(map(str, words)) if isinstance(words, list) else ()
            yield Scored(name=str(each[0]), confidence=float(str(each[1])), words=told)
