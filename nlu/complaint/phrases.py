"""nlu.complaint: phrases of rules and word lists, searched in folded text. Pure.

Chinese is searched anywhere, Latin as whole words. `*` stands for the rest of a word, ` .. ` for up to two dozen
characters in between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlu.normalise import fold

_LATIN = re.compile(r"[a-z0-9]")


def phrase_pattern(phrases: Sequence[str]) -> re.Pattern[str] | None:
    """Finds any of `phrases`; None for none."""
    if not phrases:
        return None
    # Longer phrases first, so that "consumer association" is not heard as "consumer".
    return re.compile("|".join(_one(phrase) for phrase in sorted(phrases, key=len, reverse=True)))


def _one(phrase: str) -> str:
    parts = [re.escape(fold(part)).replace(r"\*", "[a-z]*") for part in phrase.split("..")]
    first, last = fold(phrase)[:1], phrase.strip()[-1:].lower()
    starts = r"(?<![a-z0-9])" if _LATIN.match(first) else ""
    ends = r"(?![a-z0-9])" if _LATIN.match(last) else ""
    return starts + r"[^\n]{0,24}?".join(parts) + ends
