"""nlu.encoder: the stand-in encoder. Hashes character n-grams; no model, the same vectors everywhere.

It passes tests/contracts/test_encoder.py; similar spelling gives similar vectors, meaning is beyond it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from nlu.contracts import TextRole, Vectors

DIMENSIONS = 256


class HashingEncoder:
    """Fits `nlu.ports.Encoder`; for tests that are not about meaning."""

    fingerprint = f"hashing-{DIMENSIONS}-1"
    dimensions = DIMENSIONS

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        made = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in zip(made, texts, strict=True):
            clean = f" {text.strip().lower()} ".encode("utf-8", "replace").decode()
            for size in (1, 2, 3):
                for start in range(len(clean) - size + 1):
                    digest = hashlib.blake2b(clean[start : start + size].encode(), digest_size=4).digest()
                    number = int.from_bytes(digest, "little")
                    row[number % DIMENSIONS] += 1.0 if number >> 31 else -1.0
        norms = np.linalg.norm(made, axis=1, keepdims=True)
        made /= np.where(norms == 0, 1, norms)
        made[norms[:, 0] == 0, 0] = 1.0
        return made
