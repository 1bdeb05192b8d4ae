"""knowledge_base: what it needs from outside, as Protocols."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from nlu.contracts import TextRole


class Encoder(Protocol):
    """The sentence encoder; `nlu` has the real one."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str], role: TextRole) -> npt.NDArray[np.float32]:
        """Shape (len(texts), dimensions), float32, rows of length 1. Blocking."""
        ...
