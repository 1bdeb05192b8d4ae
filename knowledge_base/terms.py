"""knowledge_base: the terms under which the editors' list finds a text. Pure.

Editors look for any part of a word, in scripts with and without spaces, one Chinese character too. So a run of letters
and digits is kept under each of its endings and looked for by its beginning; Chinese, Japanese and Korean are kept in
threes from every character on. What is kept in a store follows these rules: changing them takes a migration that keeps
every article anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 16
"""Letters of a run that are kept; a longer word is looked for by its pieces and then in the text itself."""
TOGETHER = 3
"""Characters of a script without spaces that are kept together."""

_HAN = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts without spaces between words, and Korean, whose words carry endings."""
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_IS_HAN = re.compile(rf"[{_HAN}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedWord:
    """A word that somebody looks for."""

    word: str
    terms: tuple[str, ...]
    """Each must be the beginning of a kept term; none where the word is nothing but signs."""
    exact: bool
    """Whether the terms say everything; where they do not, the text itself must hold the word."""


def terms_of(text: str) -> tuple[str, ...]:
    """The terms of a text that is in lower case, each once."""
    found: dict[str, None] = {}
    for run in set(_RUN.findall(text)):
        width = _width(run)
        found |= dict.fromkeys(run[start : start + width] for start in range(len(run)))
    return tuple(found)


def read_words(words: str) -> tuple[AskedWord, ...]:
    """The words of a search, each on its own."""
    return tuple(_read(word) for word in dict.fromkeys(words.lower().split()))


def _read(word: str) -> AskedWord:
    terms: dict[str, None] = {}
    for run in _RUN.findall(word):
        width = _width(run)
        terms |= dict.fromkeys(run[start : start + width] for start in range(max(1, len(run) - width + 1)))
    return AskedWord(word=word, terms=tuple(terms), exact=tuple(terms) == (word,))


def _width(run: str) -> int:
    return TOGETHER if _IS_HAN.match(run) else LONGEST
