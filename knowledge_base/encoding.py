"""knowledge_base: wordings to vectors, each text once on a machine. Knows the encoder and the cache by their ports."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge_base.ports import Encoder, VectorCache
from knowledge_base.wordings import PlainWording, Role, Wording
from nlu.contracts import TextRole, Vector

BATCH = 32
"""Texts encoded together; sorted by length, so that short ones do not wait for long ones."""
_ROLES = {Role.QUESTION: TextRole.QUERY, Role.ANSWER: TextRole.PASSAGE}


class WordingEncoder:
    """Encodes in batches and remembers what was encoded on this machine. Blocking; call it in a thread."""

    def __init__(self, encoder: Encoder, cache: VectorCache | None = None) -> None:
        self._encoder, self._cache = encoder, cache

    @property
    def fingerprint(self) -> str:
        """Of the encoder; vectors of different fingerprints do not mix."""
        return self._encoder.fingerprint

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._encoder.dimensions

    def encode(self, wordings: Sequence[PlainWording]) -> tuple[Wording, ...]:
        """The wordings with their vectors, in their order."""
        keys = [(_ROLES[wording.role], wording.text) for wording in wordings]
        vectors = self._vectors(keys)
        return tuple(
            Wording(language=wording.language, role=wording.role, text=wording.text, vector=vectors[key])
            for wording, key in zip(wordings, keys, strict=True)
        )

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        """Vectors of customers' questions, in their order."""
        keys = [(TextRole.QUERY, text) for text in texts]
        vectors = self._vectors(keys)
        return [vectors[key] for key in keys]

    def fresh(self, texts: Sequence[str]) -> list[Vector]:
        """Vectors of texts that a customer waits for: nothing is looked up or kept on disk."""
        return list(np.asarray(self._encoder.encode(list(texts), TextRole.QUERY), np.float32))

    def _vectors(self, keys: Sequence[tuple[TextRole, str]]) -> dict[tuple[TextRole, str], Vector]:
        wanted = list(dict.fromkeys(keys))
        found = self._cache.get(self.fingerprint, wanted) if self._cache else {}
        made: dict[tuple[TextRole, str], Vector] = {}
        for role in TextRole:
            lacking = sorted((key for key in wanted if key[0] is role and key not in found), key=lambda k: len(k[1]))
            for start in range(0, len(lacking), BATCH):
                part = lacking[start : start + BATCH]
                vectors = self._encoder.encode([text for _, text in part], role)
                made |= dict(zip(part, np.asarray(vectors, np.float32), strict=True))
        if made and self._cache:
            self._cache.put(self.fingerprint, made)
        return found | made
