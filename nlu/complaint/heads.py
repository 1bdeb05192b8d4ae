"""nlu.complaint: one question each, answered by two linear models that are joined and calibrated. Pure.

A head sees the sentence vector (with the plain counts and rule flags beside it) and the n-grams. How much the n-grams
count, and how sure it may be, is chosen on cross-validated scores, never on the scores of texts it has seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from nlu.contracts import Vectors

SEED = 7
FOLDS = 5
WEIGHTS = (0.0, 0.5, 1.0, 2.0, 3.0)
DENSE_C = 1.0
SPARSE_C = 0.5
Labels = npt.NDArray[np.str_]
Scores = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Head:
    """A calibrated classifier; `classes` in the order of the columns it gives."""

    classes: tuple[str, ...]
    dense: Vectors
    """(features + 1, classes): the last row is the bias, as in `sparse`."""
    sparse: Vectors
    weight: float
    sharpness: float

    def probabilities(self, dense_scores: Vectors, word_scores: Vectors) -> Vectors:
        """One row a text, summing to 1, from the scores of both parts (biases included)."""
        return softmax((dense_scores + self.weight * word_scores) * self.sharpness)


def softmax(scores: Scores) -> Vectors:
    """Rows of probabilities."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    made: Vectors = np.asarray(shifted / shifted.sum(axis=1, keepdims=True), np.float32)
    return made


def one_thread() -> AbstractContextManager[object]:
    """Linear algebra on one thread: on a shared box a second one only makes both wait."""
    made: AbstractContextManager[object] = threadpool_limits(1)
    return made


def fit_head(dense: Vectors, sparse: csr_matrix, labels: Sequence[str]) -> tuple[Head, Vectors]:
    """A head, and its calibrated probabilities of the training texts, each from a model that had not seen it."""
    truth = np.array(labels)
    classes = tuple(sorted(set(labels)))
    columns = np.array([classes.index(label) for label in labels])
    unseen_dense = np.zeros((len(labels), len(classes)), np.float32)
    unseen_sparse = np.zeros_like(unseen_dense)
    least = int(np.bincount(columns).min())
    splits = StratifiedKFold(max(2, min(FOLDS, least)), shuffle=True, random_state=SEED)
    for fitted, tested in splits.split(unseen_dense, truth):
        table = _logistic(dense[fitted], truth[fitted])
        unseen_dense[tested] = dense[tested] @ table[:-1] + table[-1]
        table = _margins(sparse[fitted], truth[fitted])
        unseen_sparse[tested] = np.asarray(sparse[tested] @ table[:-1]) + table[-1]
    best: tuple[float, float, float] = (np.inf, 0.0, 1.0)
    for weight in WEIGHTS:
        joined = unseen_dense + weight * unseen_sparse
        sharpness, loss = _sharpness(joined, columns)
        best = min(best, (loss, weight, sharpness))
    _, weight, sharpness = best
    head = Head(classes, _logistic(dense, truth), _margins(sparse, truth), weight, sharpness)
    return head, softmax((unseen_dense + weight * unseen_sparse) * sharpness)


def _logistic(rows: Vectors, labels: Labels) -> Vectors:
    model = LogisticRegression(C=DENSE_C, max_iter=1_000, tol=1e-3, class_weight="balanced").fit(rows, labels)
    return _table(model.coef_, model.intercept_)


def _margins(rows: csr_matrix, labels: Labels) -> Vectors:
    model = LinearSVC(C=SPARSE_C, class_weight="balanced", random_state=SEED, max_iter=5_000).fit(rows, labels)
    return _table(model.coef_, model.intercept_)


def _table(weights: Scores, bias: Scores) -> Vectors:
    """One column a class with the bias below; scikit-learn gives a single row for two classes."""
    if len(weights) == 1:
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return np.ascontiguousarray(np.vstack([weights.T, bias[None, :]]), np.float32)


def _sharpness(scores: Vectors, columns: npt.NDArray[np.int_]) -> tuple[float, float]:
    """(factor, log loss) that makes the scores honest probabilities."""

    def loss(parameter: npt.NDArray[np.float64]) -> float:
        p = softmax(scores * np.exp(parameter[0]))
        return float(-np.log(np.clip(p[np.arange(len(columns)), columns], 1e-9, 1)).mean())

    found = minimize(loss, [0.0], method="Nelder-Mead")
    return float(np.exp(found.x[0])), float(found.fun)
