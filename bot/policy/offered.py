"""bot: which of the offered buttons a typed text names. Pure."""

from __future__ import annotations

import re

from bot.policy.situation import ARTICLE
from bot.words import fold

NUMBER = re.compile(r"(?:第 ?|the |no\.? ?|number )?(\d|[一二三]|first|second|third|1st|2nd|3rd)(?: ?[个条]| one)?")
PLACES = {
    **dict.fromkeys(("1", "一", "first", "1st"), 0),
    **dict.fromkeys(("2", "二", "second", "2nd"), 1),
    **dict.fromkeys(("3", "三", "third", "3rd"), 2),
}


def choice_named(text: str, offered: tuple[tuple[str, str], ...]) -> str | None:
    """The choice whose label `text` is, or the article it numbers ("2", "the first one") among those offered."""
    folded = fold(text)
    for choice, label in offered:
        if folded and fold(label) == folded:
            return choice
    articles = [choice for choice, _ in offered if choice.startswith(ARTICLE)]
    numbered = NUMBER.fullmatch(folded)
    place = PLACES.get(numbered[1]) if numbered else None
    if place is None or len(articles) < 2:  # noqa: PLR2004 - a number means something only where there is a choice
        return None
    return articles[place] if place < len(articles) else None
