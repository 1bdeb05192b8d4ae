"""nlu.complaint: plain rules of config.yml that raise the severity, whatever the classifier thinks. Pure.

A phrase is searched in the folded text: Chinese anywhere, Latin as whole words. `*` stands for the rest of a word,
` .. ` for up to two dozen characters in between. What an `unless` phrase covers does not count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlu.complaint.rows import LEVELS
from nlu.contracts import Severity
from nlu.normalise import fold
from nlu.settings import SeverityRule

_LATIN = re.compile(r"[a-z0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A rule that applies, and the words that made it."""

    rule: str
    severity: Severity
    words: tuple[str, ...]


class Rules:
    """The compiled rules."""

    def __init__(self, rules: Sequence[SeverityRule]) -> None:
        self._rules = [(r, _pattern(r.words), _pattern(r.unless)) for r in rules]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(rule.name for rule, _, _ in self._rules)

    def hits(self, folded: str) -> tuple[Hit, ...]:
        """All rules that apply to a folded text, the most severe first."""
        found = []
        for rule, words, unless in self._rules:
            text = unless.sub(lambda m: "\n" * len(m.group()), folded) if unless else folded
            heard = tuple(dict.fromkeys(m.group() for m in words.finditer(text))) if words else ()
            if heard:
                found.append(Hit(rule=rule.name, severity=rule.severity, words=heard))
        return tuple(sorted(found, key=lambda hit: -LEVELS.index(hit.severity)))


def _pattern(phrases: Sequence[str]) -> re.Pattern[str] | None:
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
