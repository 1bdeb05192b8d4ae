"""knowledge_base: what the bot asks of the base. Fits `bot.ports.Search`; knows nothing of conversations."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kit.contracts import Language
from knowledge_base.calibration import level_of
from knowledge_base.contracts import (
    ArticleText,
    Audience,
    Explanation,
    FollowUp,
    Level,
    Match,
    SearchResult,
    Trial,
)
from knowledge_base.corpus import ArticleRef
from knowledge_base.encoding import WordingEncoder
from knowledge_base.explaining import explain
from knowledge_base.live_base import LiveBase
from knowledge_base.ports import BaseStore
from knowledge_base.respelling import Speller, build_speller, respell
from knowledge_base.searching import Base, Findings, Found, choose_choices, more_confident, search_base, with_drafts
from knowledge_base.wordings import PublishedArticle, wordings_of
from nlu.contracts import Reading

REMEMBERED = 20_000
"""Article versions kept in memory; a version never changes, so they are never wrong."""
IN_THREAD_FROM = 50_000
"""Wordings from which a search leaves the event loop."""


class WrongEncoder(ValueError):
    """The reading's vector was made by another encoder than the base's."""


class KnowledgeBase:
    """Search over the published articles."""

    def __init__(
        self,
        *,
        live: LiveBase,
        store: BaseStore,
        encoder: WordingEncoder,
    ) -> None:
        self._live, self._store, self._encoder = live, store, encoder
        self._contents: OrderedDict[tuple[str, int], PublishedArticle] = OrderedDict()
        self._speller: Speller | None = None
        """Of the big index's words; built anew when that is."""

    async def open(self) -> None:
        """Load or build the index. Call once before the first search."""
        await self._live.open()

    async def close(self) -> None:
        """Stop background work."""
        await self._live.close()

    async def search(self, reading: Reading) -> SearchResult:
        """The articles that may answer, from the base as of the last commit. Raises `WrongEncoder`."""
        return await self._search(await self._live.current(), reading, {})

    async def search_for_agents(self, reading: Reading) -> SearchResult:
        """As `search`, among the articles for staff too. For eyes of the house only. Raises `WrongEncoder`."""
        return await self._search(await self._live.for_agents(), reading, {})

    async def try_draft(self, reading: Reading, draft: PublishedArticle) -> SearchResult:
        """What `search` would find with `draft` published; nothing is stored."""
        changed = await self._base_with(await self._live.current(), [draft])
        return await self._search(changed, reading, {(draft.id, draft.version): draft})

    async def search_all(self, readings: Sequence[Reading]) -> tuple[SearchResult, ...]:
        """Several questions to one state of the base; other work comes in between."""
        return await self._search_in_turn(await self._live.current(), readings, {})

    async def try_drafts_on(self, readings: Sequence[Reading], drafts: Sequence[PublishedArticle]) -> tuple[Trial, ...]:
        """What `search` finds for several questions, without and with `drafts` published; nothing is stored."""
        if not readings:
            return ()
        base = await self._live.current()
        changed = await self._base_with(base, drafts)
        before = await self._search_in_turn(base, readings, {})
        after = await self._search_in_turn(changed, readings, {(draft.id, draft.version): draft for draft in drafts})
        return tuple(Trial(before=old, after=new) for old, new in zip(before, after, strict=True))

    async def explain(self, reading: Reading, *, base: Base | None = None) -> Explanation:
        """What `search` finds (in `base`, where one is given) with all that led to it. Raises `WrongEncoder`."""
        asked = base or await self._live.current()
        result, findings = await self._find(asked, reading, {})
        return explain(findings, result, {match.article_id: match for match in result.matches}, asked.calibration)

    async def published(self, article_id: str, language: Language) -> Match | None:
        """The published article by id, for a pressed choice; confidence 1.0."""
        version = await self._store.published_version(article_id)
        if version is None:
            return None
        ref = ArticleRef(id=article_id, version=version)
        contents = await self._load([ref], {})
        found = Found(ref=ref, wording="", confidence=1.0, similarity=1.0, score=0.0)
        (match,) = await self._matches([found], contents, language)
        return match

    async def _base_with(self, base: Base, drafts: Sequence[PublishedArticle]) -> Base:
        """The base as it would be with `drafts` published; an article for agents would leave it."""
        encoded = []
        for draft in drafts:
            for_customers = draft.content.details.audience is Audience.CUSTOMERS
            wordings = wordings_of(draft.content) if for_customers else ()
            ref = ArticleRef(id=draft.id, version=draft.version)
            encoded.append((ref, await asyncio.to_thread(self._encoder.encode, wordings)))
        small = await asyncio.to_thread(self._live.small_with, base, encoded)
        return with_drafts(base, small, article_ids={draft.id for draft in drafts})

    async def _search_in_turn(
        self, base: Base, readings: Sequence[Reading], drafts: dict[tuple[str, int], PublishedArticle]
    ) -> tuple[SearchResult, ...]:
        results = []
        for reading in readings:
            results.append(await self._search(base, reading, drafts))
            await asyncio.sleep(0)
        return tuple(results)

    async def _search(
        self, base: Base, reading: Reading, drafts: dict[tuple[str, int], PublishedArticle]
    ) -> SearchResult:
        result, _ = await self._find(base, reading, drafts)
        return result

    async def _find(
        self, base: Base, reading: Reading, drafts: dict[tuple[str, int], PublishedArticle]
    ) -> tuple[SearchResult, Findings]:
        begun = time.perf_counter()
        if reading.encoder != base.encoder:
            raise WrongEncoder(f"the question was encoded by {reading.encoder}, the base by {base.encoder}")
        if len(base.big) >= IN_THREAD_FROM:
            findings = await asyncio.to_thread(_find, base, reading)
        else:
            findings = _find(base, reading)
        findings = await self._respelled(base, reading, findings)
        contents = await self._load([each.ref for each in findings.found], drafts)
        found = await self._matches(findings.found, contents, reading.language)
        matches = {match.article_id: match for match in found}
        thresholds = base.calibration.thresholds[reading.language]
        offered = choose_choices(findings.found, {article_id: match.title for article_id, match in matches.items()})
        level = level_of([each.confidence for each in offered], thresholds)
        choices = tuple(matches[each.ref.id] for each in offered) if level is Level.UNSURE else ()
        result = SearchResult(
            level=level,
            matches=tuple(matches.values()),
            choices=choices,
            answer_threshold=thresholds.answer,
            clarify_threshold=thresholds.clarify,
            knowledge_base_version=base.version,
            model=findings.model,
            milliseconds=(time.perf_counter() - begun) * 1000,
        )
        return result, findings

    async def _respelled(self, base: Base, reading: Reading, findings: Findings) -> Findings:
        """`findings`, or those of the question as the base would write it, where that is found with more confidence."""
        if self._speller is None or self._speller.lexicon is not base.big.lexicon:
            self._speller = await asyncio.to_thread(build_speller, base.big.lexicon)
        respelled = respell(self._speller, reading.normalised)
        if respelled is None:
            return findings
        (vector,) = await asyncio.to_thread(self._encoder.fresh, [respelled])
        again = replace(reading, normalised=respelled, vector=vector)
        return more_confident(findings, await asyncio.to_thread(_find, base, again))

    async def _matches(
        self, found: Sequence[Found], contents: dict[str, PublishedArticle], language: Language
    ) -> tuple[Match, ...]:
        """What was found as matches, with the articles that customers usually want next."""
        wanted = {key for each in found for key in contents[each.ref.id].content.details.follow_ups}
        published = await self._store.find_published(sorted(wanted)) if wanted else {}
        refs = {key: ArticleRef(id=article_id, version=version) for key, (article_id, version) in published.items()}
        next_ones = await self._load(list(refs.values()), {}) if refs else {}
        follow_ups = {
            key: FollowUp(article_id=ref.id, title=_side(next_ones[ref.id], language).title)
            for key, ref in refs.items()
        }
        return tuple(_match(each, contents[each.ref.id], language, follow_ups) for each in found)

    async def _load(
        self, refs: Sequence[ArticleRef], drafts: dict[tuple[str, int], PublishedArticle]
    ) -> dict[str, PublishedArticle]:
        wanted = [(ref.id, ref.version) for ref in refs]
        lacking = [pair for pair in wanted if pair not in self._contents and pair not in drafts]
        for article in await self._store.contents(lacking) if lacking else ():
            self._contents[article.id, article.version] = article
        while len(self._contents) > REMEMBERED:
            self._contents.popitem(last=False)
        return {pair[0]: drafts.get(pair) or self._contents[pair] for pair in wanted}


def _find(base: Base, reading: Reading) -> Findings:
    return search_base(base, vector=reading.vector, folded=reading.normalised, language=reading.language)


def _side(article: PublishedArticle, language: Language) -> ArticleText:
    """The customer's language; an article that has only the other one is shown in that."""
    sides = article.content.texts
    return next((text for text in sides if text.language == language), sides[0])


def _match(found: Found, article: PublishedArticle, language: Language, follow_ups: Mapping[str, FollowUp]) -> Match:
    side, details = _side(article, language), article.content.details
    return Match(
        article_id=found.ref.id,
        key=article.content.key,
        category=article.content.category,
        version=found.ref.version,
        language=side.language,
        title=side.title,
        answer=side.answer,
        short=side.short,
        wording=found.wording,
        confidence=found.confidence,
        similarity=found.similarity,
        follow_ups=tuple(follow_ups[key] for key in details.follow_ups if key in follow_ups),
        action=details.action,
        department=details.department,
        audience=details.audience,
        attachments=side.attachments,
    )
