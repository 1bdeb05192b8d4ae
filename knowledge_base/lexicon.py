"""knowledge_base: which words stand in which rows, both ways, as arrays. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge_base.corpus import Floats, Ints
from knowledge_base.words import is_code, is_number

POSTINGS = 20_000
"""Most rows looked at for lexical candidates; the rarest words come first, so what is left out says little."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexicon:
    """Words of the rows of one corpus. `weight` is each word's inverse document frequency."""

    numbers: dict[str, int]
    """Word to its number."""
    weight: Floats
    row_starts: npt.NDArray[np.int64]
    row_words: Ints
    """Words of row r: `row_words[row_starts[r]:row_starts[r + 1]]`."""
    word_starts: npt.NDArray[np.int64]
    word_rows: Ints
    row_total: Floats
    """Sum of the weights of each row's words."""
    unseen: float
    """Weight of a word that no row holds."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QueryWords:
    """A query's words as one lexicon sees them."""

    known: Ints
    """Numbers of the words that stand in some row."""
    weight: Floats
    is_number: npt.NDArray[np.bool_]
    is_code: npt.NDArray[np.bool_]
    total: float
    """Weight of all words, also of those that stand nowhere."""
    seen: float
    """Share of `total` that stands somewhere, 0 to 1; 1 for a query without words."""
    strange_numbers: int
    """Number words that stand nowhere."""
    strange_codes: int
    """Of these, models and codes."""


def build_lexicon(rows: Sequence[frozenset[str]], *, like: Lexicon | None = None) -> Lexicon:
    """The lexicon of rows given as word sets; `like` lends its weights to a small addition to a big base."""
    numbers: dict[str, int] = {}
    row_words = [sorted(numbers.setdefault(word, len(numbers)) for word in words) for words in rows]
    flat = np.fromiter((number for words in row_words for number in words), np.int32)
    row_starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(words) for words in row_words], out=row_starts[1:])
    counts = np.bincount(flat, minlength=len(numbers)) if numbers else np.zeros(0, np.int64)
    weight = np.log1p((len(rows) - counts + 0.5) / (counts + 0.5)).astype(np.float32)
    unseen = math.log1p(len(rows) + 0.5)
    if like is not None:
        unseen = like.unseen
        for word, number in numbers.items():
            known = like.numbers.get(word)
            weight[number] = unseen if known is None else like.weight[known]
    order = np.argsort(flat, kind="stable")
    word_starts = np.zeros(len(numbers) + 1, np.int64)
    np.cumsum(counts, out=word_starts[1:])
    owner = np.repeat(np.arange(len(rows), dtype=np.int32), np.diff(row_starts))
    total = np.bincount(owner, weights=weight[flat], minlength=len(rows)) if len(flat) else np.zeros(len(rows))
    return Lexicon(
        numbers=numbers,
        weight=weight,
        row_starts=row_starts,
        row_words=flat,
        word_starts=word_starts,
        word_rows=owner[order],
        row_total=total.astype(np.float32),
        unseen=unseen,
    )


def look_up(lexicon: Lexicon, words: Iterable[str], *, gone: frozenset[int] = frozenset()) -> QueryWords:
    """The query's words in this lexicon; those that stand only in rows that are `gone` count as standing nowhere."""
    known: list[int] = []
    kinds: list[tuple[bool, bool]] = []
    strange = strange_numbers = strange_codes = 0
    for word in words:
        number = lexicon.numbers.get(word)
        if number is None or (gone and _only_in(lexicon, number, gone)):
            strange += 1
            strange_numbers += is_number(word)
            strange_codes += is_code(word)
        else:
            known.append(number)
            kinds.append((is_number(word), is_code(word)))
    found = np.array(known, np.int32)
    numbers_and_codes = np.array(kinds, np.bool_).reshape(-1, 2)
    weight = lexicon.weight[found]
    seen, lost = float(weight.sum()), strange * lexicon.unseen
    return QueryWords(
        known=found,
        weight=weight,
        is_number=numbers_and_codes[:, 0],
        is_code=numbers_and_codes[:, 1],
        total=seen + lost,
        seen=seen / (seen + lost) if seen + lost else 1.0,
        strange_numbers=strange_numbers,
        strange_codes=strange_codes,
    )


def _only_in(lexicon: Lexicon, number: int, gone: frozenset[int]) -> bool:
    rows = lexicon.word_rows[lexicon.word_starts[number] : lexicon.word_starts[number + 1]]
    return len(rows) <= len(gone) and gone.issuperset(rows.tolist())


def best_rows(lexicon: Lexicon, query: QueryWords, count: int) -> Ints:
    """The `count` rows that share most with the query, best first."""
    if not len(query.known):
        return np.zeros(0, np.int32)
    shared = np.zeros(len(lexicon.row_total), np.float32)
    lists: list[Ints] = []
    looked = 0
    for at in np.argsort(-query.weight):
        word = query.known[at]
        rows = lexicon.word_rows[lexicon.word_starts[word] : lexicon.word_starts[word + 1]]
        if lists and looked + len(rows) > POSTINGS:
            break
        shared[rows] += query.weight[at]
        lists.append(rows)
        looked += len(rows)
    touched = np.concatenate(lists)
    score = shared[touched] / (query.total + lexicon.row_total[touched])
    # A row stands here once for each word it shares, so more are kept before the repeated ones go.
    keep = count * len(lists)
    if len(touched) > keep:
        chosen = np.argpartition(-score, keep)[:keep]
        touched, score = touched[chosen], score[chosen]
    ordered = touched[np.argsort(-score, kind="stable")].tolist()
    return np.array(list(dict.fromkeys(ordered))[:count], np.int32)


def overlaps(lexicon: Lexicon, query: QueryWords, rows: Ints, groups: Ints, group_count: int) -> tuple[Floats, Floats]:
    """(per row: shared weight over half of both totals; per group of rows and query word: whether it stands there).

    `groups` gives each row's group. The second result has shape (group_count, known words).
    """
    if not len(query.known) or not len(rows):
        return np.zeros(len(rows), np.float32), np.zeros((group_count, len(query.known)), np.float32)
    slot = np.full(len(lexicon.weight), -1, np.int32)
    slot[query.known] = np.arange(len(query.known), dtype=np.int32)
    first = lexicon.row_starts[rows]
    counts = (lexicon.row_starts[rows + 1] - first).astype(np.int64)
    at = np.arange(int(counts.sum())) + np.repeat(first - (np.cumsum(counts) - counts), counts)
    slots = slot[lexicon.row_words[at]]
    hit = slots >= 0
    row_at = np.repeat(np.arange(len(rows)), counts)[hit]
    slots = slots[hit]
    shared = np.bincount(row_at, weights=query.weight[slots], minlength=len(rows))
    stands = np.zeros((group_count, len(query.known)), np.float32)
    stands[groups[row_at], slots] = 1.0
    return (2 * shared / (query.total + lexicon.row_total[rows])).astype(np.float32), stands
