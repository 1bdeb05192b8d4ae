"""nlu.rasa: scores of the intents by kernel ridge regression; numpy and scipy, no Rasa.

One kernel for meaning (Gaussian on the centred sentence vectors) plus a weighted one for wording (n-grams). Its great
virtue here is that the scores each example would get without itself, or without its whole intent, follow from the one
fitted matrix: settings, confidences and the out-of-scope decision are learned from them, with nothing fitted twice.
Measured against logistic regression on the same vectors: docs/evaluation.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix

from components.words import Words

WIDTH = 1.0
"""Of the Gaussian, on vectors of length 1; .5 to 1.5 hardly differed on four sets."""
BALANCE = 0.5
"""How far small intents are lifted to the weight of large ones: 0 not at all, 1 fully."""
LIKES, MANY = 20, 80
STRIP = 1_000
LARGEST = 16_000
"""Examples the matrix is made of; of more, a random part this large is taken."""


@dataclass(frozen=True)
class Setting:
    """What is chosen by `choose`."""

    wording: float
    """Weight of the n-gram kernel beside the vector kernel."""
    ridge: float
    """Larger means smoother."""


SETTINGS = [Setting(w, r) for w in (0.0, 0.1, 0.2, 0.4) for r in (0.05, 0.1, 0.3)]


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows of length 1."""
    return (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)


def gaussian(cosines: np.ndarray) -> np.ndarray:
    """The kernel of meaning, in place; `cosines` of unit vectors."""
    cosines -= 1
    cosines *= 2 * WIDTH
    return np.exp(cosines, out=cosines)


@dataclass
class Ranker:
    """Scores near +1 for the right intent and -1 for the others; near -1 everywhere for a strange message."""

    labels: list[str]
    mean: np.ndarray
    rows: np.ndarray
    """Unit rows of the centred example vectors."""
    owner: np.ndarray
    """Index of each row's intent."""
    weights: np.ndarray
    """(rows, intents)."""
    words: Words
    grams: np.ndarray | None
    """(n-grams, intents); None when wording does not count."""
    setting: Setting

    def scores(self, vectors: np.ndarray, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """(scores, cosines to the example rows)."""
        cosines = unit(vectors - self.mean) @ self.rows.T
        made = gaussian(cosines.copy()) @ self.weights
        if self.grams is not None:
            made += self.words.sums(texts, self.grams)
        return made - 1.0, cosines


@dataclass
class Fitted:
    """A ranker with what is needed to ask how it would have judged its own examples unseen."""

    ranker: Ranker
    targets: np.ndarray
    judged: np.ndarray
    """Places of the examples that can be asked about, ascending."""
    inverse: np.ndarray
    """(judged, judged) part of the inverse of the regularised kernel."""

    def without_self(self) -> np.ndarray:
        """Scores of the judged examples, each from a fit without it."""
        own = np.diag(self.inverse)
        return self.targets[self.judged] - self.ranker.weights[self.judged] / own[:, None] - 1.0

    def without_likes(self) -> tuple[np.ndarray, np.ndarray]:
        """(scores, cosines to all examples) of the judged examples, each judged without itself and its near likes.

        Large intents are written by many people who vary one sentence; a customer's message has no variant of itself
        among the examples. So in an intent of more than `MANY` examples the nearest twentieth goes as well; what is
        gone has a cosine of -2.
        """
        ranker, judged = self.ranker, self.judged
        scores = np.empty((len(judged), self.targets.shape[1]), np.float32)
        cosines = ranker.rows[judged] @ ranker.rows.T
        between = cosines[:, judged]
        owner = ranker.owner[judged]
        for here, place in enumerate(judged):
            own = np.flatnonzero(owner == owner[here])
            count = (len(own) - 1) // LIKES if len(own) > MANY else 0
            likes = own[np.argsort(-between[here, own])[: 1 + count]]
            likes = np.r_[here, likes[likes != here]]
            gone = judged[likes]
            block = self.inverse[np.ix_(likes, likes)].astype(np.float64)
            moved = np.linalg.solve(block, ranker.weights[gone].astype(np.float64))
            scores[here] = self.targets[place] - moved[0] - 1.0
            cosines[here, gone] = -2.0
        return scores, cosines

    def without_intent(self, intent: int) -> tuple[np.ndarray, np.ndarray]:
        """(places, scores) of a judged intent's examples from a fit without the intent; its own score is the lowest."""
        here = np.flatnonzero(self.ranker.owner[self.judged] == intent)
        group = self.judged[here]
        block = self.inverse[np.ix_(here, here)].astype(np.float64)
        made = self.targets[group] - np.linalg.solve(block, self.ranker.weights[group].astype(np.float64)) - 1.0
        made[:, intent] = -2.0
        return group, made.astype(np.float32)


@dataclass
class Examples:
    """Training examples with what every fit on them shares."""

    labels: list[str]
    owner: np.ndarray
    mean: np.ndarray
    rows: np.ndarray
    words: Words
    table: csr_matrix

    @classmethod
    def of(cls, vectors: np.ndarray, texts: list[str], names: np.ndarray) -> Examples:
        labels, owner = np.unique(names, return_inverse=True)
        mean, words = vectors.mean(axis=0), Words()
        return cls([str(label) for label in labels], owner, mean, unit(vectors - mean), words, words.fit(texts))

    def meaning(self) -> np.ndarray:
        """Kernel of the vectors."""
        return gaussian(self.rows @ self.rows.T)

    def add_wording(self, matrix: np.ndarray, weight: float) -> None:
        """Add the kernel of the n-grams; in strips, the whole product at once would need the memory twice."""
        for start in range(0, len(matrix) if weight else 0, STRIP):
            matrix[start : start + STRIP] += weight * (self.table[start : start + STRIP] @ self.table.T).toarray()


def fit(examples: Examples, setting: Setting, judged: np.ndarray) -> Fitted:
    """Fit on the examples; the unseen scores of those at the places `judged` can be asked for."""
    matrix = examples.meaning()
    examples.add_wording(matrix, setting.wording)
    return _solve(examples, setting, matrix, judged)


def _solve(examples: Examples, setting: Setting, matrix: np.ndarray, judged: np.ndarray) -> Fitted:
    owner, size = examples.owner, len(examples.owner)
    counts = np.bincount(owner)
    lift = (counts.mean() / counts[owner]) ** BALANCE
    matrix[np.diag_indices(size)] += setting.ridge / lift
    # Targets 2 and 0, and 1 taken away from every score: far from all examples the scores go to -1.
    targets = np.where(owner[:, None] == np.arange(len(counts))[None, :], 2.0, 0.0).astype(np.float32)
    factor = cho_factor(matrix, overwrite_a=True, check_finite=False)
    weights = cho_solve(factor, targets, check_finite=False).astype(np.float32)
    ones = np.zeros((size, len(judged)), np.float32)
    ones[judged, np.arange(len(judged))] = 1.0
    inverse = cho_solve(factor, ones, overwrite_b=True, check_finite=False)[judged]
    grams = np.asarray((examples.table.T @ weights) * setting.wording, np.float32) if setting.wording else None
    ranker = Ranker(examples.labels, examples.mean, examples.rows, owner, weights, examples.words, grams, setting)
    return Fitted(ranker, targets, judged, inverse)


def choose(examples: Examples) -> Setting:
    """The setting under which most examples, each judged without itself, get their own intent."""
    everyone, meaning = np.arange(len(examples.owner)), examples.meaning()
    wording = np.zeros_like(meaning)
    examples.add_wording(wording, 1.0)
    best, found = -1.0, SETTINGS[0]
    for setting in SETTINGS:
        unseen = _solve(examples, setting, meaning + setting.wording * wording, everyone).without_self()
        right = float((unseen.argmax(axis=1) == examples.owner).mean())
        if right > best:
            best, found = right, setting
    return found
