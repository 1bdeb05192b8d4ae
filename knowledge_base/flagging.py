"""knowledge_base: flags on answers: raised by whoever reads them at work, settled by editors. Knows no conversation."""

from __future__ import annotations

from collections.abc import Sequence

from kit.contracts import Clock, Language, NewId, Transactions
from kit.refusals import NotAllowed, NotFound
from knowledge_base.contracts import Flag, FlagEnd, FlaggedArticle, FlagReason
from knowledge_base.editing import READERS, WRITERS
from knowledge_base.ports import ArticleStore
from knowledge_base.question_ports import FlagStore
from knowledge_base.refusals import FlagNeedsWords, FlagTooLong
from staff.contracts import Person

WORDS_LIMIT = 500
SHOWN = 50
"""Flagged articles that the inbox shows; the ones with the most flags."""


class Flagging:
    """Keeps the flags that wait for an editor."""

    def __init__(
        self, *, flags: FlagStore, articles: ArticleStore, transactions: Transactions, clock: Clock, new_id: NewId
    ) -> None:
        self._flags, self._articles, self._transactions = flags, articles, transactions
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
        if await self._articles.find(article_id) is None:
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
        await self._transactions.write(lambda tx: self._flags.put(tx, flag))
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
        at, name = self._clock(), by.display_name
        await self._transactions.write(
            lambda tx: self._flags.settle(tx, article_id, end=end, seen=seen, at=at, by=name)
        )
