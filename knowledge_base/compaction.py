"""knowledge_base: the big segment and what came since as one corpus again, without reading or cutting any text. Pure.

A rebuild of a big base must not ask SQL for every vector nor hold Python's lock while every text is cut into words:
customers are being answered meanwhile. Everything it needs already stands in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge_base.corpus import ArticleRef, Corpus, Ints, build_corpus, rows_of
from knowledge_base.segment import Segment, WordingFacts
from knowledge_base.wordings import Wording


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Addition:
    """An article that is not in the big segment, or not in this version."""

    ref: ArticleRef
    wordings: tuple[Wording, ...]
    facts: WordingFacts


def compact(big: Segment, gone: frozenset[int], additions: Sequence[Addition]) -> tuple[Corpus, WordingFacts]:
    """The articles of `big` but for those in `gone` (by number), then the additions."""
    fresh, facts = gather(additions, dimensions=big.corpus.vectors.shape[1])
    if not gone:
        kept: Ints = np.arange(len(big.corpus.articles), dtype=np.int32)
    else:
        kept = np.setdiff1d(np.arange(len(big.corpus.articles), dtype=np.int32), np.fromiter(gone, np.int32))
    rows, begins = rows_of(big.corpus, kept)
    return _joined(_picked(big.corpus, kept, rows, begins), fresh), _facts_joined(_facts_of(big, rows), facts)


def gather(additions: Sequence[Addition], *, dimensions: int) -> tuple[Corpus, WordingFacts]:
    """The additions as a corpus of their own."""
    corpus = build_corpus([(each.ref, each.wordings) for each in additions], dimensions=dimensions)
    nothing = WordingFacts(words=(), denies=np.zeros(0, np.bool_), asks=np.zeros(0, np.uint8))
    facts = [each.facts for each in additions] or [nothing]
    return corpus, WordingFacts(
        words=[words for each in facts for words in each.words],
        denies=np.concatenate([each.denies for each in facts]),
        asks=np.concatenate([each.asks for each in facts]),
    )


def _picked(corpus: Corpus, articles: Ints, rows: Ints, begins: Ints) -> Corpus:
    starts = np.append(begins, len(rows)).astype(np.int32)
    return Corpus(
        articles=tuple(corpus.articles[number] for number in articles.tolist()),
        starts=starts,
        vectors=corpus.vectors[rows],
        languages=corpus.languages[rows],
        roles=corpus.roles[rows],
        wordings=tuple(corpus.wordings[row] for row in rows.tolist()),
        owner=np.repeat(np.arange(len(articles), dtype=np.int32), np.diff(starts)),
    )


def _joined(one: Corpus, other: Corpus) -> Corpus:
    return Corpus(
        articles=one.articles + other.articles,
        starts=np.concatenate([one.starts, other.starts[1:] + len(one)]).astype(np.int32),
        vectors=np.concatenate([one.vectors, other.vectors]),
        languages=np.concatenate([one.languages, other.languages]),
        roles=np.concatenate([one.roles, other.roles]),
        wordings=one.wordings + other.wordings,
        owner=np.concatenate([one.owner, other.owner + len(one.articles)]).astype(np.int32),
    )


def _facts_of(segment: Segment, rows: Ints) -> WordingFacts:
    lexicon = segment.lexicon
    names = list(lexicon.numbers)
    first, last = lexicon.row_starts[rows].tolist(), lexicon.row_starts[rows + 1].tolist()
    return WordingFacts(
        words=[
            frozenset(map(names.__getitem__, lexicon.row_words[start:end].tolist()))
            for start, end in zip(first, last, strict=True)
        ],
        denies=segment.denies[rows],
        asks=segment.asks[rows],
    )


def _facts_joined(one: WordingFacts, other: WordingFacts) -> WordingFacts:
    return WordingFacts(
        words=[*one.words, *other.words],
        denies=np.concatenate([one.denies, other.denies]),
        asks=np.concatenate([one.asks, other.asks]),
    )
