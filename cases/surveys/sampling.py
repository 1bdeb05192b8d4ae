"""cases: who is drawn for a survey. Pure: the same seed and key always draw the same."""

from __future__ import annotations

import hashlib


def drawn(seed: int, name: str, key: str, share: float) -> bool:
    """Whether `key` belongs to the random `share` (0 to 1) of the survey called `name`."""
    digest = hashlib.sha256(f"{seed}:{name}:{key}".encode()).digest()
    return int.from_bytes(digest[:8]) < share * 2**64
