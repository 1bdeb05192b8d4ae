"""nlu: intents without Rasa. Nearest intent centre on the sentence vector, starter examples word for word, patterns.

Weaker than the Rasa service, always there: it answers when Rasa is down, slow or talks nonsense. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.contracts import Entity, Reading, Scored, Vector, Vectors
from nlu.entities import find_entities
from nlu.normalise import fold
from nlu.starter_content import OUTLIER, Labelled

UNKNOWN = "unknown"
RANKING = 5
REFUSED = 0.03
"""Share of the examples, each judged without itself, that the cut may call unknown."""
SHARPNESS = 14.0
"""Turns cosines of centred vectors into probabilities; fitted by log loss on the starter examples (.9 of them ±4)."""
WORD_FOR_WORD = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class _Centres:
    names: tuple[str, ...]
    rows: Vectors
    mean: Vector
    cut: float


class StandIn:
    """Fits `nlu.ports.IntentService`; never unavailable."""

    def __init__(self, examples: Sequence[Labelled], vectors: Vectors) -> None:
        """`vectors` are the examples', row for row, from the encoder that makes the readings."""
        self._exact = {fold(e.text): e.label for e in examples if e.label != OUTLIER}
        self._centres = _fit([e.label for e in examples], vectors)
        self.name = f"stand-in-{len(examples)}"

    async def parse(self, reading: Reading) -> tuple[tuple[Scored, ...], tuple[Entity, ...], str]:
        return self.rank(reading), find_entities(reading.text), self.name

    def rank(self, reading: Reading) -> tuple[Scored, ...]:
        """The likeliest intents, `unknown` before them when the message is like none."""
        centres = self._centres
        likeness = centres.rows @ _unit(reading.vector - centres.mean)
        shifted = np.exp(SHARPNESS * (likeness - likeness.max()))
        probabilities = shifted / shifted.sum()
        best = np.argsort(-probabilities)[:RANKING]
        ranking = [Scored(name=centres.names[i], confidence=float(probabilities[i])) for i in best]
        known = self._exact.get(reading.normalised)
        if known is not None:
            return Scored(name=known, confidence=WORD_FOR_WORD), *(s for s in ranking if s.name != known)
        if likeness.max() < centres.cut or ranking[0].name == OUTLIER:
            return Scored(name=UNKNOWN, confidence=0.5), *(s for s in ranking if s.name != OUTLIER)
        return tuple(s for s in ranking if s.name != OUTLIER)


def _fit(labels: Sequence[str], vectors: Vectors) -> _Centres:
    names = tuple(sorted(set(labels)))
    owner = np.array([names.index(label) for label in labels])
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    sums = np.stack([centred[owner == i].sum(axis=0) for i in range(len(names))])
    # Each example against its intent's centre without itself.
    own = _rows(sums[owner] - centred)
    likeness = (own * _rows(centred)).sum(axis=1)
    inside = np.array([label != OUTLIER for label in labels])
    cut = float(np.quantile(likeness[inside], REFUSED))
    return _Centres(names=names, rows=_rows(sums).astype(np.float32), mean=mean, cut=cut)


def _rows(rows: Vectors) -> Vectors:
    made: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return made


def _unit(row: Vector) -> Vector:
    made: Vector = row / max(float(np.linalg.norm(row)), 1e-9)
    return made
