"""knowledge_base: how the answers do, for editors, supervisors and agents; and what a publication changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta, tzinfo

from kit.contracts import Clock, Language
from kit.refusals import NotAllowed
from knowledge_base.contracts import (
    ArticleTally,
    Effect,
    Figures,
    NoHelp,
    Publication,
    QuestionFilter,
    Tally,
)
from knowledge_base.editing import READERS
from knowledge_base.question_ports import FigureStore
from knowledge_base.settings import EffectSettings
from knowledge_base.unanswered import MOST_DAYS, Window
from knowledge_base.words import telling_words
from nlu.service import fold
from staff.contracts import Person

ARTICLES, RIVALS, QUESTIONS, NEVER, WORDS = 50, 15, 20, 30, 40
COUNTED_QUESTIONS = 300
"""The most frequent questions that words are counted in."""
A_DAY = timedelta(days=1)


class AnswerFigures:
    """Reads what the question log kept."""

    def __init__(self, *, store: FigureStore, settings: EffectSettings, zone: tzinfo, clock: Clock) -> None:
        self._store, self._settings, self._zone, self._clock = store, settings, zone, clock

    async def figures(self, by: Person, window: Window) -> Figures:
        """All figures of one window."""
        _check_may_read(by)
        chosen = self._filter(window)
        rows = await self._store.days(chosen)
        never, never_total = await self._store.never(chosen, limit=NEVER)
        questions = await self._store.questions(chosen, limit=COUNTED_QUESTIONS)
        return Figures(
            days=_by_day(rows, since=chosen.since, today=self._today()),
            channels=_by_channel(rows),
            articles=await self._store.articles(chosen, limit=ARTICLES),
            rivals=await self._store.rivals(chosen, limit=RIVALS),
            reasons=await self._store.reasons(chosen),
            questions=questions[:QUESTIONS],
            words=count_words(questions)[:WORDS],
            never=never,
            never_total=never_total,
        )

    async def of_article(
        self, by: Person, article_id: str, window: Window
    ) -> tuple[ArticleTally, tuple[tuple[NoHelp, int], ...]]:
        """(how one article does, why it did not help)."""
        _check_may_read(by)
        chosen = self._filter(window)
        found = await self._store.articles(chosen, limit=1, article_id=article_id)
        reasons = await self._store.reasons(chosen, article_id=article_id)
        return found[0] if found else ArticleTally(article_id=article_id, shown=0, tally=Tally()), reasons

    async def titles(self, by: Person, ids: Sequence[str], language: Language) -> Mapping[str, str]:
        """Titles of articles in the reader's language, or in the one there is."""
        _check_may_read(by)
        found = await self._store.titles(ids)
        return {
            article_id: titles.get(str(language)) or next(iter(titles.values()), "")
            for article_id, titles in found.items()
        }

    async def effects(self, by: Person, article_id: str, publications: Sequence[Publication]) -> tuple[Effect, ...]:
        """What the newest publications of an article changed; one a publication, in their order."""
        _check_may_read(by)
        return tuple([await self._effect(article_id, each) for each in publications[: self._settings.shown]])

    async def _effect(self, article_id: str, publication: Publication) -> Effect:
        length = min(timedelta(days=self._settings.days), self._clock() - publication.at)
        begin, until = publication.at - length, publication.at + length
        before = await self._store.between(begin, publication.at, article_id=article_id)
        after = await self._store.between(publication.at, until, article_id=article_id)
        all_before = await self._store.between(begin, publication.at, article_id=None)
        all_after = await self._store.between(publication.at, until, article_id=None)
        least = self._settings.questions
        return Effect(
            version=publication.version,
            days=length / A_DAY,
            until=until,
            before=before,
            after=after,
            all_before=all_before,
            all_after=all_after,
            enough=min(all_before.questions, all_after.questions) >= least and after.questions >= least,
            ready=length >= A_DAY,
        )

    def _today(self) -> date:
        return self._clock().astimezone(self._zone).date()

    def _filter(self, window: Window) -> QuestionFilter:
        return QuestionFilter(
            since=self._today() - timedelta(days=min(max(1, window.days), MOST_DAYS) - 1),
            language=window.language,
            channel=window.channel,
        )


def count_words(questions: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Words with how many questions hold them, the most frequent first. Pure."""
    counts: Counter[str] = Counter()
    for question, times in questions:
        for word in telling_words(fold(question)):
            counts[word] += times
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _by_day(rows: Sequence[tuple[date, str, Tally]], *, since: date, today: date) -> tuple[tuple[date, Tally], ...]:
    found: dict[date, Tally] = {}
    for day, _, tally in rows:
        found[day] = found.get(day, Tally()) + tally
    return tuple(
        (day, found.get(day, Tally()))
        for day in (since + timedelta(days=number) for number in range((today - since).days + 1))
    )


def _by_channel(rows: Sequence[tuple[date, str, Tally]]) -> tuple[tuple[str, Tally], ...]:
    found: dict[str, Tally] = {}
    for _, channel, tally in rows:
        found[channel] = found.get(channel, Tally()) + tally
    return tuple(sorted(found.items(), key=lambda pair: -pair[1].questions))


def _check_may_read(by: Person) -> None:
    if not by.may(*READERS):
        raise NotAllowed
