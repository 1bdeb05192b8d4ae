"""nlu.complaint: which words of a text led to an answer. Pure.

The n-grams and the topic words are linear in the scores, so what they add is known: a topic word adds its weight, a
word adds what its n-grams add. What the sentence vector adds belongs to no single word and is not told.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlu.complaint.topics import topic_spans
from nlu.complaint.words import Words, spoken_words
from nlu.contracts import Vectors

WORDS = 60
"""Most words of a text that are tried."""
PER_ANSWER = 3
LEAST = 0.1
"""Share of the strongest word's weight below which a word is not worth telling."""


def words_behind(
    folded: str, words: Words, found: tuple[np.ndarray, Vectors], grams: Vectors, topics: Vectors
) -> list[tuple[str, ...]]:
    """For each column of the tables (n-grams × answers, topics × answers) the words that speak for it most.

    `found` are the text's n-grams (`Words.values`).
    """
    spans = spoken_words(folded)[:WORDS]
    if not spans:
        return [()] * grams.shape[1]
    columns, values = found
    places = {int(column): at for at, column in enumerate(columns)}
    adds = values[:, None] * grams[columns]
    told = np.zeros((len(spans), grams.shape[1]), np.float32)
    for at, gone in enumerate(words.touching(folded, spans)):
        told[at] = adds[[places[int(column)] for column in gone if int(column) in places]].sum(axis=0)
    for topic, start, end in topic_spans(folded):
        touched = [at for at, span in enumerate(spans) if span[0] < end and start < span[1]]
        for at in touched:
            told[at] += topics[topic] / len(touched)
    return [_strongest(folded, spans, column) for column in told.T]


def _strongest(folded: str, spans: Sequence[tuple[int, int]], adds: Vectors) -> tuple[str, ...]:
    """The strongest words; neighbours that both count are told as one."""
    least = max(float(adds.max()) * LEAST, 1e-6)
    picked = sorted(int(at) for at in np.argsort(-adds)[:PER_ANSWER] if adds[at] >= least)
    joined: list[tuple[int, int]] = []
    for at in picked:
        start, end = spans[at]
        if joined and not folded[joined[-1][1] : start].strip():
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return tuple(folded[start:end] for start, end in joined if end - start > 1)


def distinct(words: Sequence[str]) -> tuple[str, ...]:
    """`words` in their order without those that stand inside an earlier one."""
    kept: list[str] = []
    for word in words:
        if not any(word in k for k in kept):
            kept.append(word)
    return tuple(kept)
