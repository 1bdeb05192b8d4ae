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


class Evidence:
    """What each word of one text adds to each answer."""

    def __init__(
        self, folded: str, words: Words, found: tuple[np.ndarray, Vectors], grams: Vectors, topics: Vectors
    ) -> None:
        """`found` are the text's n-grams (`Words.values`); the tables are n-grams × answers and topics × answers."""
        self._folded, self._spans = folded, spoken_words(folded)[:WORDS]
        columns, values = found
        places = {int(column): at for at, column in enumerate(columns)}
        adds = values[:, None] * grams[columns]
        self._adds = np.zeros((len(self._spans), grams.shape[1]), np.float32)
        for row, gone in zip(self._adds, words.touching(folded, self._spans), strict=True):
            row += adds[[places[column] for column in gone if column in places]].sum(axis=0)  # noqa: PLW2901 - in place
        for topic, start, end in topic_spans(folded):
            touched = [at for at, span in enumerate(self._spans) if span[0] < end and start < span[1]]
            for at in touched:
                self._adds[at] += topics[topic] / len(touched)

    def words(self, answer: int) -> tuple[str, ...]:
        """The words that speak most for the answer in this column; neighbours that both count are told as one."""
        adds = self._adds[:, answer]
        if not len(adds):
            return ()
        least = max(float(adds.max()) * LEAST, 1e-6)
        picked = sorted(int(at) for at in np.argsort(-adds)[:PER_ANSWER] if adds[at] >= least)
        joined: list[tuple[int, int]] = []
        for at in picked:
            start, end = self._spans[at]
            if joined and not self._folded[joined[-1][1] : start].strip():
                joined[-1] = joined[-1][0], end
            else:
                joined.append((start, end))
        return tuple(self._folded[start:end] for start, end in joined if end - start > 1)


def distinct(words: Sequence[str]) -> tuple[str, ...]:
    """`words` in their order without those that stand inside an earlier one."""
    kept: list[str] = []
    for word in words:
        if not any(word in k for k in kept):
            kept.append(word)
    return tuple(kept)
