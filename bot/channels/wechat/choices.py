"""bot: choices where there are no buttons: numbered lines to answer with a number, or words to answer with. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.shown import choices_of
from bot.contracts import Choice, Entry, EntryKind
from kit.texts import Texts

MOST = 12
"""A scale from 0 to 10 has eleven."""
LABEL_LIMIT = 60
NUMBER = re.compile(r"\s*[(（]?\s*(\d{1,2})\s*[)）.．、。]?\s*")


def offered(entry: Entry) -> tuple[Choice, ...]:
    """The choices of an entry."""
    return tuple(choices_of(entry, most=MOST, label_limit=LABEL_LIMIT))


def choice_lines(entry: Entry, texts: Texts) -> str:
    """What is written under a reply with choices; empty where there are none."""
    choices = offered(entry)
    if not choices:
        return ""
    if not _is_numbered(entry, choices):
        separator = texts("bot.list_separator", entry.language)
        labels = separator.join(choice.label for choice in choices)
        return texts("wechat.say", entry.language, labels=labels)
    lines = (f"{number}. {choice.label}" for number, choice in enumerate(choices, start=1))
    return "\n".join((texts("wechat.choose", entry.language), *lines))


def newest_offer(entries: Sequence[Entry]) -> Entry | None:
    """The reply whose choices a number means: the newest one, when it has any."""
    for entry in reversed(entries):
        if offered(entry):
            return entry
        if entry.kind in {EntryKind.BOT, EntryKind.AGENT}:
            return None
    return None


def choice_said(text: str, entry: Entry) -> str | None:
    """The choice of `entry` that a typed text names, by its number or its label."""
    choices, said = offered(entry), text.strip().casefold()
    for choice in choices:
        if choice.label.casefold() == said:
            return choice.id
    number = NUMBER.fullmatch(text)
    if number is None or not _is_numbered(entry, choices):
        return None
    place = int(number[1]) - 1
    return choices[place].id if 0 <= place < len(choices) else None


def _is_numbered(entry: Entry, choices: Sequence[Choice]) -> bool:
    """Not under a form's question, where a number may be the answer; not where the labels are numbers themselves."""
    return "field" not in entry.payload and not all(choice.label[0].isdecimal() for choice in choices)
