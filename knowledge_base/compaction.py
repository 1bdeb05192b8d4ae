"""knowledge_base: the big segment and what came since as one corpus again, without reading or cutting any text. Pure.

A rebuild of a big base must not ask SQL for every vector nor hold Python's lock while every text is cut into words:
customers are being answered meanwhile. Everything it needs already stands in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from knowledge_base.corpus import ArticleRef, Corpus, Ints, build_corpus, rows_of
from knowledge_base.lexicon import Lexicon
from knowledge_base.segment import Segment, WordingFacts
from knowledge_base.wordings import Wording


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Addition:
    """An article that is not in the big segment, or not in this version."""

    ref: ArticleRef
    wordings: tuple[Wording, ...]
    facts: WordingFacts


def compact(big: Segment, gone: frozenset[int], additions: Sequence[Addition]) -> tuple[Corpus, WordingFacts]:
    """The articles of `big` but for those in `gone` (by number) and the additions, in the order of their ids.

    That is the order in which the store gives them: the result is the same as that of building anew.
    """
    fresh, facts = gather(additions, dimensions=big.corpus.vectors.shape[1])
    corpus = _joined(big.corpus, fresh)
    words = [*_words_of(big.lexicon), *facts.words]
    denies, asks = np.concatenate([big.denies, facts.denies]), np.concatenate([big.asks, facts.asks])
    kept = (number for number in range(len(corpus.articles)) if number not in gone)
    articles = np.array(sorted(kept, key=lambda number: corpus.articles[number].id), np.int32)
    rows, begins = rows_of(corpus, articles)
    picked = WordingFacts(words=[words[row] for row in rows.tolist()], denies=denies[rows], asks=asks[rows])
    return _picked(corpus, articles, rows, begins), picked


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


def _words_of(lexicon: Lexicon) -> list[frozenset[str]]:
    """The words of every row."""
    names = list(lexicon.numbers)
    edges = lexicon.row_starts.tolist()
    return [frozenset(map(names.__getitem__, lexicon.row_words[start:end].tolist())) for start, end in pairwise(edges)]
