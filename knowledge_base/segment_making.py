"""knowledge_base: makes the segments of a base: the big one whole, the small one beside it, the next big one. Pure.

Blocking; every method belongs in a thread. A text is folded and cut into words once, when its article comes in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from knowledge_base.compaction import Addition, compact, gather
from knowledge_base.corpus import ArticleRef, Corpus
from knowledge_base.segment import NeighboursBuilder, Segment, WordingFacts, build_segment, read_wordings
from knowledge_base.space import Space, fit_space
from knowledge_base.wordings import Wording

Brought = tuple[ArticleRef, tuple[Wording, ...]]
"""An article version with its wordings, as the store gives it."""


class Sized(Protocol):
    """Knows how long its vectors are."""

    @property
    def dimensions(self) -> int: ...


class SegmentMaker:
    """Knows how texts are folded and which index is built."""

    def __init__(self, *, normalise: Callable[[str], str], builder: NeighboursBuilder, encoder: Sized) -> None:
        """`encoder` may still be loading: it is asked when the first segment is made."""
        self._normalise, self._builder, self._encoder = normalise, builder, encoder

    def addition(self, ref: ArticleRef, wordings: Sequence[Wording]) -> Addition:
        """An article made ready for a segment; about 0.1 ms a wording."""
        facts = read_wordings([wording.text for wording in wordings], self._normalise)
        return Addition(ref=ref, wordings=tuple(wordings), facts=facts)

    def whole(self, rows: Sequence[Brought]) -> tuple[Segment, Space]:
        """A big segment of these articles alone."""
        additions = [self.addition(ref, wordings) for ref, wordings in rows]
        return self._big(*gather(additions, dimensions=self._encoder.dimensions))

    def small(self, changed: Iterable[Addition], big: Segment, space: Space) -> Segment:
        """The small segment beside `big`."""
        corpus, facts = gather(tuple(changed), dimensions=self._encoder.dimensions)
        return build_segment(corpus, space=space, facts=facts, builder=self._builder, like=big)

    def renewed(
        self, big: Segment, gone: frozenset[int], changed: Sequence[Addition], brought: Sequence[Brought]
    ) -> tuple[Segment, Space]:
        """The next big segment: `big` without `gone`, with what stood beside it and what waited to be brought in."""
        additions = [*changed, *(self.addition(ref, wordings) for ref, wordings in brought)]
        return self._big(*compact(big, gone, additions))

    def _big(self, corpus: Corpus, facts: WordingFacts) -> tuple[Segment, Space]:
        space = fit_space(corpus)
        return build_segment(corpus, space=space, facts=facts, builder=self._builder), space
