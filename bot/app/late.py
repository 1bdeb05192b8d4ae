"""bot.app: an encoder that loads while the process is already at work.

The web process needs it for the editors only; customers who were cut off must not wait seconds for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from kit.refusals import Refusal
from nlu.contracts import TextRole, Vectors
from nlu.ports import Encoder


class StillLoading(Refusal):
    """The process has just started; a few seconds later the same request works."""

    code, status = "still_loading", 503


class LateEncoder:
    """Fits the Encoder ports. Until `load` is done everything that needs the model is refused."""

    def __init__(self, make: Callable[[], Encoder]) -> None:
        self._make = make
        self._encoder: Encoder | None = None

    async def load(self) -> None:
        """Load the model, in a thread."""
        self._encoder = await asyncio.to_thread(self._make)

    @property
    def fingerprint(self) -> str:
        """Of the model. Raises StillLoading."""
        return self._known().fingerprint

    @property
    def dimensions(self) -> int:
        """Length of each vector. Raises StillLoading."""
        return self._known().dimensions

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        """As the model does. Raises StillLoading."""
        return self._known().encode(texts, role)

    def _known(self) -> Encoder:
        if self._encoder is None:
            raise StillLoading
        return self._encoder
