"""handoff: tells single people what they have to know, until they have read it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from handoff.contracts import Handoff, Notice, NoticeKind
from handoff.floor_ports import NoticeStore
from handoff.news import News
from kit.contracts import Clock, NewId, Transactions, Tx

KEPT_FOR = timedelta(hours=12)
"""Nobody reads yesterday's news first thing in the morning."""
SHOWN = 5


class Notices:
    """Notices to people of the desk."""

    def __init__(
        self, *, transactions: Transactions, store: NoticeStore, news: News, clock: Clock, new_id: NewId
    ) -> None:
        self._transactions, self._store, self._news = transactions, store, news
        self._clock, self._new_id = clock, new_id

    async def tell(
        self,
        tx: Tx,
        accounts: Iterable[str],
        kind: NoticeKind,
        *,
        by: str = "",
        about: Handoff | None = None,
        text: str = "",
        once: str = "",
    ) -> None:
        """Store a notice for each of `accounts`; the caller commits, and then tells the desk's news.

        With `once`, what was told under that name before is not told again.
        """
        at = self._clock()
        told = [
            Notice(
                id=_named(once, account_id) if once else self._new_id(),
                account_id=account_id,
                kind=kind,
                by=by,
                conversation_id=about.conversation_id if about else None,
                customer=about.customer_name if about else "",
                text=text,
                at=at,
            )
            for account_id in accounts
        ]
        await self._store.add(tx, told)

    async def unread(self, account_id: str) -> tuple[Notice, ...]:
        """What somebody has not read yet, newest first (at most `SHOWN`)."""
        return await self._store.unread(account_id, since=self._clock() - KEPT_FOR, limit=SHOWN)

    async def read(self, account_id: str, notice_id: str) -> None:
        """Somebody has read a notice; twice does no harm."""
        at = self._clock()
        await self._transactions.write(lambda tx: self._store.read(tx, account_id, notice_id, at=at))

    async def settle(self, tx: Tx, account_id: str, once: str) -> None:
        """What somebody was told under this name holds no longer, and need not be read; the caller tells the news."""
        await self._store.read(tx, account_id, _named(once, account_id), at=self._clock())


def _named(once: str, account_id: str) -> str:
    """The same id for the same news to the same person."""
    return hashlib.sha256(f"{once}:{account_id}".encode()).hexdigest()[:26]
