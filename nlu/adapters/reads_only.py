"""nlu: its first step alone, for trials and commands: no intents, no complaints, no Rasa."""

from __future__ import annotations

import asyncio

from kit.contracts import Language
from nlu.contracts import Reading, TextRole
from nlu.ports import Encoder
from nlu.service import clean, detect_language, fold


class ReadsOnly:
    """Fits `knowledge_base.ports.Reader`."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    async def read(self, text: str, *, previous: Language) -> Reading:
        """Clean, detect the language, encode."""
        kept = clean(text)
        folded = fold(kept)
        vectors = await asyncio.to_thread(self._encoder.encode, [folded or " "], TextRole.QUERY)
        return Reading(
            text=kept,
            normalised=folded,
            language=detect_language(kept, previous),
            vector=vectors[0],
            encoder=self._encoder.fingerprint,
        )
