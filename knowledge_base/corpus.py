"""knowledge_base: the wordings of many articles as arrays, rows of one article side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kit.contracts import Language
from knowledge_base.wordings import Role, Wording

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

LANGUAGES = (Language.ZH, Language.EN)
LANGUAGE_NUMBER = {language: number for number, language in enumerate(LANGUAGES)}
QUESTION, ANSWER = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRef:
    """One published version of one article."""

    id: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Corpus:
    """Wordings with their vectors. `starts[a]:starts[a + 1]` are the rows of article number `a`."""

    articles: tuple[ArticleRef, ...]
    starts: Ints
    """Shape (articles + 1,)."""
    vectors: Floats
    """Shape (rows, dimensions), each of length 1; as the encoder made them, rounded to float16."""
    languages: npt.NDArray[np.int8]
    roles: npt.NDArray[np.int8]
    wordings: tuple[str, ...]
    owner: Ints
    """The article number of each row."""

    def __len__(self) -> int:
        return len(self.wordings)


def build_corpus(found: Iterable[tuple[ArticleRef, Sequence[Wording]]], *, dimensions: int) -> Corpus:
    """The corpus of these articles, in their order; articles without wordings keep their (empty) place."""
    refs: list[ArticleRef] = []
    starts = [0]
    rows: list[Wording] = []
    for ref, wordings in found:
        refs.append(ref)
        rows.extend(wordings)
        starts.append(len(rows))
    vectors = np.stack([row.vector for row in rows]) if rows else np.zeros((0, dimensions))
    edges = np.array(starts, np.int32)
    return Corpus(
        articles=tuple(refs),
        starts=edges,
        vectors=np.ascontiguousarray(vectors, np.float32),
        languages=np.array([LANGUAGE_NUMBER[row.language] for row in rows], np.int8),
        roles=np.array([QUESTION if row.role is Role.QUESTION else ANSWER for row in rows], np.int8),
        wordings=tuple(row.text for row in rows),
        owner=np.repeat(np.arange(len(refs), dtype=np.int32), np.diff(edges)),
    )


def rows_of(corpus: Corpus, articles: npt.NDArray[np.integer]) -> tuple[Ints, Ints]:
    """(all rows of these articles, where in that list each article starts), in the articles' order."""
    first, last = corpus.starts[articles], corpus.starts[articles + 1]
    counts = last - first
    begins = np.zeros(len(articles), np.int32)
    np.cumsum(counts[:-1], out=begins[1:])
    rows = np.arange(int(counts.sum()), dtype=np.int32) + np.repeat(first - begins, counts)
    return rows, begins
