"""nlu.complaint: plain rules of config.yml that raise the severity, whatever the classifier thinks. Pure.

Phrases are written as in `nlu.complaint.phrases`. What an `unless` phrase covers does not count, nor, where the rule
heeds it, what is denied right before ("没有起火", "no one was hurt").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlu.complaint.phrases import phrase_pattern
from nlu.complaint.rows import LEVELS
from nlu.contracts import Severity
from nlu.settings import SeverityRule

_DENIED = re.compile(
    r"(?:(?:没有|没|未|无|不会|并未|不曾|没人|无人|没有人|没有任何|没任何)(?:被|发生|出现|造成|闻到|看到|产生|过|再)?"
    r"|(?:\b(?:no one|nobody|none of us|nothing|no|not|never|without|wasn't|isn't|didn't|hasn't|haven't|don't|doesn't)"
    r"(?: (?:was|were|is|has|have|been|got|any|a|an|the|see|saw|smell|notice|noticed|ever|yet|caused|signs? of)){0,3}"
    r" ?))$"
)
_BEFORE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A rule that applies, and the words that made it."""

    rule: str
    severity: Severity
    words: tuple[str, ...]


class Rules:
    """The compiled rules."""

    def __init__(self, rules: Sequence[SeverityRule]) -> None:
        self._rules = [(r, phrase_pattern(r.words), phrase_pattern(r.unless)) for r in rules]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(rule.name for rule, _, _ in self._rules)

    def hits(self, folded: str) -> tuple[Hit, ...]:
        """All rules that apply to a folded text, the most severe first."""
        found = []
        for rule, words, unless in self._rules:
            text = unless.sub(lambda m: "\n" * len(m.group()), folded) if unless else folded
            said = words.finditer(text) if words else ()
            heard = tuple(
                dict.fromkeys(m.group() for m in said if not (rule.heeds_denial and _denied(text, m.start())))
            )
            if heard:
                found.append(Hit(rule=rule.name, severity=rule.severity, words=heard))
        return tuple(sorted(found, key=lambda hit: -LEVELS.index(hit.severity)))


def _denied(text: str, start: int) -> bool:
    return _DENIED.search(text[max(0, start - _BEFORE) : start]) is not None
