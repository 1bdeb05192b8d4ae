"""nlu.complaint: word and character n-grams of a folded text, and a few plain counts. Pure.

Both languages share one space; `char_wb` sees a Chinese sentence as one long word, which is what is wanted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

import jieba
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.contracts import Vectors

FEATURES = 20_000
REACH = 3
"""Characters beside a word that its character n-grams can reach."""
SHARE = 0.5**0.5
"""Of the words and of the characters each in a text's n-grams."""
_TERM = r"(?u)[^\W\u4e00-\u9fff]+|[\u4e00-\u9fff]"
_SPOKEN = re.compile(r"[a-z0-9']+|[\u4e00-\u9fff]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NUMBER = re.compile(r"\d+")

jieba.setLogLevel(60)


class Words:
    """TF-IDF over words (1-2) and characters (2-4)."""

    def __init__(self, vocabularies: Sequence[dict[str, int]] = (), weights: Sequence[Vectors] = ()) -> None:
        first, second = vocabularies or (None, None)
        common = {"sublinear_tf": True, "dtype": np.float32, "max_features": FEATURES}
        self._parts = (
            TfidfVectorizer(token_pattern=_TERM, ngram_range=(1, 2), vocabulary=first, **common),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), vocabulary=second, **common),
        )
        for part, idf in zip(self._parts, weights, strict=False):
            part.idf_ = idf
        self._lookup: list[tuple[Callable[[str], list[str]], dict[str, int], Vectors]] | None = None

    def fit(self, folded: Sequence[str]) -> csr_matrix:
        """The n-grams of the training texts, one row each, of length 1 where there are any."""
        return (hstack([part.fit_transform(folded) for part in self._parts]) * SHARE).tocsr().astype(np.float32)

    def values(self, folded: str) -> tuple[npt.NDArray[np.int64], Vectors]:
        """(columns, values) of one text's n-grams: the same numbers as scikit-learn's, at a tenth of the cost."""
        columns, values, start = [], [], 0
        for analyze, places, idf in self._ready():
            counted = Counter(places[gram] for gram in analyze(folded) if gram in places)
            if counted:
                at = np.fromiter(counted.keys(), np.int64, len(counted))
                found = (1 + np.log(np.fromiter(counted.values(), np.float32, len(counted)))) * idf[at]
                columns.append(start + at)
                values.append(SHARE * found / np.linalg.norm(found))
            start += len(places)
        if not columns:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        return np.concatenate(columns), np.concatenate(values)

    def touching(self, folded: str, spans: Sequence[tuple[int, int]]) -> list[list[int]]:
        """For each span the columns of the n-grams that would go if it were blanked out."""
        made = []
        for start, end in spans:
            near = folded[max(0, start - REACH) : end + REACH]
            blank = folded[max(0, start - REACH) : start] + " " * (end - start) + folded[end : end + REACH]
            gone: list[int] = []
            first = 0
            for analyze, places, _ in self._ready():
                left = set(analyze(blank))
                gone += [first + places[gram] for gram in set(analyze(near)) - left if gram in places]
                first += len(places)
            made.append(gone)
        return made

    def _ready(self) -> list[tuple[Callable[[str], list[str]], dict[str, int], Vectors]]:
        if self._lookup is None:
            self._lookup = [
                (part.build_analyzer(), dict(part.vocabulary_), np.asarray(part.idf_, np.float32))
                for part in self._parts
            ]
        return self._lookup

    def state(self) -> tuple[list[dict[str, int]], list[Vectors]]:
        """What `__init__` wants to be the same again."""
        names = [{word: int(at) for word, at in part.vocabulary_.items()} for part in self._parts]
        return names, [np.asarray(part.idf_, np.float32) for part in self._parts]


def counts(text: str) -> list[float]:
    """Loudness and size of a text as typed: what folding takes away."""
    letters = [c for c in text if c.isalpha() and c.isascii()]
    capitals = sum(c.isupper() for c in letters) / len(letters) if len(letters) > 9 else 0.0  # noqa: PLR2004 - a few words
    numbers = [int(n[:9]) for n in _NUMBER.findall(text)]
    return [
        min(text.count("!") + text.count("！"), 5) / 5,
        min(text.count("?") + text.count("？"), 3) / 3,
        capitals,
        min(len(text) / (120 if _HAN.search(text) else 300), 1.5),
        float(any(1_000 <= n < 100_000 for n in numbers)),  # noqa: PLR2004 - an amount that hurts
        min(len(numbers), 4) / 4,
    ]


def warm_up() -> None:
    """Load jieba's dictionary now (half a second) and not at the first complaint."""
    jieba.initialize()


def spoken_words(folded: str) -> list[tuple[int, int]]:
    """(start, end) of the words of a folded text; Chinese cut by jieba."""
    spans: list[tuple[int, int]] = []
    for match in _SPOKEN.finditer(folded):
        if not _HAN.match(match.group()):
            spans.append(match.span())
            continue
        at = match.start()
        for word in jieba.cut(match.group()):
            spans.append((at, at + len(word)))
            at += len(word)
    return spans
