"""nlu: intents without Rasa. Kernel regression on the sentence vector, starter examples word for word, patterns.

Weaker than the Rasa service, always there: it answers when Rasa is down, slow or talks nonsense. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve

from nlu.contracts import UNKNOWN, Entity, Reading, Scored, Vector, Vectors
from nlu.entities import find_entities
from nlu.normalise import fold
from nlu.starter_content import OUTLIER, Labelled

RANKING = 5
REFUSED = 0.03
"""Share of the examples, each judged without itself, that the cut may call unknown."""
RIDGE = 0.1
SHARPNESS = 7.0
"""Turns scores into probabilities; the Rasa side fits its own and lands near this on the same examples."""
WORD_FOR_WORD = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fitted:
    names: tuple[str, ...]
    rows: Vectors
    weights: Vectors
    mean: Vector
    cut: float


class StandIn:
    """Fits `nlu.ports.IntentService`; never unavailable."""

    def __init__(self, examples: Sequence[Labelled], vectors: Vectors) -> None:
        """`vectors` are the examples', row for row, from the encoder that makes the readings."""
        self._exact = {fold(e.text): e.label for e in examples if e.label != OUTLIER}
        self._fitted = _fit([e.label for e in examples], vectors)
        self.name = f"stand-in-{len(examples)}"
        # Its patterns take long to compile; the first customer after Rasa's fall would wait for it.
        find_entities("")

    async def parse(self, reading: Reading) -> tuple[tuple[Scored, ...], tuple[Entity, ...], str]:
        return self.rank(reading), find_entities(reading.text), self.name

    def rank(self, reading: Reading) -> tuple[Scored, ...]:
        """The likeliest intents, `unknown` before them when the message is like none."""
        fitted = self._fitted
        scores = _kernel(fitted.rows @ _unit(reading.vector - fitted.mean)) @ fitted.weights
        shifted = np.exp(SHARPNESS * (scores - scores.max()))
        probabilities = shifted / shifted.sum()
        best = np.argsort(-probabilities)[: RANKING + 1]
        every = [Scored(name=fitted.names[i], confidence=float(probabilities[i])) for i in best]
        ranking = [s for s in every if s.name != OUTLIER][:RANKING]
        known = self._exact.get(reading.normalised)
        if known is not None:
            return Scored(name=known, confidence=WORD_FOR_WORD), *(s for s in ranking if s.name != known)
        if scores.max() < fitted.cut or every[0].name == OUTLIER:
            foreign = every[0].confidence if every[0].name == OUTLIER else 0.0
            return Scored(name=UNKNOWN, confidence=max(0.5, foreign)), *ranking
        return tuple(ranking)


def _fit(labels: Sequence[str], vectors: Vectors) -> _Fitted:
    names = tuple(sorted(set(labels)))
    owner = np.array([names.index(label) for label in labels])
    mean = vectors.mean(axis=0)
    rows = _unit(vectors - mean)
    targets = (owner[:, None] == np.arange(len(names))[None, :]).astype(np.float64)
    matrix = _kernel((rows @ rows.T).astype(np.float64)) + RIDGE * np.eye(len(rows))
    factor = cho_factor(matrix)
    weights = cho_solve(factor, targets)
    # What each example would score without itself (closed form of leave-one-out in ridge regression).
    unseen = targets - weights / np.diag(cho_solve(factor, np.eye(len(rows))))[:, None]
    inside = np.array([label != OUTLIER for label in labels])
    cut = float(np.quantile(unseen[inside].max(axis=1), REFUSED))
    return _Fitted(names=names, rows=rows, weights=weights.astype(np.float32), mean=mean, cut=cut)


def _kernel(cosines: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    made: npt.NDArray[np.floating] = np.exp(2 * (cosines - 1))
    return made


def _unit(rows: Vectors) -> Vectors:
    made: Vectors = (rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)).astype(np.float32)
    return made
