"""nlu: what it needs from outside, as Protocols."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from kit.contracts import Tx
from nlu.contracts import (
    ComplaintReading,
    Correction,
    Entity,
    ExampleState,
    Learned,
    Reading,
    Scored,
    TextRole,
    Vectors,
)


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


class CorrectionStore(Protocol):
    """Corrections in SQL; one a text."""

    async def save(self, tx: Tx, correction: Correction) -> None:
        """Store it, in the place of the one with the same id or the same words."""
        ...

    async def find(self, correction_id: str) -> Correction | None: ...

    async def listed(self, state: ExampleState, *, limit: int) -> tuple[Correction, ...]:
        """The newest of one state."""
        ...

    async def counts(self) -> dict[ExampleState, int]: ...

    async def state_of(self, state: ExampleState) -> str:
        """Changes whenever other corrections are in that state than before; empty while none is."""
        ...


class Learning(Protocol):
    """What the complaint classifier has learned from corrections."""

    async def last(self) -> Learned | None:
        """What came of it last; None where nothing was ever learned."""
        ...


class Corrector(Protocol):
    """Who makes this request, and may they? `bot.app` answers with the house's gate."""

    async def proposer(self, request: Any) -> str:
        """The account's id of anybody who works with customers or articles. Raises a refusal."""
        ...

    async def reviewer(self, request: Any) -> str:
        """The account's id of somebody who decides what is learned. Raises a refusal."""
        ...
