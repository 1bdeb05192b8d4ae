"""knowledge_base: the inverse Cholesky factor of a large matrix, in pieces between which other threads run. Pure.

SciPy's LAPACK keeps the interpreter to itself for a whole call: at 10,500 rows every customer of the process waited for
four to eight seconds. Here it factors small squares only, and the rest are products, during which NumPy lets go.
"""

from __future__ import annotations

import numpy as np

from knowledge_base.corpus import Floats

SQUARE = 256
"""Rows of a piece; one is factored in a millisecond. 128 to 1,024 take about as long in all."""


def inverse_factor(matrix: Floats) -> Floats | None:
    """Turn `matrix` (symmetric, shape (n, n)) in place into the lower triangular X with X @ matrix @ X.T = 1.

    Returns it; None where the matrix is not positive definite, and then its contents are of no use.
    Block algorithms of Golub and Van Loan, Matrix Computations, 4.2.9 (left-looking) and 3.1.3.
    """
    from scipy.linalg.lapack import spotrf, strtri  # noqa: PLC0415 - a second to import, and only who builds needs it

    starts = range(0, len(matrix), SQUARE)
    inverses: list[Floats] = []
    # BLAS may raise float flags over lanes it throws away.
    with np.errstate(all="ignore"):
        for first in starts:
            here = slice(first, first + SQUARE)
            below = slice(first + SQUARE, None)
            matrix[first:, here] -= matrix[first:, :first] @ matrix[here, :first].T
            lower, fault = spotrf(matrix[here, here], lower=1, clean=1)
            if fault:
                return None
            inverse, fault = strtri(lower, lower=1)
            if fault:
                return None
            inverses.append(inverse)
            matrix[below, here] = matrix[below, here] @ inverse.T
            matrix[here, below] = 0
        for first, inverse in zip(starts, inverses, strict=True):
            here = slice(first, first + SQUARE)
            matrix[here, :first] = -inverse @ (matrix[here, :first] @ matrix[:first, :first])
            matrix[here, here] = inverse
    return matrix
