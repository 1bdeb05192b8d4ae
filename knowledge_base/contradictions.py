"""knowledge_base: where two answers say different things of the same matter: another number, yes and no. Pure.

Sentence against sentence: two that share most of their words are about the same; they contradict each other where they
give the same unit another number ("7 天" and "15 天"), or where one of them denies. Nothing is understood: what reads
alike is shown to an editor, who judges.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kit.markdown import to_text
from knowledge_base.words import denies, is_number, words_of

ALIKE = 0.45
"""Share of the words of two sentences that both have, numbers aside. Of the 10,712 pairs of starter articles in each
language none contradicts the other at .45 in Chinese and two seem to in English; at .4 eight do, and are none."""
DENIED = 0.6
"""The same where one denies and the other does not: a "not" may belong to another part of the sentence."""
LEAST = 4
"""Words two sentences must share; shorter ones say too little to contradict anything."""
_END = re.compile(r"[。！？!?；;\n\t]+|(?<=[a-z0-9)])\.(?:\s+|$)")
_AMOUNT = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?)[\s-]*(?:"
    r"(?P<work_day>个?工作日|(?:working|business) day)|(?P<day>天|day)|(?P<hour>个?小时|hour)|(?P<minute>分钟|minute)"
    r"|(?P<week>周|个?星期|week)|(?P<month>个月|month)|(?P<year>年(?!\s*\d)|year)|(?P<money>元|块|yuan)|(?P<share>%|percent)"
    r"|(?P<way>公里|km)|(?P<weight>公斤|kg)|(?P<times>次|time))"
)
"""A number and its unit, the name of its group. "11 月 15 日" is a date and none."""


def contradictions(mine: str, theirs: str, *, known: str = "") -> tuple[tuple[str, str], ...]:
    """Sentences of two answers (Markdown) that do not go together: each of `mine` with the likest of `theirs`.

    Sentences that are in `known` already, the answer as customers have it, are nothing new and left out.
    """
    others = [(sentence, _words(sentence)) for sentence in _sentences(theirs)]
    old, found = frozenset(_sentences(known)), []
    for sentence in _sentences(mine):
        if sentence in old:
            continue
        words = _words(sentence)
        scored = [(_alike(words, each), other) for other, each in others if len(words & each) >= LEAST]
        if not scored:
            continue
        alike, other = max(scored)
        is_denied = alike >= DENIED and denies(_plain(sentence)) != denies(_plain(other))
        if is_denied or (alike >= ALIKE and _amounts_differ(sentence, other)):
            found.append((sentence, other))
    return tuple(found)


def _sentences(answer: str) -> Iterator[str]:
    return (sentence.strip() for sentence in _END.split(to_text(answer)) if sentence and sentence.strip())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _words(sentence: str) -> frozenset[str]:
    return frozenset(word for word in words_of(_plain(sentence)) if not is_number(word))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def _amounts_differ(one: str, other: str) -> bool:
    """Whether both give an amount of the same unit, and not one of these amounts is in both."""
    first, second = _amounts(one), _amounts(other)
    return any(first[unit].isdisjoint(second[unit]) for unit in first.keys() & second.keys())


def _amounts(sentence: str) -> dict[str, set[float]]:
    amounts: dict[str, set[float]] = {}
    for found in _AMOUNT.finditer(_plain(sentence)):
        amounts.setdefault(found.lastgroup or "", set()).add(float(found["number"].replace(",", "")))
    return amounts
