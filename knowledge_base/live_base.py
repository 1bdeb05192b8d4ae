"""knowledge_base: the base in memory, never older than the last commit. Knows the store through its port only.

Before every search one short SQL read asks for the base's version. What was published since the index was built is a
small index beside the big one, so that a change is found at once at any size; the big one is rebuilt, and the
confidence fitted again, in the background while the present one answers. Only what is published in bulk (an import)
waits for that rebuild: adding it at once would keep every customer waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import structlog

from kit.contracts import Clock, Language, Transactions
from knowledge_base.calibration import STARTING, Calibration, Wanted
from knowledge_base.compaction import Addition
from knowledge_base.corpus import ArticleRef
from knowledge_base.encoding import WordingEncoder
from knowledge_base.fitting import Question
from knowledge_base.ports import BaseStore, GoldenStore, Normalise, Snapshots
from knowledge_base.refitting import Folded, refitted
from knowledge_base.searching import Base
from knowledge_base.segment import NeighboursBuilder, Segment, Snapshot
from knowledge_base.segment_making import SegmentMaker
from knowledge_base.settings import KnowledgeBaseSettings
from knowledge_base.space import Space
from knowledge_base.wordings import PublishedArticle, Wording, wordings_of

GROWTH = 0.01
"""Of the big index; so large a small one beside it costs little, and rebuilding a big index costs minutes."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownQuestion:
    """A question that this base cannot answer; helps to fit the confidence."""

    text: str
    language: Language


class LiveBase:
    """Holds the present `Base`, follows the store, rebuilds and refits in the background."""

    def __init__(
        self,
        *,
        store: BaseStore,
        transactions: Transactions,
        encoder: WordingEncoder,
        normalise: Normalise,
        builder: NeighboursBuilder,
        snapshots: Snapshots,
        golden: GoldenStore,
        settings: KnowledgeBaseSettings,
        clock: Clock,
        unknown: Sequence[UnknownQuestion] = (),
        fits: bool = True,
    ) -> None:
        self._store, self._transactions, self._encoder = store, transactions, encoder
        self._normalise, self._snapshots = normalise, snapshots
        self._making = SegmentMaker(normalise=normalise, builder=builder, encoder=encoder)
        self._settings, self._clock, self._fits = settings, clock, fits
        self._golden, self._unknown = golden, unknown
        self._base: Base | None = None
        self._numbers: dict[str, int] = {}
        """Article numbers of the big segment by id."""
        self._changed: dict[str, Addition] = {}
        """Articles of the small segment."""
        self._waiting: dict[str, int] = {}
        """Versions that were published in bulk and wait for the rebuild; their earlier versions answer meanwhile."""
        self._changes_since_fit = 0
        self._fit_tried = -1
        self._foreign: str | None = None
        """Version of a calibration that was fitted for another encoder and is not used."""
        self._for_agents: tuple[Base, Base] | None = None
        """The base that was built upon, and what came of it; made anew when the base is another."""
        self._lock = asyncio.Lock()
        self._background: asyncio.Task[None] | None = None
        self._wanted = Wanted(
            answer_precision=settings.answer_precision,
            clarify_precision=settings.clarify_precision,
            unknown_share=settings.unknown_share,
        )

    async def open(self) -> None:
        """Load the snapshot or build the index; call once before the first search. Seconds for a big base."""
        await self.current()

    async def close(self) -> None:
        """Stop background work; what is unfinished is done again at the next start."""
        if self._background is not None:
            self._background.cancel()
            await asyncio.gather(self._background, return_exceptions=True)

    async def current(self) -> Base:
        """The base as of the last commit."""
        state = await self._store.state()
        base = self._base
        if base is not None and base.version == state.version and self._uses(base, state.calibration):
            return base
        async with self._lock:
            return await self._follow()

    async def for_agents(self) -> Base:
        """The base as of the last commit with the articles for staff beside it; never for a customer."""
        base = await self.current()
        known = self._for_agents
        if known is None or known[0] is not base:
            staff = await self._wordings(await self._store.published_for_agents())
            small = await asyncio.to_thread(self.small_with, base, staff)
            self._for_agents = known = (base, replace(base, small=small))
        return known[1]

    async def settled(self) -> None:
        """Wait until background work is done; for commands and tests."""
        while self._background is not None and not self._background.done():
            await asyncio.wait([self._background])

    def small_with(self, base: Base, drafts: Sequence[tuple[ArticleRef, Sequence[Wording]]]) -> Segment:
        """A small segment as it would be with these article versions too."""
        changed = {**self._changed, **{ref.id: self._making.addition(ref, wordings) for ref, wordings in drafts}}
        return self._making.small(changed.values(), base.big, base.space)

    async def _follow(self) -> Base:
        state = await self._store.state()
        base = self._base or await self._load()
        if base.version != state.version:
            base = await self._apply(base)
        if state.calibration is not None and not self._uses(base, state.calibration):
            calibration = await self._store.calibration(state.calibration, encoder=base.encoder)
            if calibration is None:
                self._foreign = state.calibration
            else:
                base = replace(base, calibration=calibration)
        self._base = base
        self._start_background(base)
        return base

    async def _load(self) -> Base:
        """The base from the newest snapshot plus what the store has beyond it, or built from the store."""
        version, published = await self._store.published()
        snapshot = await asyncio.to_thread(self._snapshots.load, encoder=self._encoder.fingerprint)
        if snapshot is None:
            return await self._build(version, published, STARTING)
        refs = snapshot.segment.corpus.articles
        kept = set(published)
        fresh = kept - {(ref.id, ref.version) for ref in refs}
        gone = frozenset(n for n, ref in enumerate(refs) if (ref.id, ref.version) not in kept)
        self._numbers = {ref.id: number for number, ref in enumerate(refs)}
        base = Base(
            version=version,
            encoder=self._encoder.fingerprint,
            big=snapshot.segment,
            small=None,
            gone=gone,
            space=snapshot.space,
            calibration=STARTING,
        )
        return await self._take_in(base, sorted(fresh), retired=())

    async def _apply(self, base: Base) -> Base:
        version, changes = await self._store.changes(base.version)
        self._changes_since_fit += len(changes)
        if not len(base.big) and not self._waiting and len(changes) <= self._settings.index.bulk:
            now, published = await self._store.published()
            return await self._build(now, published, base.calibration)
        fresh = [(article_id, number) for article_id, number in changes if number is not None]
        retired = [article_id for article_id, number in changes if number is None]
        return await self._take_in(replace(base, version=version), fresh, retired=retired)

    async def _take_in(self, base: Base, fresh: Sequence[tuple[str, int]], *, retired: Sequence[str]) -> Base:
        """The base with these versions beside its big segment (or waiting, where they are many), without `retired`."""
        if len(fresh) > self._settings.index.bulk:
            self._waiting |= dict(fresh)
            fresh = ()
        touched = {article_id for article_id, _ in fresh} | set(retired)
        for article_id in touched:
            self._changed.pop(article_id, None)
            self._waiting.pop(article_id, None)
        gone = base.gone | {self._numbers[article_id] for article_id in touched if article_id in self._numbers}
        for ref, wordings in await self._wordings(fresh):
            self._changed[ref.id] = await asyncio.to_thread(self._making.addition, ref, wordings)
        base = replace(base, gone=frozenset(gone), small=None)
        if not self._changed:
            return base
        changed = tuple(self._changed.values())
        return replace(base, small=await asyncio.to_thread(self._making.small, changed, base.big, base.space))

    async def _build(self, version: int, published: Sequence[tuple[str, int]], calibration: Calibration) -> Base:
        """The base from nothing but the store."""
        rows = await self._wordings(published)
        segment, space = await asyncio.to_thread(self._making.whole, rows)
        await self._keep(segment, space)
        self._changed, self._waiting = {}, {}
        return self._whole(segment, space, version=version, calibration=calibration)

    def _whole(self, segment: Segment, space: Space, *, version: int, calibration: Calibration) -> Base:
        self._numbers = {ref.id: number for number, ref in enumerate(segment.corpus.articles)}
        return Base(
            version=version,
            encoder=self._encoder.fingerprint,
            big=segment,
            small=None,
            gone=frozenset(),
            space=space,
            calibration=calibration,
        )

    async def _keep(self, segment: Segment, space: Space) -> None:
        if len(segment):
            snapshot = Snapshot(segment=segment, space=space, encoder=self._encoder.fingerprint)
            await asyncio.to_thread(self._snapshots.save, snapshot)

    async def _wordings(self, wanted: Sequence[tuple[str, int]]) -> list[tuple[ArticleRef, tuple[Wording, ...]]]:
        """Stored vectors; articles published with another encoder are encoded now and stored."""
        if not wanted:
            return []
        found = await self._store.vectors(wanted, encoder=self._encoder.fingerprint)
        lacking = [pair for pair in wanted if pair[0] not in found]
        for article in await self._store.contents(lacking) if lacking else ():
            found[article.id] = await self._encode(article)
        return [
            (ArticleRef(id=article_id, version=version), found[article_id])
            for article_id, version in wanted
            if article_id in found
        ]

    async def _encode(self, article: PublishedArticle) -> tuple[Wording, ...]:
        made = await asyncio.to_thread(self._encoder.encode, wordings_of(article.content))
        await self._transactions.write(
            lambda tx: self._store.store_vectors(
                tx,
                article_id=article.id,
                version=article.version,
                encoder=self._encoder.fingerprint,
                wordings=made,
            )
        )
        return made

    def _start_background(self, base: Base) -> None:
        if self._background is not None and not self._background.done():
            return
        rebuild = bool(self._waiting) or self._rows_changed(base) >= max(
            self._settings.index.rebuild_after, GROWTH * len(base.big)
        )
        refit = (
            self._fits
            and len(base.big) > 0
            and (
                (self._is_uncalibrated(base) and self._fit_tried != base.version)
                or self._changes_since_fit >= self._settings.refit_after
            )
        )
        if rebuild or refit:
            self._background = asyncio.create_task(self._improve(rebuild=rebuild), name="knowledge-base")

    def _is_uncalibrated(self, base: Base) -> bool:
        """Whether nothing was fitted yet, or the operating points asked for in config.yml are others by now."""
        return base.calibration.questions == 0 or base.calibration.wanted != self._wanted

    async def _improve(self, *, rebuild: bool) -> None:
        try:
            if rebuild or self._changed:
                await self._rebuild()
                while self._waiting:  # an import that goes on while the index is rebuilt
                    await self._rebuild()
            if self._fits:
                await self._refit()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # the present base goes on answering
            log.exception("knowledge_base.improve_failed", kind=type(error).__name__)

    async def _rebuild(self) -> None:
        """Build a new big segment beside the present one, then take in what was published meanwhile."""
        async with self._lock:
            before, changed, waiting = self._base, tuple(self._changed.values()), dict(self._waiting)
        if before is None:
            return
        brought = await self._wordings(list(waiting.items()))
        newer = {ref.id for ref, _ in brought}
        gone = before.gone | {self._numbers[article_id] for article_id in newer if article_id in self._numbers}
        kept = [each for each in changed if each.ref.id not in newer]
        segment, space = await asyncio.to_thread(self._making.renewed, before.big, frozenset(gone), kept, brought)
        await self._keep(segment, space)
        async with self._lock:
            calibration = (self._base or before).calibration
            self._changed, self._waiting = {}, {}
            self._base = await self._apply(self._whole(segment, space, version=before.version, calibration=calibration))
        log.info("knowledge_base.rebuilt", version=before.version, wordings=len(segment))

    def _rows_changed(self, base: Base) -> int:
        starts = base.big.corpus.starts
        gone = np.fromiter(base.gone, np.int64)
        return (len(base.small) if base.small else 0) + int((starts[gone + 1] - starts[gone]).sum())

    async def _refit(self) -> None:
        base = self._base
        if base is None or not len(base.big):
            return
        self._changes_since_fit = 0
        self._fit_tried = base.version
        golden = await self._golden_questions(base)
        fitted = await asyncio.to_thread(self._fit, base, golden)
        if fitted is None and base.calibration.questions:
            log.warning("knowledge_base.fit_not_used", present=base.calibration.version, golden=len(golden))
        if fitted is None or fitted.version == base.calibration.version:
            return
        await self._transactions.write(
            lambda tx: self._store.use_calibration(
                tx,
                calibration=fitted,
                base_version=base.version,
                encoder=base.encoder,
                at=self._clock(),
            )
        )
        log.info(
            "knowledge_base.fitted", version=fitted.version, questions=fitted.questions, loss=round(fitted.loss, 4)
        )

    async def _golden_questions(self, base: Base) -> tuple[Question, ...]:
        published = {ref.id for ref in base.big.corpus.articles}
        golden = [
            each
            for each in await self._golden.all(article_id=None)
            if each.article_id is None or each.article_id in published
        ]
        return await asyncio.to_thread(
            self._questions, [(each.question, each.language, each.article_id) for each in golden]
        )

    def _questions(self, asked: Sequence[tuple[str, Language, str | None]]) -> tuple[Question, ...]:
        vectors = self._encoder.questions([text for text, _, _ in asked])
        return tuple(
            Question(vector=vector, folded=self._normalise(text), language=language, right=right)
            for (text, language, right), vector in zip(asked, vectors, strict=True)
        )

    def _fit(self, base: Base, golden: Sequence[Question]) -> Calibration | None:
        unknown = self._questions([(each.text, each.language, None) for each in self._unknown])
        folded = Folded(base.big.corpus.wordings, self._normalise)
        return refitted(base, wanted=self._wanted, unknown=unknown, golden=golden, folded=folded)

    def _uses(self, base: Base, calibration: str | None) -> bool:
        return calibration in {None, base.calibration.version, self._foreign}
