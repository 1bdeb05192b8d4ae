"""knowledge_base: the gate before a publication: questions against the draft base, what other articles say."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from kit.contracts import Clock, Language, NewId, Transactions, Tx
from kit.refusals import NotAllowed, NotFound
from knowledge_base.contracts import Article, ArticleText, Draft, Level, Match, PastQuestion
from knowledge_base.contradictions import contradictions
from knowledge_base.judging import (
    Contradiction,
    Duplicate,
    GateReport,
    GoldenQuestion,
    GoldenResult,
    changed_answers,
    find_stale_shorts,
    judge,
    shown,
)
from knowledge_base.ports import ArticleStore, Audit, BaseStore, GoldenStore, PastQuestions, Reader
from knowledge_base.refusals import ArticleInvalid, PublicationWorse
from knowledge_base.service import KnowledgeBase
from knowledge_base.validation import FAULT, QUESTION_LIMIT
from knowledge_base.wordings import PublishedArticle
from nlu.contracts import Reading
from staff.contracts import AuditRecord, Person, Role

WRITERS = (Role.EDITOR, Role.SUPERVISOR)
MOST_GOLDEN = 2000
"""Golden questions of the whole base; each costs two searches before a publication."""
MOST_PAST = 150
"""Past questions that are tried, newest first."""
MOST_WORDINGS = 40
"""New wordings of a draft that are compared with other articles."""
MOST_NEAR = 7
"""Wordings beside the title by which articles are looked for that may contradict the draft."""


class Gate:
    """Says what a publication would do, and holds up one that makes golden answers worse without a reason."""

    def __init__(
        self,
        *,
        golden: GoldenStore,
        past: PastQuestions,
        articles: ArticleStore,
        base: BaseStore,
        search: KnowledgeBase,
        reader: Reader,
        transactions: Transactions,
        audit: Audit,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._golden, self._past, self._articles, self._base = golden, past, articles, base
        self._search, self._reader, self._transactions = search, reader, transactions
        self._clock, self._new_id, self._audit = clock, new_id, audit

    async def report(self, *articles: Article) -> GateReport:
        """What publishing these working copies together would do."""
        past = await self._past.recent(limit=MOST_PAST)
        drafts = _drafts_of(articles)
        readings = await self._read(past)
        trials = await self._search.try_drafts_on(readings, drafts)
        before, after = [trial.before for trial in trials], [trial.after for trial in trials]
        return GateReport(
            golden=await self._golden_results(drafts),
            changed=changed_answers(past, before, after, draft_ids={article.id for article in articles}),
            past=len(past),
            duplicates=tuple([each for article in articles for each in await self._duplicates(article)]),
            contradictions=tuple([each for article in articles for each in await self._contradictions(article)]),
            stale_shorts=find_stale_shorts(articles),
        )

    async def check(self, *articles: Article, reason: str) -> str:
        """Raise `PublicationWorse` unless golden answers hold or a reason is given; returns what to note of it."""
        worse = [result for result in await self._golden_results(_drafts_of(articles)) if result.is_worse]
        if worse and not reason.strip():
            questions = {str(number): result.question.question for number, result in enumerate(worse)}
            raise PublicationWorse(field="reason", details=questions, count=len(worse))
        return reason.strip() if worse else ""

    async def golden(self, by: Person, article_id: str | None = None) -> tuple[GoldenResult, ...]:
        """The golden questions (of one article, or all) with what the base makes of them today."""
        _check_may(by, (*WRITERS, Role.AGENT))
        questions = await self._golden.all(article_id=article_id)
        results = await self._search.search_all(await self._read(questions))
        found = []
        for question, result in zip(questions, results, strict=True):
            outcome = judge(result, question.article_id)
            found.append(GoldenResult(question=question, before=outcome, after=outcome, shown=shown(result)))
        return tuple(found)

    async def add_golden(self, by: Person, question: str, language: Language, *, article_id: str | None) -> None:
        """Settle the right answer of a question; asked again, the newest word counts. Raises `NotFound`."""
        _check_may(by, WRITERS)
        text = question.strip()
        if not text or len(text) > QUESTION_LIMIT:
            fault = FAULT + ("question_long" if text else "question_empty")
            raise ArticleInvalid(field="question", details={"question": fault})
        if article_id is not None and await self._articles.find(article_id) is None:
            raise NotFound
        golden = GoldenQuestion(
            id=self._new_id(),
            question=text,
            language=language,
            article_id=article_id,
            at=self._clock(),
            by=by.display_name,
        )
        known = next((each for each in await self._golden.all(article_id=None) if _same(each, golden)), None)

        async def work(tx: Tx) -> None:
            await self._golden.put(tx, golden, most=MOST_GOLDEN)
            await self._record(tx, by, known.id if known else golden.id, known, golden)

        await self._transactions.write(work)

    async def remove_golden(self, by: Person, golden_id: str) -> None:
        """The question no longer counts."""
        _check_may(by, WRITERS)
        known = next((each for each in await self._golden.all(article_id=None) if each.id == golden_id), None)

        async def work(tx: Tx) -> None:
            await self._golden.remove(tx, golden_id)
            if known is not None:
                await self._record(tx, by, golden_id, known, None)

        await self._transactions.write(work)

    async def _record(
        self, tx: Tx, by: Person, question_id: str, before: GoldenQuestion | None, after: GoldenQuestion | None
    ) -> None:
        """A line in the audit trail: the question, and the article that was and is its right answer."""
        line = AuditRecord(
            at=self._clock(),
            account_id=by.id or None,
            action=f"knowledge_base.{'golden_set' if after else 'golden_removed'}",
            subject=f"golden:{question_id}",
            before=_told(before),
            after=_told(after),
        )
        await self._audit.audit(tx, line)

    async def _golden_results(self, drafts: Sequence[PublishedArticle]) -> tuple[GoldenResult, ...]:
        questions = await self._golden.all(article_id=None)
        trials = await self._search.try_drafts_on(await self._read(questions), drafts)
        return tuple(
            GoldenResult(
                question=question,
                before=judge(trial.before, question.article_id),
                after=judge(trial.after, question.article_id),
                shown=shown(trial.after),
            )
            for question, trial in zip(questions, trials, strict=True)
        )

    async def _duplicates(self, article: Article) -> tuple[Duplicate, ...]:
        """New wordings that customers would say today and get another article for sure."""
        public = await self._public(article.id)
        known = set(_questions(public)) if public is not None else set()
        new = [pair for pair in _questions(article.content) if pair not in known][:MOST_WORDINGS]
        asked = [PastQuestion(question=text, language=language) for language, text in new]
        found = []
        for question, result in zip(asked, await self._search.search_all(await self._read(asked)), strict=True):
            first = result.matches[0] if result.matches else None
            if result.level is Level.SURE and first is not None and first.article_id != article.id:
                found.append(
                    Duplicate(
                        wording=question.question,
                        language=question.language,
                        article_id=first.article_id,
                        title=first.title,
                        percent=shown(result).percent,
                    )
                )
        return tuple(found)

    async def _contradictions(self, article: Article) -> tuple[Contradiction, ...]:
        """New sentences of its answers that do not go with those of articles near to it."""
        public = await self._public(article.id)
        known = {side.language: side.answer for side in public.texts} if public is not None else {}
        found: list[Contradiction] = []
        for side in article.texts:
            if side.answer == known.get(side.language):
                continue
            for near in await self._near(article.id, side):
                pairs = contradictions(side.answer, near.answer, known=known.get(side.language, ""))
                found.extend(
                    Contradiction(
                        language=side.language, article_id=near.article_id, title=near.title, mine=mine, theirs=theirs
                    )
                    for mine, theirs in pairs
                )
                await asyncio.sleep(0)
        return tuple(found)

    async def _public(self, article_id: str) -> Draft | None:
        """What is published of it."""
        version = await self._base.published_version(article_id)
        contents = await self._base.contents([(article_id, version)]) if version is not None else ()
        return contents[0].content if contents else None

    async def _near(self, article_id: str, side: ArticleText) -> tuple[Match, ...]:
        """The other articles that the wordings of a draft find in its language."""
        asked = [
            PastQuestion(question=text, language=side.language) for text in (side.title, *side.questions[:MOST_NEAR])
        ]
        results = await self._search.search_all(await self._read([each for each in asked if each.question]))
        near = {
            match.article_id: match
            for result in results
            for match in result.matches
            if match.article_id != article_id and match.language is side.language
        }
        return tuple(near.values())

    async def _read(self, asked: Sequence[PastQuestion | GoldenQuestion]) -> list[Reading]:
        readings = []
        for question in asked:
            readings.append(await self._reader.read(question.question, previous=question.language))
            await asyncio.sleep(0)  # customers' and colleagues' requests come in between
        return readings


def _drafts_of(articles: Sequence[Article]) -> list[PublishedArticle]:
    return [PublishedArticle(id=each.id, version=each.version, content=each.content) for each in articles]


def _questions(draft: Draft) -> list[tuple[Language, str]]:
    return [(side.language, text) for side in draft.texts for text in (side.title, *side.questions) if text]


def _check_may(by: Person, roles: tuple[Role, ...]) -> None:
    if not by.may(*roles):
        raise NotAllowed


def _same(one: GoldenQuestion, other: GoldenQuestion) -> bool:
    return (one.question, one.language) == (other.question, other.language)


def _told(question: GoldenQuestion | None) -> str:
    """As the audit trail tells it: the question and its article; a dash where none answers it."""
    return f"{question.question} → {question.article_id or '-'}" if question else ""
