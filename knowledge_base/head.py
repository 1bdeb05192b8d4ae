"""knowledge_base: one score an article, learned from all wordings at once by kernel ridge regression. Pure.

The nearest wording knows nothing of the wordings of other articles that lie just as near; this does. Two texts are as
alike as their meaning and their words: exp(2 (cosine - 1)) x (1 + cosine of their weighted words). Held out in turn,
the score alone puts more of the starter base's wordings first than everything else together (decision 0018).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from knowledge_base.corpus import ArticleRef, Corpus, Floats, Ints
from knowledge_base.factors import inverse_factor
from knowledge_base.lexicon import Lexicon, QueryWords

STEEPNESS = 2.0
RIDGE = 0.5
"""Steepness 1 to 4, ridge .2 to 1 and the weight of the words were compared on the development sets."""
MOST_ROWS = 10_500
"""Wordings it is learned from: the time grows with their cube (seconds at this many), the memory with their square."""
MOST_WEIGHTS = 20_000_000
"""Articles times wordings; a base of more articles does without."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Head:
    """The learned score. `weights[a] @ likeness` is the score of article `a`: about 1 where right, 0 where wrong."""

    rows: Ints
    """Rows of the big corpus it was learned from, shape (learned rows,), rising."""
    points: Floats
    """Their placed vectors."""
    word_lengths: Floats
    """The length of each row's weighted words."""
    lexicon: Lexicon
    """Of the big corpus."""
    weights: Floats
    """Shape (articles, learned rows); NaN in the rows of articles that it was not learned with."""
    left_out: Floats
    """For each learned row, what divides its weights when it is asked itself: scores as if it had not been there."""


def fit_head(corpus: Corpus, points: Floats, lexicon: Lexicon) -> Head | None:
    """The head of a corpus; None where there is too little, or too much, to learn from."""
    rows = _learned_rows(corpus)
    if rows is None:
        return None
    chosen = points if len(rows) == len(corpus) else np.ascontiguousarray(points[rows])
    lengths = word_lengths(lexicon)[rows]
    # BLAS may raise float flags over lanes it throws away.
    with np.errstate(all="ignore"):
        likeness = np.exp(STEEPNESS * (chosen @ chosen.T - 1))
    likeness *= 1 + _word_cosines(lexicon, rows, lengths)
    likeness[np.diag_indices(len(rows))] += RIDGE
    inverse = inverse_factor(likeness)
    if inverse is None:
        return None
    right = np.zeros((len(rows), len(corpus.articles)), np.float32)
    right[np.arange(len(rows)), corpus.owner[rows]] = 1
    with np.errstate(all="ignore"):
        weights = (inverse.T @ (inverse @ right)).T
    return Head(
        rows=rows,
        points=chosen,
        word_lengths=lengths,
        lexicon=lexicon,
        weights=np.ascontiguousarray(weights, np.float32),
        left_out=np.einsum("ij,ij->j", inverse, inverse).astype(np.float32),
    )


def _learned_rows(corpus: Corpus) -> Ints | None:
    count = min(len(corpus), MOST_ROWS)
    if len(corpus.articles) < 2 or count * len(corpus.articles) > MOST_WEIGHTS:  # noqa: PLR2004 - nothing to tell apart
        return None
    return np.unique(np.linspace(0, len(corpus) - 1, count).astype(np.int32))


def word_lengths(lexicon: Lexicon) -> Floats:
    """The length of each row's weighted words."""
    squares = lexicon.weight[lexicon.row_words] ** 2
    owner = np.repeat(np.arange(len(lexicon.row_total)), np.diff(lexicon.row_starts))
    lengths = np.sqrt(np.bincount(owner, weights=squares, minlength=len(lexicon.row_total)) + 1e-6)
    return np.asarray(lengths, np.float32)


def _word_cosines(lexicon: Lexicon, rows: Ints, lengths: Floats) -> Floats:
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    shape = (len(lexicon.row_total), max(1, len(lexicon.weight)))
    table = csr_matrix((lexicon.weight[lexicon.row_words], lexicon.row_words, lexicon.row_starts), shape=shape)[rows]
    table.data /= np.repeat(lengths, np.diff(table.indptr))
    return np.asarray((table @ table.T).toarray(), np.float32)


def head_for(head: Head | None, big: Corpus, articles: tuple[ArticleRef, ...]) -> Head | None:
    """The head for a small addition to the base: an article's new version keeps what was learned with its old one."""
    if head is None:
        return None
    number: Mapping[str, int] = {ref.id: at for at, ref in enumerate(big.articles)}
    weights = np.full((len(articles), len(head.rows)), np.nan, np.float32)
    for at, ref in enumerate(articles):
        if ref.id in number:
            weights[at] = head.weights[number[ref.id]]
    return replace(head, weights=weights)


def likeness_of(head: Head, point: Floats, seen: QueryWords) -> Floats:
    """How alike a question is to every learned row; `seen` holds its words in the head's lexicon."""
    shared = np.zeros(len(head.lexicon.row_total), np.float32)
    for word, weight in zip(seen.known.tolist(), seen.weight.tolist(), strict=True):
        first, last = head.lexicon.word_starts[word], head.lexicon.word_starts[word + 1]
        shared[head.lexicon.word_rows[first:last]] += weight * weight
    length = float(np.sqrt(float(seen.weight @ seen.weight) + 1e-6))
    words = shared[head.rows] / (head.word_lengths * length)
    # For a single vector vecdot reads the rows two to four times as fast as BLAS does; the same in other modules.
    return np.asarray(np.exp(STEEPNESS * (np.vecdot(head.points, point) - 1)) * (1 + words), np.float32)


def head_scores(head: Head, likeness: Floats, articles: npt.NDArray[np.integer]) -> Floats:
    """The scores of these articles; NaN for those it was not learned with."""
    return np.asarray(head.weights[articles] @ likeness, np.float32)


def left_out_scores(head: Head, row: int, article: int, articles: npt.NDArray[np.integer]) -> Floats | None:
    """The scores of a learned row of `article` as if it had not been there (exact); None for rows not learned from."""
    at = int(np.searchsorted(head.rows, row))
    if at == len(head.rows) or head.rows[at] != row:
        return None
    right = (articles == article).astype(np.float32)
    return np.asarray(right - head.weights[articles, at] / head.left_out[at], np.float32)
