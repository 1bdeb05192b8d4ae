"""bot: how near in meaning complaints are, by the encoder of the editors' search; fits `cases.merging.Meaning`.

Whoever opens one case after the other compares them with the same newest ones: vectors of texts are kept for a while.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from kit.refusals import Refusal
from nlu.contracts import TextRole, Vectors
from nlu.ports import Encoder
from nlu.service import clean, fold

KEPT = 2000
"""Vectors in memory, of 1.5 kB each; those used longest ago leave."""


class Nearness:
    """Cosines of texts."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._kept: OrderedDict[str, Vectors] = OrderedDict()

    async def nearness(self, text: str, others: Sequence[str]) -> Sequence[float]:
        own, *texts = [fold(clean(each)) or " " for each in (text, *others)]
        vectors = {each: self._kept[each] for each in (own, *texts) if each in self._kept}
        new = [each for each in dict.fromkeys((own, *texts)) if each not in vectors]
        try:
            made = await asyncio.to_thread(self._encoder.encode, new, TextRole.QUERY) if new else ()
        except Refusal:  # the process has just started and the model is on its way
            return ()
        vectors |= dict(zip(new, made, strict=True))
        self._keep(vectors)
        return tuple(float(vectors[each] @ vectors[own]) for each in texts)

    def _keep(self, vectors: dict[str, Vectors]) -> None:
        for text, vector in vectors.items():
            self._kept[text] = vector
            self._kept.move_to_end(text)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
