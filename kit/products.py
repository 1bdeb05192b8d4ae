"""kit: inner products of many rows with one vector, at the speed memory can be read.

numpy's BLAS takes four times as long for one vector (10,000 rows of 384: 1.5 ms against .35 ms on the machine of
docs/decisions/0035), and every question needs several of them. FAISS is imported inside: it loads OpenMP.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def inner_products(rows: Floats, vector: Floats) -> Floats:
    """`rows @ vector`. `rows` has shape (count, dimensions), `vector` (dimensions,); the result has shape (count,)."""
    rows, vector = _plain(rows), _plain(vector)
    count, dimensions = rows.shape
    if vector.shape != (dimensions,):
        raise ValueError(f"a vector of {dimensions} numbers is wanted, not of shape {vector.shape}")
    made = np.empty(count, np.float32)
    if count:
        products, pointer = _faiss()
        products(pointer(made), pointer(vector), pointer(rows), dimensions, count)
    return made


def _plain(values: Floats) -> Floats:
    """As FAISS wants them: 32 bits, row after row. Costs nothing where they are so already."""
    return np.ascontiguousarray(values, np.float32)


@functools.cache
def _faiss() -> tuple[Callable[..., None], Callable[..., Any]]:
    import faiss  # noqa: PLC0415

    return faiss.fvec_inner_products_ny, faiss.swig_ptr
