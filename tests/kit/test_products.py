"""Inner products by FAISS are what numpy says they are."""

from __future__ import annotations

import numpy as np
import pytest

from kit.products import inner_products


@pytest.mark.parametrize(("count", "dimensions"), [(0, 384), (1, 384), (7, 5), (1_000, 384)])
def test_they_are_what_numpy_says(count: int, dimensions: int) -> None:
    chance = np.random.default_rng(count)
    rows = chance.standard_normal((count, dimensions), np.float32)
    vector = chance.standard_normal(dimensions, np.float32)
    assert inner_products(rows, vector) == pytest.approx(rows @ vector, abs=1e-4)


def test_other_layouts_and_widths_are_taken() -> None:
    chance = np.random.default_rng(0)
    rows = np.asfortranarray(chance.standard_normal((50, 16)))
    vector = chance.standard_normal(32).astype(np.float32)[::2]
    assert inner_products(rows, vector) == pytest.approx(rows @ vector, abs=1e-4)


def test_a_vector_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="4 numbers"):
        inner_products(np.ones((3, 4), np.float32), np.ones(5, np.float32))
