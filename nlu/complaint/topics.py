"""nlu.complaint: words that point to a category, counted for the classifier, which weighs them. Pure.

The words stand in nlu/starter/complaint_words.yml. Its topics are finer than the desk's categories and independent of
them: whatever the desk calls its categories, "invoice" and "parcel" are features of a text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from nlu.contracts import Vectors
from nlu.language import HAN
from nlu.normalise import fold

FILE = Path(__file__).parents[1] / "starter" / "complaint_words.yml"
_TOKEN = re.compile(r"[a-z0-9']+")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Looked up, not searched: a regular expression of so many words takes milliseconds."""

    chinese: dict[str, list[int]]
    phrases: dict[str, list[int]]
    """Latin words joined by spaces."""
    stems: dict[str, list[int]]
    """The same, of which the last word may go on."""
    topics: int
    longest: int
    most_words: int
    shortest_stem: int


def topics_text() -> str:
    """The word lists as they stand; part of what a fitted model is named after."""
    return FILE.read_text(encoding="utf-8")


def topic_counts(folded: Sequence[str]) -> Vectors:
    """One row a text, one column a topic: the logarithm of one plus its different words in the text."""
    made = np.zeros((len(folded), _lexicon().topics), np.float32)
    for row, text in zip(made, folded, strict=True):
        heard = {(topic, text[start:end]) for topic, start, end in topic_spans(text)}
        for topic, _ in heard:
            row[topic] += 1
    return np.log1p(made)


def topic_spans(folded: str) -> list[tuple[int, int, int]]:
    """(topic, start, end) of every word found."""
    return [*_chinese_spans(folded), *_latin_spans(folded)]


@functools.cache
def _lexicon() -> _Lexicon:
    words = yaml.safe_load(topics_text())["words"]
    tables: tuple[dict[str, list[int]], ...] = ({}, {}, {})
    for topic, name in enumerate(sorted(words)):
        for word in map(str, words[name]):
            flat, stem = fold(word.rstrip("*")), word.endswith("*")
            table = tables[0] if HAN.search(flat) else tables[2] if stem else tables[1]
            table.setdefault(flat if HAN.search(flat) else " ".join(_TOKEN.findall(flat)), []).append(topic)
    chinese, phrases, stems = tables
    return _Lexicon(
        chinese=chinese,
        phrases=phrases,
        stems=stems,
        topics=len(words),
        longest=max(map(len, chinese)),
        most_words=1 + max(phrase.count(" ") for phrase in (*phrases, *stems)),
        shortest_stem=min(len(stem.split()[-1]) for stem in stems),
    )


def _chinese_spans(folded: str) -> Iterator[tuple[int, int, int]]:
    lexicon = _lexicon()
    for match in HAN.finditer(folded):
        start = match.start()
        for end in range(start + 1, min(start + lexicon.longest, len(folded)) + 1):
            for topic in lexicon.chinese.get(folded[start:end], ()):
                yield topic, start, end


def _latin_spans(folded: str) -> Iterator[tuple[int, int, int]]:
    lexicon = _lexicon()
    tokens = list(_TOKEN.finditer(folded))
    for first, token in enumerate(tokens):
        before = ""
        for last in tokens[first : first + lexicon.most_words]:
            word = last.group()
            for topic in lexicon.phrases.get(before + word, ()):
                yield topic, token.start(), last.end()
            for length in range(lexicon.shortest_stem, len(word) + 1):
                for topic in lexicon.stems.get(before + word[:length], ()):
                    yield topic, token.start(), last.end()
            before += word + " "
