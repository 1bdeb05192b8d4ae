"""nlu.complaint: questions about a text, answered by kernel ridge regression and calibrated. Pure.

All questions asked of the same rows share one factorisation, and what each row would score without itself comes in
closed form, so nothing is tuned or calibrated on the scores of texts a model has seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import spotrf, spotri, spotrs
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from nlu.complaint.features import Features
from nlu.contracts import Vectors

SEED = 7
WORDS = (0.25, 0.5, 1.0, 2.0)
RIDGES = (0.2, 0.5)
"""What `choose` chooses from: the n-grams' share, and how little a single row is trusted."""
TUNED_ON = 2_000
"""Rows `choose` looks at; the choice hardly moves beyond, its cost grows with the cube."""
BIAS_RIDGE = 0.02
Scores = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Question:
    """Labels of the rows; None where a row has no say. `doubt` multiplies a row's ridge: 1 for a hand-given label."""

    labels: Sequence[str | None]
    doubt: Sequence[float] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What `choose` found best."""

    words: float
    ridge: float


@dataclass(frozen=True, slots=True)
class Head:
    """A calibrated classifier; `classes` in the order of the columns of all its tables."""

    classes: tuple[str, ...]
    rows: Vectors
    """(training rows, classes): weight of the nearness to each."""
    grams: Vectors
    plain: Vectors
    sharpness: float
    bias: Vectors

    def probabilities(self, scores: Vectors) -> Vectors:
        """One row a text, summing to 1."""
        return softmax(scores * self.sharpness + self.bias)


def softmax(scores: Scores) -> Vectors:
    """Rows of probabilities."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    made: Vectors = np.asarray(shifted / shifted.sum(axis=1, keepdims=True), np.float32)
    return made


def one_thread() -> AbstractContextManager[object]:
    """Linear algebra on one thread: on a shared box a second one only makes both wait."""
    made: AbstractContextManager[object] = threadpool_limits(1)
    return made


def choose(features: Features, question: Question) -> Choice:
    """The shares with which `question` is answered best about rows left out, by calibrated log loss."""
    rows = np.flatnonzero([label is not None for label in question.labels])
    rows = np.sort(np.random.default_rng(SEED).permutation(rows)[:TUNED_ON])
    targets, columns, _ = _targets(question, rows)
    if targets.shape[1] < 2:  # noqa: PLR2004 - nothing to tell apart
        return Choice(WORDS[1], RIDGES[1])
    doubt = _doubt(question, rows)
    some = features.of(rows)
    tried: list[tuple[float, Choice]] = []
    for words in WORDS:
        likeness = some.likeness(words)
        for ridge in RIDGES:
            unseen, _ = _ridge(likeness, targets - targets.mean(axis=0), ridge * doubt)
            _, _, loss = _calibrated(unseen, columns)
            tried.append((loss, Choice(words, ridge)))
    return min(tried, key=lambda found: found[0])[1]


def fit_heads(
    features: Features, questions: Mapping[str, Question], choice: Choice
) -> tuple[dict[str, Head], dict[str, Vectors]]:
    """A head a question, and its probabilities of every row it was fitted on, each as if that row were not there.

    Rows without a label of the question have zeros there.
    """
    heads: dict[str, Head] = {}
    unseen: dict[str, Vectors] = {}
    for names in _alike(questions):
        asked = {name: questions[name] for name in names}
        first = asked[names[0]]
        rows = np.flatnonzero([label is not None for label in first.labels])
        some = features.of(rows)
        told = {name: _targets(question, rows) for name, question in asked.items()}
        joined = np.hstack([targets - targets.mean(axis=0) for targets, _, _ in told.values()])
        left_out, weights = _ridge(some.likeness(choice.words), joined, choice.ridge * _doubt(first, rows))
        at = 0
        for name, (_, columns, classes) in told.items():
            part = slice(at, at + len(classes))
            at += len(classes)
            sharpness, bias, _ = _calibrated(left_out[:, part], columns)
            dual = np.zeros((len(features.dense), len(classes)), np.float32)
            dual[rows] = weights[:, part]
            heads[name] = Head(
                classes=classes,
                rows=dual,
                grams=np.asarray(choice.words * (some.sparse.T @ weights[:, part]), np.float32),
                plain=np.asarray(some.plain.T @ weights[:, part], np.float32),
                sharpness=sharpness,
                bias=bias,
            )
            unseen[name] = np.zeros((len(features.dense), len(classes)), np.float32)
            unseen[name][rows] = heads[name].probabilities(left_out[:, part])
    return heads, unseen


def _alike(questions: Mapping[str, Question]) -> list[list[str]]:
    """The questions' names, those with labels for the same rows together."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for name, question in questions.items():
        key = (tuple(label is not None for label in question.labels), tuple(question.doubt or ()))
        groups.setdefault(key, []).append(name)
    return list(groups.values())


def _targets(question: Question, rows: np.ndarray) -> tuple[Vectors, np.ndarray, tuple[str, ...]]:
    labels = [str(question.labels[row]) for row in rows]
    classes = tuple(sorted(set(labels)))
    columns = np.array([classes.index(label) for label in labels])
    return np.eye(len(classes), dtype=np.float32)[columns], columns, classes


def _doubt(question: Question, rows: np.ndarray) -> Vectors:
    doubt = np.ones(len(question.labels)) if question.doubt is None else np.asarray(question.doubt)
    made: Vectors = doubt[rows].astype(np.float32)
    return made


def _ridge(likeness: Vectors, targets: Vectors, ridge: Vectors) -> tuple[Vectors, Vectors]:
    """(scores of every row without itself, weights of the rows)."""
    matrix = np.asfortranarray(likeness + np.diag(ridge), np.float32)
    factor, fault = spotrf(matrix, lower=True, overwrite_a=True)
    if fault:
        raise ValueError(f"the rows' likeness is not positive definite (LAPACK potrf: {fault})")
    weights = spotrs(factor, np.asfortranarray(targets, np.float32), lower=True)[0]
    inverse = spotri(factor, lower=True, overwrite_c=True)[0]
    unseen: Vectors = targets - weights / np.diag(inverse)[:, None]
    return unseen, np.ascontiguousarray(weights)


def _calibrated(scores: Vectors, columns: np.ndarray) -> tuple[float, Vectors, float]:
    """(sharpness, bias of each class, log loss) that make the scores honest probabilities."""
    classes = scores.shape[1]
    truth = np.eye(classes)[columns]

    def loss(parameters: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        sharpness, bias = np.exp(parameters[0]), parameters[1:]
        p = softmax(scores * sharpness + bias).astype(np.float64)
        wrong = (p - truth) / len(columns)
        slope = np.concatenate([[float((wrong * scores).sum() * sharpness)], wrong.sum(axis=0) + 2 * BIAS_RIDGE * bias])
        lost = -np.log(np.clip(p[truth > 0], 1e-9, 1)).mean() + BIAS_RIDGE * float((bias**2).sum())
        return float(lost), slope

    found = minimize(loss, np.concatenate([[1.5], np.zeros(classes)]), jac=True, method="L-BFGS-B")
    return float(np.exp(found.x[0])), np.asarray(found.x[1:], np.float32), float(found.fun)
