"""tests: the inverse factor of a large matrix, made in pieces."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg.lapack

from knowledge_base.corpus import Floats
from knowledge_base.factors import SQUARE, inverse_factor


def positive(size: int) -> Floats:
    """A matrix like those of the head: similarities of random directions, and something on the diagonal."""
    points = np.random.default_rng(size).standard_normal((size, 24)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(np.exp(2 * (points @ points.T - 1)) + 0.5 * np.eye(size), np.float32)


@pytest.mark.parametrize("size", [1, 2, SQUARE - 1, SQUARE, SQUARE + 1, 2 * SQUARE, 3 * SQUARE - 7])
def test_it_is_the_inverse_factor(size: int) -> None:
    matrix = positive(size)
    found = inverse_factor(matrix.copy())
    assert found is not None
    assert np.array_equal(found, np.tril(found))
    assert np.abs(found @ matrix @ found.T - np.eye(size)).max() < 1e-3
    assert np.abs(found.T @ found - np.linalg.inv(matrix.astype(np.float64))).max() < 1e-4


@pytest.mark.parametrize("at", [0, SQUARE - 1, SQUARE, 2 * SQUARE])
def test_a_matrix_that_is_not_positive_has_none(at: int) -> None:
    matrix = positive(2 * SQUARE + 5)
    matrix[at, at] = -1
    assert inverse_factor(matrix) is None


def test_no_call_that_keeps_the_interpreter_gets_more_than_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    for name in ("spotrf", "strtri"):
        real = getattr(scipy.linalg.lapack, name)

        def spy(matrix: Any, *args: Any, real: Any = real, **named: Any) -> Any:
            asked.append(len(matrix))
            return real(matrix, *args, **named)

        monkeypatch.setattr(scipy.linalg.lapack, name, spy)
    assert inverse_factor(positive(3 * SQUARE + 9)) is not None
    assert asked
    assert max(asked) == SQUARE
