"""knowledge_base: what editors are typing and have not saved, kept in SQL; and who else has the same article open.

One row a person and article tells both. It survives a closed browser, a lost session and a restart of the desk; the
browser keeps a copy of its own for the moments when the desk cannot be reached.
"""

from __future__ import annotations

from datetime import timedelta

from kit.contracts import Clock, Transactions, Tx
from kit.refusals import Malformed, NotAllowed, NotFound
from knowledge_base.contracts import Company, Draft, UnsavedText
from knowledge_base.editing import WRITERS
from knowledge_base.ports import ArticleStore, UnsavedStore
from staff.contracts import Person

PRESENT = timedelta(seconds=45)
"""Longest silence of a page that still counts as open; pages report every 15 seconds."""
KEPT = timedelta(days=90)
"""After so long an unsaved text goes."""
MOST_NEW = 20
"""New articles one person may have begun and not saved; the oldest goes."""
NEW = "new-"
NAME_LIMIT = 40


class UnsavedTexts:
    """Keeps unsaved texts and tells editors of each other."""

    def __init__(
        self, *, store: UnsavedStore, articles: ArticleStore, transactions: Transactions, clock: Clock
    ) -> None:
        self._store, self._articles, self._transactions, self._clock = store, articles, transactions, clock

    async def keep(
        self,
        by: Person,
        name: str,
        *,
        base_version: int,
        content: Draft | None,
    ) -> Company:
        """The page is open and holds `content`; who else is there.

        An article that was deleted may come back, so what is typed is kept for it. Raises `NotFound` for one that never
        was.
        """
        _check_may(by)
        is_new = name.startswith(NEW)
        if not 0 < len(name) <= NAME_LIMIT:
            raise Malformed(field="name", details={"name": f"1 to {NAME_LIMIT} characters"})
        article = None if is_new else await self._articles.find(name)
        if not is_new and article is None:
            raise NotFound
        now = self._clock()
        text = UnsavedText(
            name=name,
            article_id=article.id if article else None,
            base_version=base_version,
            content=content,
            at=now,
        )

        async def work(tx: Tx) -> None:
            await self._store.put(tx, account_id=by.id, person=by.display_name, text=text)
            await self._store.clean(tx, account_id=by.id, most_new=MOST_NEW, before=now - KEPT)

        await self._transactions.write(work)
        if article is None:
            return Company(version=0, saved_by="", colleagues=())
        others = await self._store.others(article.id, except_account=by.id, seen_since=now - PRESENT)
        return Company(
            version=article.version,
            saved_by=article.updated_by,
            colleagues=others,
            is_deleted=article.deleted_at is not None,
        )

    async def find(self, by: Person, name: str) -> UnsavedText | None:
        """This person's unsaved text of an article, if there is one."""
        _check_may(by)
        found = await self._store.find(by.id, name)
        return found if found is not None and found.content is not None else None

    async def begun(self, by: Person) -> tuple[UnsavedText, ...]:
        """New articles this person began and never saved, newest first."""
        _check_may(by)
        return await self._store.begun(by.id)

    async def forget(self, by: Person, name: str) -> None:
        """It was saved or given up, or the page was closed with nothing unsaved."""
        _check_may(by)
        await self._transactions.write(lambda tx: self._store.remove(tx, account_id=by.id, name=name))


def _check_may(by: Person) -> None:
    if not by.may(*WRITERS):
        raise NotAllowed
