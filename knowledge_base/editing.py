"""knowledge_base: what editors do with articles: list, write, try, review, publish, retire, restore, delete."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from kit.contracts import Clock, Language, NewId, Transactions, Tx
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
    SearchResult,
    Trial,
)
from knowledge_base.departments import Departments
from knowledge_base.gate import Gate
from knowledge_base.holding import hold_or_refuse
from knowledge_base.judging import GateReport
from knowledge_base.life import check_may_publish, check_may_roll_back, status_when_saved, waits
from knowledge_base.ports import ArticleStore, AttachmentStore, BaseStore, Reader
from knowledge_base.publishing import Author, Publisher, check_draft, mark
from knowledge_base.refusals import (
    ArticleChanged,
    ArticleInvalid,
    KeyTaken,
    NothingToRollBack,
    NotPublished,
    NotScheduled,
    StillPublished,
    changed,
)
from knowledge_base.service import KnowledgeBase
from knowledge_base.settings import Publishing
from knowledge_base.validation import find_late_faults
from knowledge_base.wordings import PublishedArticle
from staff.contracts import Person, Role

PAGE = 50
MOST_PAGE = 200
NOTE_LIMIT = 1000
"""Characters of a reviewer's note."""
WRITERS = (Role.EDITOR, Role.SUPERVISOR)
READERS = (Role.EDITOR, Role.SUPERVISOR, Role.AGENT)
"""Admins may everything (`Person.may`)."""
NEW_ARTICLE = "draft"
"""Stands for the id of an article that is tried before it is ever saved."""


class Editing:
    """The editors' service."""

    def __init__(
        self,
        *,
        articles: ArticleStore,
        attachments: AttachmentStore,
        base: BaseStore,
        search: KnowledgeBase,
        publisher: Publisher,
        gate: Gate,
        reader: Reader,
        transactions: Transactions,
        clock: Clock,
        new_id: NewId,
        rule: Publishing,
        departments: Departments,
    ) -> None:
        self._articles, self._base, self._search, self.publisher = articles, base, search, publisher
        self._attachments = attachments
        self._reader, self._transactions, self._clock, self._new_id = reader, transactions, clock, new_id
        self.gate, self.rule, self.departments = gate, rule, departments

    async def list(
        self, by: Person, chosen: ArticleFilter | None = None, *, offset: int = 0, limit: int = PAGE
    ) -> ArticlePage:
        """One page of articles."""
        _check_may(by, READERS)
        wanted = chosen or ArticleFilter()
        return await self._articles.list(
            wanted, now=self._clock(), offset=max(0, offset), limit=min(max(1, limit), MOST_PAGE)
        )

    async def load(self, by: Person, article_id: str) -> Article:
        """The working copy. Raises `NotFound`, for deleted articles too."""
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
        draft = check_draft(draft, publishing=False, departments=self.departments)

        async def work(tx: Tx) -> Article:
            article_id, at = self._new_id(), self._clock()
            await hold_or_refuse(self._attachments, tx, draft)
            made = await self._articles.create(
                tx,
                article_id=article_id,
                draft=draft,
                change=Change.CREATED,
                at=at,
                by=by.display_name,
                by_id=by.id,
            )
            if made is None:
                raise KeyTaken(field="key", key=draft.key)
            await self.publisher.record(tx, Author.of(by), "create", made.id, after=mark(made))
            return made

        return await self._transactions.write(work)

    async def save(self, by: Person, article_id: str, draft: Draft, *, expected_version: int) -> Article:
        """Store the next version of the working copy. Raises `ArticleInvalid`, `ArticleChanged`, `NotFound`."""
        return await self._save(by, article_id, draft, expected_version=expected_version, change=Change.SAVED)

    async def restore(self, by: Person, article_id: str, version: int, *, expected_version: int) -> Article:
        """Make an old version the newest one again; publishing it is another step, which refuses what is gone since."""
        _check_may(by, WRITERS)
        old = await self._articles.version(article_id, version)
        if old is None:
            raise NotFound
        return await self._save(by, article_id, old.content, expected_version=expected_version, change=Change.RESTORED)

    async def submit(self, by: Person, article_id: str, *, expected_version: int, note: str = "") -> Article:
        """Hand the working copy in for review; `note` is for whoever reviews it."""
        return await self._step(by, article_id, expected_version, ArticleStatus.IN_REVIEW, "submit", note=note)

    async def reject(self, by: Person, article_id: str, *, expected_version: int, note: str = "") -> Article:
        """Send it back from review, with what to mend; customers keep what they have."""
        article = await self._load(article_id)
        return await self._step(by, article_id, expected_version, status_when_saved(article), "reject", note=note)

    async def preview_publication(self, by: Person, article_id: str, *, expected_version: int) -> GateReport:
        """What publishing would do to the answers. Raises what `publish` raises about the draft itself."""
        article = await self._load_for(by, article_id, expected_version)
        check_draft(article.content, publishing=True, departments=self.departments)
        return await self.gate.report(article)

    async def publish(self, by: Person, article_id: str, *, expected_version: int, reason: str = "") -> Article:
        """Give customers this version, now or from the moment it is valid. Answers from then on.

        Raises `ArticleInvalid`, `ArticleChanged`, `NotFound`, `NeedsSecondPerson`, `NeedsSupervisor`, and
        `PublicationWorse` when golden answers would suffer and no `reason` is given.
        """
        article = await self.load_to_publish(by, article_id, expected_version=expected_version)
        return await self.publish_checked(
            by, article, reason=await self.gate.check(article, reason=reason[:NOTE_LIMIT])
        )

    async def load_to_publish(self, by: Person, article_id: str, *, expected_version: int) -> Article:
        """The article, if `publish` could take it as far as the gate; raises what that raises."""
        article = await self._load_for(by, article_id, expected_version)
        check_may_publish(by, article, self.rule)
        late = find_late_faults(article.details, now=self._clock())
        if late:
            raise ArticleInvalid(field=next(iter(late)), details=late)
        check_draft(article.content, publishing=True, departments=self.departments)
        return article

    async def publish_checked(self, by: Person, article: Article, *, reason: str) -> Article:
        """Publish or schedule what has passed the gate; `reason` is what the gate returned."""
        begins = article.details.valid_from
        if begins is not None and waits(article.details, self._clock()):
            return await self.publisher.schedule(Author.of(by), article, at=begins)
        done, _ = await self.publisher.publish(
            Author.of(by), article, version=article.version, draft=article.content, reason=reason
        )
        return done

    async def roll_back(self, by: Person, article_id: str, publication: int, *, expected_version: int) -> Article:
        """Take back the article's newest publication: customers get what they had before.

        The working copy goes back too, unless somebody has written since. `publication` is the base version it made.
        Raises `NothingToRollBack`, `ArticleChanged`, `NotFound` and the refusals of who may publish.
        """
        article = await self._load_for(by, article_id, expected_version)
        check_may_roll_back(by, self.rule)
        newest, *earlier = await self._base.publications(article_id) or (None,)
        if newest is None or newest.version != publication or article.published_version is None:
            raise NothingToRollBack
        before = earlier[0] if earlier else None
        if before is None or before.kind is PublicationKind.RETIRE:
            done, _ = await self.publisher.retire(Author.of(by), article, shown=article.published_version)
            return done
        stored = await self._articles.version(article_id, before.article_version)
        if stored is None:
            raise NothingToRollBack
        author = Author.of(by)
        if article.version == newest.article_version:
            done, _ = await self.publisher.publish_anew(author, article, stored.content)
        else:
            done, _ = await self.publisher.publish(
                author, article, version=before.article_version, draft=stored.content
            )
        return done

    async def call_off(self, by: Person, article_id: str, *, expected_version: int) -> Article:
        """Let a waiting publication not happen. Raises `NotScheduled`, `ArticleChanged`, `NotFound`."""
        article = await self._load_for(by, article_id, expected_version)
        if article.schedule is None:
            raise NotScheduled
        return await self.publisher.call_off(Author.of(by), article)

    async def retire(self, by: Person, article_id: str, *, expected_version: int) -> Article:
        """Take the article from customers. Raises `NotPublished`, `ArticleChanged`, `NotFound`."""
        article = await self._load_for(by, article_id, expected_version)
        if article.published_version is None:
            raise NotPublished
        done, _ = await self.publisher.retire(Author.of(by), article, shown=article.published_version)
        return done

    async def confirm_translation(self, by: Person, article_id: str, *, expected_version: int) -> Article:
        """Somebody looked: both languages say the same."""

        async def work(tx: Tx) -> Article | None:
            return await self._articles.confirm_sides(tx, article_id=article_id, expected_version=expected_version)

        article = await self._load_for(by, article_id, expected_version)
        return await self._change(by, article, "confirm_translation", work)

    async def confirm_short(self, by: Person, article_id: str, language: Language, *, expected_version: int) -> Article:
        """Somebody looked: this short answer is still right for its answer as it stands."""

        async def work(tx: Tx) -> Article | None:
            return await self._articles.confirm_short(
                tx, article_id=article_id, expected_version=expected_version, language=language
            )

        article = await self._load_for(by, article_id, expected_version)
        return await self._change(by, article, "confirm_short", work)

    async def delete(self, by: Person, article_id: str, *, expected_version: int) -> None:
        """Put an article that customers do not get among the deleted ones. Raises `StillPublished`, `ArticleChanged`.

        Nothing of it is lost; its key stays taken.
        """
        article = await self._load_for(by, article_id, expected_version)
        if article.published_version is not None or article.schedule is not None:
            raise StillPublished
        await self._change(by, article, "delete", lambda tx: self._set_deleted(tx, by, article, deleted=True))

    async def undelete(self, by: Person, article_id: str, *, expected_version: int) -> Article:
        """Bring a deleted article back as it was. Raises `ArticleChanged`, `NotFound`."""
        _check_may(by, WRITERS)
        article = await self._articles.find(article_id)
        if article is None or article.deleted_at is None:
            raise NotFound
        _check_unchanged(article, expected_version)
        return await self._change(by, article, "undelete", lambda tx: self._set_deleted(tx, by, article, deleted=False))

    async def ask(self, by: Person, question: str, *, language: Language) -> SearchResult:
        """What customers would get for `question` now."""
        _check_may(by, READERS)
        return await self._search.search(await self._reader.read(question, previous=language))

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
        draft = check_draft(draft, publishing=False)
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
        article = await self._load_for(by, article_id, expected_version)
        # The key is how people and files name the article for ever; a form that sends another one changes nothing.
        known = None if change is Change.RESTORED else self.departments
        draft = check_draft(replace(draft, key=article.key), publishing=False, departments=known)

        async def work(tx: Tx) -> Article | None:
            await hold_or_refuse(self._attachments, tx, draft)
            return await self._articles.save(
                tx,
                article_id=article_id,
                expected_version=expected_version,
                draft=draft,
                change=change,
                status=status_when_saved(article),
                at=self._clock(),
                by=by.display_name,
                by_id=by.id,
            )

        return await self._change(by, article, str(change), work)

    async def _step(
        self, by: Person, article_id: str, expected_version: int, status: ArticleStatus, action: str, *, note: str
    ) -> Article:
        article = await self._load_for(by, article_id, expected_version)

        async def work(tx: Tx) -> Article | None:
            return await self._articles.mark(
                tx,
                article_id=article_id,
                expected_version=expected_version,
                status=status,
                published_version=article.published_version,
                note=note.strip()[:NOTE_LIMIT],
            )

        return await self._change(by, article, action, work)

    async def _set_deleted(self, tx: Tx, by: Person, article: Article, *, deleted: bool) -> Article | None:
        return await self._articles.set_deleted(
            tx,
            article_id=article.id,
            expected_version=article.version,
            at=self._clock() if deleted else None,
            by=by.display_name,
        )

    async def _change(
        self, by: Person, article: Article, action: str, work: Callable[[Tx], Awaitable[Article | None]]
    ) -> Article:
        """Store a change and its line in the audit trail; None from `work` says that somebody else was faster."""

        async def audited(tx: Tx) -> Article:
            done = await work(tx)
            if done is None:
                raise await self._lost(article)
            await self.publisher.record(tx, Author.of(by), action, article.id, before=mark(article), after=mark(done))
            return done

        return await self._transactions.write(audited)

    async def _load_for(self, by: Person, article_id: str, expected_version: int) -> Article:
        """The article for a writer who read `expected_version`."""
        _check_may(by, WRITERS)
        article = await self._load(article_id)
        _check_unchanged(article, expected_version)
        return article

    async def _load(self, article_id: str) -> Article:
        article = await self._articles.find(article_id)
        if article is None or article.deleted_at is not None:
            raise NotFound
        return article

    async def _lost(self, article: Article) -> ArticleChanged:
        """The refusal for whoever lost a race, naming who won it."""
        return changed(await self._articles.find(article.id) or article)


def _check_may(by: Person, roles: tuple[Role, ...]) -> None:
    if not by.may(*roles):
        raise NotAllowed


def _check_unchanged(article: Article, expected_version: int) -> None:
    if article.version != expected_version:
        raise changed(article)
