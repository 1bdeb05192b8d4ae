"""knowledge_base: gives customers a version of an article and takes it back, now or when its moment comes.

A published article answers from the next search on, in every process: its vectors are made before the transaction, and
the publication that names the base's new state is part of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from kit.contracts import Clock, Signals, Transactions, Tx
from kit.refusals import Refusal
from knowledge_base.contracts import Article, ArticleStatus, Change, Draft, PublicationKind, Schedule
from knowledge_base.departments import Departments
from knowledge_base.encoding import WordingEncoder
from knowledge_base.life import status_when_shown
from knowledge_base.ports import ArticleStore, Audit, BaseStore
from knowledge_base.refusals import ArticleInvalid, changed
from knowledge_base.validation import find_faults, tidy
from knowledge_base.wordings import wordings_of
from staff.contracts import AuditRecord, Person

TOPIC = "knowledge_base"
TOGETHER = 50
"""Articles looked after in one sweep."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """In whose name something happens."""

    name: str
    account_id: str

    @classmethod
    def of(cls, person: Person) -> Author:
        """The author that `person` is."""
        return cls(name=person.display_name, account_id=person.id)


class Publisher:
    """Publications and retirements. Asks nobody's leave: `knowledge_base.editing` does that before."""

    def __init__(
        self,
        *,
        articles: ArticleStore,
        base: BaseStore,
        encoder: WordingEncoder,
        transactions: Transactions,
        signals: Signals,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._articles, self._base, self._encoder = articles, base, encoder
        self._transactions, self._signals, self._audit, self._clock = transactions, signals, audit, clock

    async def publish(
        self, by: Author, article: Article, *, version: int, draft: Draft, due: bool = False, reason: str = ""
    ) -> tuple[Article, int]:
        """Give customers `version`, whose content is `draft`. Returns the article and the base's new version.

        With `due` only one of several processes does it. Raises `ArticleInvalid`, and `ArticleChanged` when the article
        moved on since it was read.
        """
        return await self._publish(by, article, version=version, draft=draft, due=due, reason=reason)

    async def publish_anew(self, by: Author, article: Article, draft: Draft) -> tuple[Article, int]:
        """Make earlier content the working copy, as a version of its own, and give customers that one.

        Raises what `publish` raises.
        """
        return await self._publish(by, article, version=article.version + 1, draft=draft, restores=True)

    async def _publish(
        self,
        by: Author,
        article: Article,
        *,
        version: int,
        draft: Draft,
        due: bool = False,
        reason: str = "",
        restores: bool = False,
    ) -> tuple[Article, int]:
        draft = check_draft(draft, publishing=True)
        wordings = await asyncio.to_thread(self._encoder.encode, wordings_of(draft))

        async def work(tx: Tx) -> tuple[Article, int]:
            await self._claim(tx, article, due=due)
            now = await self._restore(tx, by, article, draft) if restores else article
            await self._mark(tx, now, status_when_shown(now, version), version)
            done = await self._unschedule(tx, now)
            await self._base.store_vectors(
                tx, article_id=article.id, version=version, encoder=self._encoder.fingerprint, wordings=wordings
            )
            await self._base.forget_vectors(tx, article_id=article.id, except_version=version)
            number = await self._note(tx, by, PublicationKind.PUBLISH, article.id, version, reason)
            after = f"{mark(done)}: {reason}" if reason else mark(done)
            await self.record(tx, by, "publish", article.id, before=mark(article), after=after)
            return done, number

        return await self._tell(work)

    async def retire(self, by: Author, article: Article, *, shown: int, due: bool = False) -> tuple[Article, int]:
        """Take version `shown` from customers; with `due` only one of several processes does it.

        Raises `ArticleChanged`.
        """

        async def work(tx: Tx) -> tuple[Article, int]:
            await self._claim(tx, article, due=due)
            await self._mark(tx, article, ArticleStatus.RETIRED, None)
            done = await self._unschedule(tx, article)
            await self._base.forget_vectors(tx, article_id=article.id, except_version=None)
            number = await self._note(tx, by, PublicationKind.RETIRE, article.id, shown)
            await self.record(tx, by, "retire", article.id, before=mark(article), after=mark(done))
            return done, number

        return await self._tell(work)

    async def schedule(self, by: Author, article: Article, *, at: datetime) -> Article:
        """Publish the present version at `at`. Raises `ArticleInvalid`, `ArticleChanged`."""
        check_draft(article.content, publishing=True)
        waiting = Schedule(version=article.version, at=at, by=by.name, account_id=by.account_id)

        async def work(tx: Tx) -> Article:
            done = await self._articles.set_schedule(
                tx, article_id=article.id, expected_version=article.version, schedule=waiting
            )
            await self.record(
                tx, by, "schedule", article.id, before=mark(article), after=f"v{article.version} {at.isoformat()}"
            )
            return done or await self._lost(article)

        return await self._transactions.write(work)

    async def call_off(self, by: Author, article: Article) -> Article:
        """Let a waiting publication not happen. Raises `ArticleChanged`."""

        async def work(tx: Tx) -> Article:
            done = await self._unschedule(tx, article)
            await self.record(tx, by, "call_off", article.id, before=mark(article), after=mark(done))
            return done

        return await self._transactions.write(work)

    async def run_due(self, now: datetime) -> int:
        """Publish and retire what has come due; how many articles changed. Two processes at once do no harm."""
        count = 0
        for article in await self._articles.due(now, limit=TOGETHER):
            try:
                await self._run(article, now)
                count += 1
            except Refusal as refusal:
                # Saved or settled by somebody else in this moment: the next sweep reads it anew.
                log.info("knowledge_base.due_put_off", article=article.id, code=refusal.code)
        return count

    async def record(
        self, tx: Tx, by: Author, action: str, article_id: str, *, before: str = "", after: str = ""
    ) -> None:
        """A line in the audit trail, in the transaction of what it tells."""
        line = AuditRecord(
            at=self._clock(),
            account_id=by.account_id or None,
            action=f"knowledge_base.{action}",
            subject=f"article:{article_id}",
            before=before,
            after=after,
        )
        await self._audit.audit(tx, line)

    async def _run(self, article: Article, now: datetime) -> None:
        waiting = article.schedule
        if waiting is not None and waiting.at <= now:
            by = Author(name=waiting.by, account_id=waiting.account_id)
            stored = await self._articles.version(article.id, waiting.version)
            try:
                if stored is None or _is_over(stored.content, now):
                    await self.call_off(by, article)
                else:
                    await self.publish(by, article, version=waiting.version, draft=stored.content, due=True)
            except ArticleInvalid:
                # It was whole when it was scheduled: the house's rules have become stricter since. Not tried for ever.
                await self.call_off(by, article)
                log.warning("knowledge_base.due_invalid", article=article.id)
        elif article.published_version is not None:
            # In the name of who wrote down the end.
            by = Author(name=article.updated_by, account_id=article.writer_id)
            await self.retire(by, article, shown=article.published_version, due=True)

    async def _claim(self, tx: Tx, article: Article, *, due: bool) -> None:
        if due and not await self._articles.take_due(tx, article):
            await self._lost(article)

    async def _restore(self, tx: Tx, by: Author, article: Article, draft: Draft) -> Article:
        done = await self._articles.save(
            tx,
            article_id=article.id,
            expected_version=article.version,
            draft=draft,
            change=Change.RESTORED,
            status=article.status,
            at=self._clock(),
            by=by.name,
            by_id=by.account_id,
        )
        return done or await self._lost(article)

    async def _mark(self, tx: Tx, article: Article, status: ArticleStatus, version: int | None) -> None:
        done = await self._articles.mark(
            tx,
            article_id=article.id,
            expected_version=article.version,
            status=status,
            published_version=version,
        )
        if done is None:
            await self._lost(article)

    async def _unschedule(self, tx: Tx, article: Article) -> Article:
        done = await self._articles.set_schedule(
            tx, article_id=article.id, expected_version=article.version, schedule=None
        )
        return done or await self._lost(article)

    async def _note(  # noqa: PLR0917 - the columns, in their order
        self, tx: Tx, by: Author, kind: PublicationKind, article_id: str, version: int, reason: str = ""
    ) -> int:
        return await self._base.publish(
            tx,
            kind=kind,
            article_id=article_id,
            article_version=version,
            at=self._clock(),
            by=by.name,
            reason=reason,
        )

    async def _tell(self, work: Callable[[Tx], Awaitable[tuple[Article, int]]]) -> tuple[Article, int]:
        done, version = await self._transactions.write(work)
        await self._signals.publish(TOPIC, {"version": version})
        return done, version

    async def _lost(self, article: Article) -> Article:
        """Raises the refusal for whoever lost a race, naming who won it."""
        raise changed(await self._articles.find(article.id) or article)


def check_draft(draft: Draft, *, publishing: bool, departments: Departments | None = None) -> Draft:
    """The tidied draft. Raises `ArticleInvalid` naming every fault."""
    draft = tidy(draft)
    faults = find_faults(draft, publishing=publishing, departments=departments)
    if faults:
        raise ArticleInvalid(field=next(iter(faults)), details=faults)
    return draft


def mark(article: Article) -> str:
    """How the audit trail names a state of an article."""
    return f"{article.key} v{article.version} {article.status}"


def _is_over(draft: Draft, now: datetime) -> bool:
    until = draft.details.valid_until
    return until is not None and until <= now
