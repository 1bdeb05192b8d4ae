"""nlu: what it needs from outside, as Protocols."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from nlu.contracts import ComplaintReading, Entity, Reading, Scored, TextRole, Vectors


class Encoder(Protocol):
    """A sentence encoder. The real one and the hash stand-in pass tests/contracts/test_encoder.py."""

    @property
    def fingerprint(self) -> str:
        """Names model, weights and settings; stored with every vector set."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        ...

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        """Vectors of `texts`, shape (len(texts), dimensions), float32, each of length 1. Blocking; thread-safe."""
        ...


class IntentsUnavailable(Exception):
    """The intent service is down, slow, resting after failures, or talks nonsense."""


class IntentService(Protocol):
    """Whoever turns a reading into intent and entities: the Rasa client, or the stand-in."""

    async def parse(self, reading: Reading) -> tuple[tuple[Scored, ...], tuple[Entity, ...], str]:
        """(intent ranking, entities, model name). Raises `IntentsUnavailable` when it cannot in time."""
        ...


class ComplaintReader(Protocol):
    """Whoever says whether a reading is a complaint, and which."""

    def read(self, reading: Reading) -> ComplaintReading:
        """What the complaint classifier reads in one text. Blocking, about a millisecond."""
        ...
