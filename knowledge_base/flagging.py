"""knowledge_base: flags on answers: raised by whoever reads them at work, settled by editors. Knows no conversation."""

from __future__ import annotations

from collections.abc import Sequence

from kit.contracts import Clock, Language, NewId, Transactions, Tx
from kit.refusals import NotAllowed, NotFound
from knowledge_base.contracts import Article, Flag, FlagEnd, FlaggedArticle, FlagReason
from knowledge_base.editing import READERS, WRITERS
from knowledge_base.ports import ArticleStore, Audit
from knowledge_base.question_ports import FlagStore
from knowledge_base.refusals import FlagNeedsWords, FlagTooLong
from staff.contracts import AuditRecord, Person

WORDS_LIMIT = 500
SHOWN = 50
"""Flagged articles that the inbox shows; the ones with the most flags."""


class Flagging:
    """Keeps the flags that wait for an editor."""

    def __init__(
        self,
        *,
        flags: FlagStore,
        articles: ArticleStore,
        transactions: Transactions,
        audit: Audit,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._flags, self._articles, self._transactions, self._audit = flags, articles, transactions, audit
        self._clock, self._new_id = clock, new_id

    async def raise_flag(
        self, article_id: str, *, language: Language, reason: FlagReason, words: str, by_id: str, by: str
    ) -> Flag:
        """Say that an answer is not right, and why. Again by the same person: their newer words count.

        Raises `NotFound`, `FlagNeedsWords`, `FlagTooLong`.
        """
        said = words.strip()
        if not said:
            raise FlagNeedsWords(field="words")
        if len(said) > WORDS_LIMIT:
            raise FlagTooLong(field="words", limit=WORDS_LIMIT)
        article = await self._articles.find(article_id)
        if article is None:
            raise NotFound
        flag = Flag(
            id=self._new_id(),
            article_id=article_id,
            language=language,
            reason=reason,
            words=said,
            at=self._clock(),
            by_id=by_id,
            by=by,
        )

        async def work(tx: Tx) -> None:
            before = await self._flags.put(tx, flag)
            await self._record(tx, "flag", article, by_id, before=before, after=_told(flag, article.key))

        await self._transactions.write(work)
        return flag

    async def waiting(self, by: Person) -> tuple[FlaggedArticle, ...]:
        """The articles with flags that nobody has settled, those with the most flags first."""
        if not by.may(*READERS):
            raise NotAllowed
        found: dict[str, list[Flag]] = {}
        for flag in await self._flags.waiting():
            found.setdefault(flag.article_id, []).append(flag)
        most = sorted(found.items(), key=lambda item: (-len(item[1]), item[1][0].at))[:SHOWN]
        return tuple(FlaggedArticle(article_id=article_id, flags=tuple(reversed(flags))) for article_id, flags in most)

    async def settle(self, by: Person, article_id: str, end: FlagEnd, *, seen: Sequence[str]) -> None:
        """Deal with the flags of an article that the editor has `seen` (ids); one raised meanwhile goes on waiting."""
        if not by.may(*WRITERS):
            raise NotAllowed
        article = await self._articles.find(article_id)
        if article is None:
            raise NotFound
        at, name = self._clock(), by.display_name

        async def work(tx: Tx) -> None:
            for flag in await self._flags.settle(tx, article_id, end=end, seen=seen, at=at, by=name):
                await self._record(tx, "flag_settled", article, by.id, before=flag, after=str(end))

        await self._transactions.write(work)

    async def _record(
        self, tx: Tx, action: str, article: Article, by_id: str, *, before: Flag | None, after: str
    ) -> None:
        line = AuditRecord(
            at=self._clock(),
            account_id=by_id or None,
            action=f"knowledge_base.{action}",
            subject=f"article:{article.id}",
            before=_told(before, article.key) if before is not None else "",
            after=after,
        )
        await self._audit.audit(tx, line)


def _told(flag: Flag, key: str) -> str:
    """How the audit trail notes a flag: the names on the first line, below it what was typed."""
    return f"{flag.reason}, {flag.language}\n{key}: {flag.words}"
