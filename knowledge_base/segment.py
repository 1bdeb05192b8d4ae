"""knowledge_base: one searchable piece of the base: placed vectors, words and a nearest-neighbour index. Pure.

The base is one big segment, built whole now and then, and a small one for what was published since.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from knowledge_base.corpus import Corpus, Floats, Ints
from knowledge_base.head import Head, fit_head, head_for
from knowledge_base.lexicon import Lexicon, build_lexicon
from knowledge_base.space import Space, place
from knowledge_base.words import denies, question_kinds, words_of

BACKGROUND = 256
"""Rows that stand for the whole base when a query's best match is compared with what is usual."""


class Neighbours(Protocol):
    """A nearest-neighbour index over the points of one corpus."""

    @property
    def kind(self) -> str: ...

    def nearest(self, point: Floats, count: int) -> npt.NDArray[np.int64]:
        """Rows with the greatest inner product, best first; fewer than `count` when there are fewer."""
        ...


class NeighboursBuilder(Protocol):
    """Chooses the kind of index by size and builds it. Blocking; may take minutes for a million points."""

    def build(self, points: Floats) -> Neighbours: ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segment:
    """Everything that is asked of a corpus while a customer waits."""

    corpus: Corpus
    points: Floats
    """Placed vectors, length 1."""
    metric_length: Floats
    denies: npt.NDArray[np.bool_]
    asks: npt.NDArray[np.uint8]
    lexicon: Lexicon
    neighbours: Neighbours
    background: Floats
    """Placed vectors of a spread of rows, shape (up to BACKGROUND, dimensions)."""
    head: Head | None

    def __len__(self) -> int:
        return len(self.corpus)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WordingFacts:
    """What the texts of a corpus say, row by row; made once per text and kept while segments are rebuilt."""

    words: Sequence[frozenset[str]]
    denies: npt.NDArray[np.bool_]
    asks: npt.NDArray[np.uint8]


def read_wordings(texts: Sequence[str], normalise: Callable[[str], str]) -> WordingFacts:
    """Fold and cut every text into words; about 0.1 ms a text."""
    folded = [normalise(text) for text in texts]
    return WordingFacts(
        words=[words_of(text) for text in folded],
        denies=np.array([denies(text) for text in folded], np.bool_),
        asks=np.array([question_kinds(text) for text in folded], np.uint8),
    )


def build_segment(
    corpus: Corpus,
    *,
    space: Space,
    facts: WordingFacts,
    builder: NeighboursBuilder,
    like: Segment | None = None,
) -> Segment:
    """The segment of `corpus`; `like` is the big one that a small addition belongs to."""
    points, lengths = place(space, corpus)
    if like is None:
        spread: Ints = np.unique(np.linspace(0, max(0, len(corpus) - 1), BACKGROUND).astype(np.int32))
        background = points[spread] if len(corpus) else points
    else:
        background = like.background
    lexicon = build_lexicon(facts.words, like=like.lexicon if like else None)
    head = head_for(like.head, like.corpus, corpus.articles) if like else fit_head(corpus, points, lexicon)
    return Segment(
        corpus=corpus,
        points=points,
        metric_length=lengths,
        denies=facts.denies,
        asks=facts.asks,
        lexicon=lexicon,
        neighbours=builder.build(points),
        background=background,
        head=head,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapshot:
    """A big segment as it is saved and loaded whole."""

    segment: Segment
    space: Space
    encoder: str
