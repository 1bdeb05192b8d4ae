"""knowledge_base: what editors do with articles: list, write, try, publish, retire, restore.

A published article answers from the next search on, in every process: its vectors are made before the transaction, and
the publication that names the base's new state is part of it.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from kit.contracts import Clock, Language, NewId, Signals, Transactions, Tx
from kit.refusals import NotAllowed, NotFound
from knowledge_base.contracts import (
    Article,
    ArticleFilter,
    ArticlePage,
    ArticleStatus,
    ArticleVersion,
    Change,
    Draft,
    MissPage,
    Publication,
    PublicationKind,
    Trial,
)
from knowledge_base.encoding import WordingEncoder
from knowledge_base.ports import ArticleStore, Audit, BaseStore, Reader
from knowledge_base.refusals import ArticleChanged, ArticleInvalid, KeyTaken, NotADraft, NotPublished
from knowledge_base.service import KnowledgeBase
from knowledge_base.validation import find_faults, tidy
from knowledge_base.wordings import PublishedArticle, wordings_of
from staff.contracts import AuditRecord, Person, Role

PAGE = 50
MOST_PAGE = 200
WRITERS = (Role.EDITOR, Role.SUPERVISOR)
READERS = (Role.EDITOR, Role.SUPERVISOR, Role.AGENT)
"""Admins may everything (`Person.may`)."""
TOPIC = "knowledge_base"
NEW_ARTICLE = "draft"
"""Stands for the id of an article that is tried before it is ever saved."""


class Editing:
    """The editors' service."""

    def __init__(
        self,
        *,
        articles: ArticleStore,
        base: BaseStore,
        search: KnowledgeBase,
        encoder: WordingEncoder,
        reader: Reader,
        transactions: Transactions,
        signals: Signals,
        audit: Audit,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._articles, self._base, self._search, self._encoder = articles, base, search, encoder
        self._reader, self._transactions, self._signals = reader, transactions, signals
        self._audit, self._clock, self._new_id = audit, clock, new_id

    async def list(
        self, by: Person, chosen: ArticleFilter | None = None, *, offset: int = 0, limit: int = PAGE
    ) -> ArticlePage:
        """One page of articles."""
        _check_may(by, READERS)
        wanted = chosen or ArticleFilter()
        return await self._articles.list(wanted, offset=max(0, offset), limit=min(max(1, limit), MOST_PAGE))

    async def load(self, by: Person, article_id: str) -> Article:
        """The working copy. Raises `NotFound`."""
        _check_may(by, READERS)
        return await self._load(article_id)

    async def find(self, key: str) -> Article | None:
        """The article of this key, for commands."""
        return await self._articles.find_by_key(key)

    async def history(self, by: Person, article_id: str) -> tuple[tuple[ArticleVersion, ...], tuple[Publication, ...]]:
        """(versions, publications), newest first."""
        _check_may(by, READERS)
        return await self._articles.versions(article_id), await self._base.publications(article_id)

    async def create(self, by: Person, draft: Draft) -> Article:
        """Store a new article as a draft. Raises `ArticleInvalid`, `KeyTaken`."""
        _check_may(by, WRITERS)
        draft = _check_draft(draft, publishing=False)

        async def work(tx: Tx) -> Article:
            article_id, at = self._new_id(), self._clock()
            made = await self._articles.create(
                tx, article_id=article_id, draft=draft, change=Change.CREATED, at=at, by=by.display_name
            )
            if made is None:
                raise KeyTaken(field="key", key=draft.key)
            await self._record(tx, by, "create", made.id, after=_mark(made))
            return made

        return await self._transactions.write(work)

    async def save(self, by: Person, article_id: str, draft: Draft, *, expected_version: int) -> Article:
        """Store the next version of the working copy. Raises `ArticleInvalid`, `ArticleChanged`, `NotFound`."""
        return await self._save(by, article_id, draft, expected_version=expected_version, change=Change.SAVED)

    async def restore(self, by: Person, article_id: str, version: int, *, expected_version: int) -> Article:
        """Make an old version the newest one again; publishing it is another step."""
        _check_may(by, WRITERS)
        old = await self._articles.version(article_id, version)
        if old is None:
            raise NotFound
        return await self._save(by, article_id, old.content, expected_version=expected_version, change=Change.RESTORED)

    async def submit(self, by: Person, article_id: str, *, expected_version: int) -> Article:
        """Hand a draft in for review."""
        return await self._mark(by, article_id, expected_version, ArticleStatus.IN_REVIEW, "submit")

    async def reject(self, by: Person, article_id: str, *, expected_version: int) -> Article:
        """Send it back from review; an article customers have keeps its published version."""
        article = await self._load(article_id)
        status = ArticleStatus.PUBLISHED if article.published_version else ArticleStatus.DRAFT
        return await self._mark(by, article_id, expected_version, status, "reject")

    async def publish(self, by: Person, article_id: str, *, expected_version: int) -> tuple[Article, int]:
        """Give customers this version. Returns the article and the base's new version; it answers from now on.

        Raises `ArticleInvalid`, `ArticleChanged`, `NotFound`.
        """
        _check_may(by, WRITERS)
        article = await self._load(article_id)
        _check_unchanged(article, expected_version)
        draft = _check_draft(_draft_of(article), publishing=True)
        wordings = await asyncio.to_thread(self._encoder.encode, wordings_of(draft))

        async def work(tx: Tx) -> tuple[Article, int]:
            done = await self._articles.mark(
                tx,
                article_id=article_id,
                expected_version=expected_version,
                status=ArticleStatus.PUBLISHED,
                published_version=expected_version,
            )
            if done is None:
                raise await self._lost(article)
            await self._base.store_vectors(
                tx,
                article_id=article_id,
                version=expected_version,
                encoder=self._encoder.fingerprint,
                wordings=wordings,
            )
            await self._base.forget_vectors(tx, article_id=article_id, except_version=expected_version)
            version = await self._note_publication(tx, by, PublicationKind.PUBLISH, article_id, expected_version)
            await self._record(tx, by, "publish", article_id, before=_mark(article), after=_mark(done))
            return done, version

        published, version = await self._transactions.write(work)
        await self._signals.publish(TOPIC, {"version": version})
        return published, version

    async def retire(self, by: Person, article_id: str, *, expected_version: int) -> tuple[Article, int]:
        """Take the article from customers. Raises `NotPublished`, `ArticleChanged`, `NotFound`."""
        _check_may(by, WRITERS)
        article = await self._load(article_id)
        _check_unchanged(article, expected_version)
        shown = article.published_version
        if shown is None:
            raise NotPublished

        async def work(tx: Tx) -> tuple[Article, int]:
            done = await self._articles.mark(
                tx,
                article_id=article_id,
                expected_version=expected_version,
                status=ArticleStatus.RETIRED,
                published_version=None,
            )
            if done is None:
                raise await self._lost(article)
            await self._base.forget_vectors(tx, article_id=article_id, except_version=None)
            version = await self._note_publication(tx, by, PublicationKind.RETIRE, article_id, shown)
            await self._record(tx, by, "retire", article_id, before=_mark(article), after=_mark(done))
            return done, version

        retired, version = await self._transactions.write(work)
        await self._signals.publish(TOPIC, {"version": version})
        return retired, version

    async def delete(self, by: Person, article_id: str, *, expected_version: int) -> None:
        """Delete an article that was never published. Raises `NotADraft`, `ArticleChanged`, `NotFound`."""
        _check_may(by, WRITERS)
        article = await self._load(article_id)
        _check_unchanged(article, expected_version)
        if article.published_version or await self._base.publications(article_id):
            raise NotADraft

        async def work(tx: Tx) -> None:
            if not await self._articles.delete(tx, article_id=article_id, expected_version=expected_version):
                raise await self._lost(article)
            await self._record(tx, by, "delete", article_id, before=_mark(article))

        await self._transactions.write(work)

    async def try_question(
        self,
        by: Person,
        question: str,
        draft: Draft,
        *,
        article_id: str | None = None,
        language: Language = Language.ZH,
    ) -> Trial:
        """What the base answers to `question` now, and what it would answer with `draft` published."""
        _check_may(by, READERS)
        draft = _check_draft(draft, publishing=False)
        reading = await self._reader.read(question, previous=language)
        article = PublishedArticle(id=article_id or NEW_ARTICLE, version=0, content=draft)
        return Trial(
            before=await self._search.search(reading),
            after=await self._search.try_draft(reading, article),
        )

    async def misses(
        self, by: Person, *, language: Language | None = None, offset: int = 0, limit: int = PAGE
    ) -> MissPage:
        """Questions that got no good answer, newest first."""
        _check_may(by, READERS)
        return await self._articles.misses(
            language=language, offset=max(0, offset), limit=min(max(1, limit), MOST_PAGE)
        )

    async def dismiss_miss(self, by: Person, question: str, language: Language) -> int:
        """Take a question off the list; returns how often it had been asked."""
        _check_may(by, WRITERS)
        at = self._clock()
        return await self._transactions.write(
            lambda tx: self._articles.dismiss_miss(tx, question=question, language=language, at=at, by=by.display_name)
        )

    async def _save(
        self, by: Person, article_id: str, draft: Draft, *, expected_version: int, change: Change
    ) -> Article:
        _check_may(by, WRITERS)
        article = await self._load(article_id)
        _check_unchanged(article, expected_version)
        # The key is how people and files name the article for ever; a form that sends another one changes nothing.
        draft = _check_draft(replace(draft, key=article.key), publishing=False)
        status = ArticleStatus.PUBLISHED if article.published_version else ArticleStatus.DRAFT

        async def work(tx: Tx) -> Article:
            saved = await self._articles.save(
                tx,
                article_id=article_id,
                expected_version=expected_version,
                draft=draft,
                change=change,
                status=status,
                at=self._clock(),
                by=by.display_name,
            )
            if saved is None:
                raise await self._lost(article)
            await self._record(tx, by, str(change), article_id, before=_mark(article), after=_mark(saved))
            return saved

        return await self._transactions.write(work)

    async def _mark(
        self, by: Person, article_id: str, expected_version: int, status: ArticleStatus, action: str
    ) -> Article:
        _check_may(by, WRITERS)
        article = await self._load(article_id)
        _check_unchanged(article, expected_version)

        async def work(tx: Tx) -> Article:
            done = await self._articles.mark(
                tx,
                article_id=article_id,
                expected_version=expected_version,
                status=status,
                published_version=article.published_version,
            )
            if done is None:
                raise await self._lost(article)
            await self._record(tx, by, action, article_id, before=_mark(article), after=_mark(done))
            return done

        return await self._transactions.write(work)

    async def _load(self, article_id: str) -> Article:
        article = await self._articles.find(article_id)
        if article is None:
            raise NotFound
        return article

    async def _note_publication(
        self, tx: Tx, by: Person, kind: PublicationKind, article_id: str, article_version: int
    ) -> int:
        return await self._base.publish(
            tx,
            kind=kind,
            article_id=article_id,
            article_version=article_version,
            at=self._clock(),
            by=by.display_name,
        )

    async def _record(
        self, tx: Tx, by: Person, action: str, article_id: str, *, before: str = "", after: str = ""
    ) -> None:
        record = AuditRecord(
            at=self._clock(),
            account_id=by.id,
            action=f"knowledge_base.{action}",
            subject=f"article:{article_id}",
            before=before,
            after=after,
        )
        await self._audit.audit(tx, record)

    async def _lost(self, article: Article) -> ArticleChanged:
        """The refusal for whoever lost a race, naming who won it."""
        return _changed(await self._articles.find(article.id) or article)


def _check_may(by: Person, roles: tuple[Role, ...]) -> None:
    if not by.may(*roles):
        raise NotAllowed


def _check_draft(draft: Draft, *, publishing: bool) -> Draft:
    draft = tidy(draft)
    faults = find_faults(draft, publishing=publishing)
    if faults:
        raise ArticleInvalid(field=next(iter(faults)), details=faults)
    return draft


def _check_unchanged(article: Article, expected_version: int) -> None:
    if article.version != expected_version:
        raise _changed(article)


def _changed(article: Article) -> ArticleChanged:
    return ArticleChanged(
        who=article.updated_by, when=article.updated_at.isoformat(timespec="minutes"), version=article.version
    )


def _draft_of(article: Article) -> Draft:
    return Draft(key=article.key, category=article.category, products=article.products, texts=article.texts)


def _mark(article: Article) -> str:
    return f"{article.key} v{article.version} {article.status}"
