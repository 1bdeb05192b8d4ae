"""bot: how near in meaning complaints are, by the encoder of the editors' search; fits `cases.merging.Meaning`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from kit.refusals import Refusal
from nlu.contracts import TextRole
from nlu.ports import Encoder
from nlu.service import clean, fold


class Nearness:
    """Cosines of texts."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    async def nearness(self, text: str, others: Sequence[str]) -> Sequence[float]:
        texts = [fold(clean(each)) or " " for each in (text, *others)]
        try:
            vectors = await asyncio.to_thread(self._encoder.encode, texts, TextRole.QUERY)
        except Refusal:  # the process has just started and the model is on its way
            return ()
        return tuple(float(value) for value in vectors[1:] @ vectors[0])
