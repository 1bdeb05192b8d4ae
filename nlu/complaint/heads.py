"""nlu.complaint: one question each, answered by two linear models that are joined and calibrated. Pure.

A head sees the sentence vector (with the plain counts and rule flags beside it) and the n-grams. How much the n-grams
count, and how sure it may be, is chosen on cross-validated scores, never on the scores of texts it has seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from nlu.contracts import Vectors

SEED = 7
FOLDS = 5
WEIGHTS = (0.0, 0.25, 0.5, 1.0, 2.0)
DENSE_C = 1.0
SPARSE_C = 8.0
Labels = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Head:
    """A calibrated classifier; `classes` in the order of the columns it gives."""

    classes: tuple[str, ...]
    dense: Vectors
    dense_bias: Vectors
    sparse: Vectors
    sparse_bias: Vectors
    weight: float
    sharpness: float

    def scores(self, dense: Vectors, sparse: csr_matrix) -> Vectors:
        """Calibrated log-odds-like scores, one column a class."""
        made: Vectors = dense @ self.dense.T + self.dense_bias
        if self.weight:
            made = made + self.weight * self.word_scores(sparse)
        return made * self.sharpness

    def word_scores(self, sparse: csr_matrix) -> Vectors:
        """What the n-grams alone say."""
        made: Vectors = np.asarray(sparse @ self.sparse.T) + self.sparse_bias
        return made

    def probabilities(self, dense: Vectors, sparse: csr_matrix) -> Vectors:
        """One row a text, summing to 1."""
        return softmax(self.scores(dense, sparse))


def softmax(scores: Vectors) -> Vectors:
    """Rows of probabilities."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    made: Vectors = shifted / shifted.sum(axis=1, keepdims=True)
    return made


def fit_head(dense: Vectors, sparse: csr_matrix, labels: Sequence[str]) -> tuple[Head, Vectors]:
    """A head, and its calibrated probabilities of the training texts, each from a model that had not seen it."""
    truth = np.array(labels)
    classes = tuple(sorted(set(labels)))
    columns = np.array([classes.index(label) for label in labels])
    unseen_dense = np.zeros((len(labels), len(classes)))
    unseen_sparse = np.zeros_like(unseen_dense)
    least = int(np.bincount(columns).min())
    splits = StratifiedKFold(max(2, min(FOLDS, least)), shuffle=True, random_state=SEED)
    for fitted, tested in splits.split(unseen_dense, truth):
        rows, bias = _linear(dense[fitted], truth[fitted], DENSE_C)
        unseen_dense[tested] = dense[tested] @ rows.T + bias
        rows, bias = _linear(sparse[fitted], truth[fitted], SPARSE_C)
        unseen_sparse[tested] = np.asarray(sparse[tested] @ rows.T) + bias
    best: tuple[float, float, float] = (np.inf, 0.0, 1.0)
    for weight in WEIGHTS:
        joined = unseen_dense + weight * unseen_sparse
        sharpness, loss = _sharpness(joined, columns)
        best = min(best, (loss, weight, sharpness))
    _, weight, sharpness = best
    rows, bias = _linear(dense, truth, DENSE_C)
    word_rows, word_bias = _linear(sparse, truth, SPARSE_C)
    head = Head(classes, rows, bias, word_rows, word_bias, weight, sharpness)
    return head, softmax((unseen_dense + weight * unseen_sparse) * sharpness)


def _linear(rows: Vectors | csr_matrix, labels: Labels, c: float) -> tuple[Vectors, Vectors]:
    model = LogisticRegression(C=c, max_iter=1_000, class_weight="balanced").fit(rows, labels)
    weights, bias = model.coef_, model.intercept_
    if len(weights) == 1:
        # One row for two classes: split it, so that every head has a column a class.
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return weights.astype(np.float32), bias.astype(np.float32)


def _sharpness(scores: Vectors, columns: npt.NDArray[np.int_]) -> tuple[float, float]:
    """(factor, log loss) that makes the scores honest probabilities."""

    def loss(parameter: npt.NDArray[np.float64]) -> float:
        p = softmax(scores * np.exp(parameter[0]))
        return float(-np.log(np.clip(p[np.arange(len(columns)), columns], 1e-9, 1)).mean())

    found = minimize(loss, [0.0], method="Nelder-Mead")
    return float(np.exp(found.x[0])), float(found.fun)
