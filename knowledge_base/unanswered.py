"""knowledge_base: what editors do with clusters of unanswered questions: make articles of them, put them aside."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from kit.contracts import Clock, Language, Transactions, Tx
from kit.refusals import Malformed, NotAllowed, NotFound
from knowledge_base.contracts import (
    Article,
    ArticleText,
    ClusterCard,
    ClusterPage,
    ClusterState,
    Draft,
    QuestionFilter,
)
from knowledge_base.editing import MOST_PAGE, READERS, WRITERS, Editing
from knowledge_base.new_articles import create_with_key
from knowledge_base.ports import Audit
from knowledge_base.question_ports import ClusterStore
from knowledge_base.refusals import NoSuchSide
from knowledge_base.validation import ANSWER_LIMIT, MOST_QUESTIONS, QUESTION_LIMIT, TITLE_LIMIT
from nlu.service import bare
from staff.contracts import AuditRecord, Person

WORDINGS = 50
REPLIES = 20
BORROWED = 12
"""Customers' wordings that go into an article; the others are hardly different."""
NEW_CATEGORY = "new"
"""Of drafts for which no article came close."""
MOST_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What the inbox is narrowed to, as people choose it."""

    days: int = 56
    language: Language | None = None
    channel: str = ""
    quiet: bool = False
    """Those that editors have dealt with instead of those that wait."""


class Unanswered:
    """The inbox of unanswered questions."""

    def __init__(
        self,
        *,
        clusters: ClusterStore,
        editing: Editing,
        transactions: Transactions,
        audit: Audit,
        zone: tzinfo,
        clock: Clock,
    ) -> None:
        self._clusters, self._editing = clusters, editing
        self._transactions, self._audit = transactions, audit
        self._zone, self._clock = zone, clock

    async def page(self, by: Person, window: Window, *, offset: int = 0, limit: int = 25) -> ClusterPage:
        """One page of clusters, those first that cost the most customers."""
        _check_may_read(by)
        today = self._clock().astimezone(self._zone).date()
        chosen = QuestionFilter(
            since=today - timedelta(days=min(max(1, window.days), MOST_DAYS) - 1),
            language=window.language,
            channel=window.channel,
        )
        return await self._clusters.page(
            chosen, quiet=window.quiet, today=today, offset=max(0, offset), limit=min(max(1, limit), MOST_PAGE)
        )

    async def card(self, by: Person, cluster_id: str) -> ClusterCard:
        """One cluster with customers' words and agents' replies. Raises `NotFound`."""
        _check_may_read(by)
        today = self._clock().astimezone(self._zone).date()
        card = await self._clusters.card(cluster_id, today=today, wordings=WORDINGS, replies=REPLIES)
        if card is None:
            raise NotFound
        return card

    async def make_draft(self, by: Person, cluster_id: str) -> Article:
        """A draft from the cluster: its question, the customers' words, an agent's reply. A person publishes it.

        Asked a second time while nothing new has come, it is the article that was made or added to before.
        """
        _check_may_write(by)
        card = await self.card(by, cluster_id)
        if card.line.state is ClusterState.DONE and card.line.again is None and card.line.article_id is not None:
            with contextlib.suppress(NotFound):  # deleted since: another one then
                return await self._editing.load(by, card.line.article_id)
        title, *others = [question for question, _ in card.wordings] or [card.line.title]
        side = ArticleText(
            language=card.line.language,
            title=title[:TITLE_LIMIT],
            answer=max(card.replies, key=len, default="")[:ANSWER_LIMIT],
            short="",
            questions=_borrowed(others, known=[title]),
        )
        category = NEW_CATEGORY
        if card.best_article_id is not None:
            try:
                category = (await self._editing.load(by, card.best_article_id)).category
            except NotFound:
                category = NEW_CATEGORY  # deleted since
        article = await create_with_key(self._editing, by, Draft(key="", category=category, texts=(side,)))
        await self._settle(by, card, ClusterState.DONE, article)
        return article

    async def add_to(self, by: Person, cluster_id: str, article_id: str) -> Article:
        """Add the customers' words to an article's working copy. Raises `NoSuchSide`, `NotFound`."""
        _check_may_write(by)
        card = await self.card(by, cluster_id)
        article = await self._editing.load(by, article_id)
        side = article.text(card.line.language)
        if side is None:
            raise NoSuchSide(field="article_id")
        asked = [question for question, _ in card.wordings]
        more = _borrowed(asked, known=[side.title, *side.questions])[: MOST_QUESTIONS - len(side.questions)]
        if more:
            new = replace(side, questions=(*side.questions, *more))
            texts = tuple(new if text is side else text for text in article.texts)
            article = await self._editing.save(
                by, article_id, replace(article.content, texts=texts), expected_version=article.version
            )
        await self._settle(by, card, ClusterState.DONE, article)
        return article

    async def dismiss(self, by: Person, cluster_id: str) -> None:
        """Put it aside; what joins it later stays quiet too."""
        _check_may_write(by)
        await self._settle(by, await self.card(by, cluster_id), ClusterState.DISMISSED)

    async def reopen(self, by: Person, cluster_id: str) -> None:
        """Take it up again."""
        _check_may_write(by)
        await self._settle(by, await self.card(by, cluster_id), ClusterState.OPEN)

    async def merge(self, by: Person, cluster_id: str, *, into: str) -> None:
        """Give its questions, and those that would join it, to another cluster."""
        _check_may_write(by)
        target = await self.card(by, into)
        source = await self.card(by, cluster_id)
        if (
            into == cluster_id
            or target.line.state is ClusterState.MERGED
            or target.line.language != source.line.language
        ):
            raise Malformed(field="into", details={"into": "another cluster of the same language"})
        at = self._clock()

        async def work(tx: Tx) -> None:
            if not await self._clusters.merge(tx, cluster_id, into=into, at=at, by=by.display_name):
                raise NotFound
            await self._record(
                tx, by, cluster_id, ClusterState.MERGED, before=source.line.title, after=target.line.title, at=at
            )

        await self._transactions.write(work)

    async def _settle(self, by: Person, card: ClusterCard, state: ClusterState, article: Article | None = None) -> None:
        at, cluster_id = self._clock(), card.line.id

        async def work(tx: Tx) -> None:
            done = await self._clusters.settle(
                tx, cluster_id, state=state, article_id=article.id if article else None, at=at, by=by.display_name
            )
            if not done:
                raise NotFound
            await self._record(
                tx, by, cluster_id, state, before=card.line.title, after=article.key if article else "", at=at
            )

        await self._transactions.write(work)

    async def _record(
        self, tx: Tx, by: Person, cluster_id: str, state: ClusterState, *, before: str, after: str, at: datetime
    ) -> None:
        """A line in the audit trail: which question, and what came of it."""
        line = AuditRecord(
            at=at,
            account_id=by.id or None,
            action=f"knowledge_base.cluster_{state}",
            subject=f"cluster:{cluster_id}",
            before=before,
            after=after,
        )
        await self._audit.audit(tx, line)


def _borrowed(asked: list[str], *, known: list[str]) -> tuple[str, ...]:
    """Those of the customers' wordings that say something new, the most frequent first."""
    seen = {bare(text) for text in known}
    found: list[str] = []
    for question in asked:
        if len(question) <= QUESTION_LIMIT and bare(question) not in seen:
            seen.add(bare(question))
            found.append(question)
    return tuple(found[:BORROWED])


def _check_may_read(by: Person) -> None:
    if not by.may(*READERS):
        raise NotAllowed


def _check_may_write(by: Person) -> None:
    if not by.may(*WRITERS):
        raise NotAllowed
