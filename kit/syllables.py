"""kit: the sounds of Chinese characters as pinyin syllables without tones. Pure; knows no words."""

from __future__ import annotations

import functools
import re
import unicodedata

from pypinyin.constants import PINYIN_DICT

READINGS = 2
"""Readings kept of a character; the third and later ones are of old books."""
_COMMON = range(0x4E00, 0x9FA6)
_NO_VOWEL = re.compile(r"[^aeiouv]+")
_RARE = frozenset(["fiao", "eng", "biang", "bong", "cei", "den", "dia", "din", "hm", "kei", "lo", "nia", "rua", "wong"])
"""Syllables of dialects and single odd characters; as letters they are likelier to be something else."""


@functools.lru_cache(maxsize=20_000)
def sounds_of(character: str) -> tuple[str, ...]:
    """The usual readings of a character, most usual first (ü is v); empty for anything else."""
    found = (_plain(reading) for reading in PINYIN_DICT.get(ord(character), "").split(","))
    return tuple(dict.fromkeys(sound for sound in found if sound))[:READINGS]


@functools.lru_cache(maxsize=20_000)
def syllables_in(letters: str) -> int:
    """The fewest syllables that these letters (lower case) spell, 0 when they spell none: `xian` 1, `order` 0."""
    least: list[int] = [0, *[len(letters) + 1] * len(letters)]
    syllables = _syllables()
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - len("zhuang")), end):
            if letters[start:end] in syllables:
                least[end] = min(least[end], least[start] + 1)
    return least[-1] if least[-1] <= len(letters) else 0


@functools.cache
def _syllables() -> frozenset[str]:
    """First readings of the common characters: some 400."""
    first = {_plain(PINYIN_DICT[code].split(",")[0]) for code in _COMMON if code in PINYIN_DICT}
    return frozenset(sound for sound in first if not _NO_VOWEL.fullmatch(sound)) - _RARE


def _plain(reading: str) -> str:
    """A reading without tone marks; the dots of ü make it v, since that is the key people press."""
    marks = unicodedata.normalize("NFD", reading.lower()).replace("u\u0308", "v")
    return "".join(mark for mark in marks if "a" <= mark <= "z")
