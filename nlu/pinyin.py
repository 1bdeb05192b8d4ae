"""nlu: shopping words typed as pinyin (`tuikuan` is 退款). Pure.

A run of Latin words is read as pinyin only when words of the vocabulary cover all of it and at least one of them has
two syllables: English text then stays English (`women`, `can you` and the like are not in the vocabulary).
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import yaml
from pypinyin import lazy_pinyin

WORDS = Path(__file__).parent / "starter" / "pinyin_words.yml"
_RUN = re.compile(r"[a-z]+(?:[ '][a-z]+)*")
_LONGEST_RUN = 120
_LEADING = frozenset("我要想不没去找查")
"""One-syllable words that may open a typed word (`butuikuan`); others only stand alone or behind (`tuikuanma`)."""


def replace_pinyin(text: str) -> str:
    """`text` (lower case) with its pinyin runs in Chinese characters; anything else untouched."""
    return _RUN.sub(lambda run: _read(run.group()) or run.group(), text)


def is_pinyin(text: str) -> bool:
    """Whether `text` is pinyin as a whole, at least one word of it of two syllables."""
    return _cover(text.lower()) is not None


@functools.lru_cache(maxsize=2_048)
def _read(run: str) -> str | None:
    """The Chinese of a run, or None when the vocabulary does not cover it."""
    whole = _cover(run)
    if whole is not None:
        return whole
    # An English sentence may hold one pinyin word, which is then replaced alone: "how do i tuikuan".
    words = run.split(" ")
    if len(words) == 1:
        return None
    long = _vocabulary()[1]
    if not any(word in long for word in words):
        return None
    return " ".join(long.get(word, word) for word in words)


def _cover(run: str) -> str | None:
    """The reading of `run` with the fewest words, spaces ignored; None when there is none with a long word."""
    letters, starts, ends = _letters(run)
    if not letters or len(letters) > _LONGEST_RUN:
        return None
    short, long = _vocabulary()
    longest = max(map(len, long))
    # best[i] = (words used, has a long word, text) for letters[:i]
    best: list[tuple[int, bool, str] | None] = [(0, False, ""), *[None] * len(letters)]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - longest), end):
            before, piece = best[start], letters[start:end]
            word = long.get(piece) or short.get(piece)
            if before is None or word is None:
                continue
            if piece not in long and start in starts and end not in ends and word not in _LEADING:
                continue
            found = (before[0] + 1, before[1] or piece in long, before[2] + word)
            here = best[end]
            if here is None or (not found[1], found[0]) < (not here[1], here[0]):
                best[end] = found
    last = best[-1]
    return last[2] if last is not None and last[1] else None


def _letters(run: str) -> tuple[str, set[int], set[int]]:
    """`run` without spaces, and where in it the typed words start and end."""
    starts, ends, length = set[int](), set[int](), 0
    words = re.split("[ ']", run)
    for word in words:
        starts.add(length)
        length += len(word)
        ends.add(length)
    return "".join(words), starts, ends


@functools.cache
def _vocabulary() -> tuple[dict[str, str], dict[str, str]]:
    """(one-syllable words, longer words) by their pinyin without tones or spaces."""
    raw = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    short: dict[str, str] = {}
    long: dict[str, str] = {}
    for word in raw["words"]:
        table = short if len(word) == 1 else long
        table.setdefault("".join(lazy_pinyin(word)), word)
    return short, long
