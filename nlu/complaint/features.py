"""nlu.complaint: a text as the heads see it (vector, n-grams, counts), and how alike two texts are. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from nlu.complaint.topics import topic_counts
from nlu.complaint.words import counts
from nlu.contracts import Vector, Vectors

COUNT_SCALE = 0.5
TOPIC_SCALE = 0.3
"""Of the plain features beside a vector of length 1 (cross-validated on the training rows; flat between .2 and .6)."""


TOPIC_STEP = TOPIC_SCALE * math.log(2)
"""What the first word of a topic adds to its feature."""


@dataclass(frozen=True, slots=True)
class Features:
    """Rows of texts. `dense` is centred and of length 1, `sparse` holds the n-grams, `plain` counts and topics."""

    dense: Vectors
    sparse: csr_matrix
    plain: Vectors

    def of(self, rows: np.ndarray) -> Features:
        """Some of the rows."""
        return Features(self.dense[rows], self.sparse[rows], self.plain[rows])

    def likeness(self, words: float) -> Vectors:
        """(rows, rows): how alike every two texts are, with the n-grams weighed by `words`."""
        sparse = (self.sparse @ self.sparse.T).toarray()
        made: Vectors = nearness(self.dense @ self.dense.T) + words * sparse + self.plain @ self.plain.T
        return made.astype(np.float32)


def nearness(cosines: Vectors) -> Vectors:
    """Gaussian kernel of unit vectors, from their cosines; 1 for the same text."""
    made: Vectors = np.exp(2 * (cosines - 1))
    return made


def dense_of(vectors: Vectors, mean: Vector) -> Vectors:
    """Centred vectors of length 1."""
    moved = vectors - mean
    made: Vectors = (moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return made


def plain_of(texts: Sequence[str], folded: Sequence[str]) -> Vectors:
    """Loudness and size of the texts as typed, and the words of each topic."""
    loud = np.array([counts(text) for text in texts], np.float32) * COUNT_SCALE
    made: Vectors = np.hstack([loud, topic_counts(folded) * TOPIC_SCALE]).astype(np.float32)
    return made
