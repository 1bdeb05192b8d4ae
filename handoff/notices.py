"""handoff: tells single people what they have to know, until they have read it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handoff.contracts import ClockState, Handoff, Notice, NoticeKind, ServiceClock
from handoff.floor_ports import NoticeStore
from handoff.ladder import PRESSING
from handoff.news import News
from handoff.service_levels import ServiceLevels
from handoff.store_ports import HandoffStore
from kit.contracts import Clock, NewId, Transactions, Tx

KEPT_FOR = timedelta(hours=12)
"""Nobody reads yesterday's news first thing in the morning."""
SHOWN = 5
READ_AT_ONCE = 50
"""Unread ones looked at to find those that still hold."""
TIMED = frozenset({NoticeKind.AT_RISK, NoticeKind.LATE})


class Notices:
    """Notices to people of the desk."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: NoticeStore,
        handoffs: HandoffStore,
        levels: ServiceLevels,
        news: News,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._news = transactions, store, news
        self._handoffs, self._levels = handoffs, levels
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
        """What somebody has not read yet and is still so, newest first (at most `SHOWN`).

        What was told of a promised time is read off its clock again: at risk becomes late, and kept is gone.
        """
        at = self._clock()
        found = await self._store.unread(account_id, since=at - KEPT_FOR, limit=READ_AT_ONCE)
        clocks = await self._clocks(found, at)
        held = (as_it_is(one, clocks.get(one.conversation_id or "", ())) for one in found)
        return tuple(one for one in held if one is not None)[:SHOWN]

    async def _clocks(self, told: Iterable[Notice], at: datetime) -> dict[str, Sequence[ServiceClock]]:
        """The clocks of the open conversations whose promised times somebody was told of, by conversation."""
        timed = {one.conversation_id for one in told if one.kind in TIMED and one.conversation_id}
        if not timed:
            return {}
        handoffs = (await self._handoffs.open_states(sorted(timed))).values()
        clocks = await self._levels.clocks([*handoffs], at)
        return {one.conversation_id: clocks[one.id] for one in handoffs}

    async def read(self, account_id: str, notice_id: str) -> None:
        """Somebody has read a notice; twice does no harm."""
        at = self._clock()
        await self._transactions.write(lambda tx: self._store.read(tx, account_id, notice_id, at=at))

    async def settle(self, tx: Tx, account_id: str, once: str) -> None:
        """What somebody was told under this name holds no longer, and need not be read; the caller tells the news."""
        await self._store.read(tx, account_id, _named(once, account_id), at=self._clock())


def as_it_is(told: Notice, clocks: Iterable[ServiceClock]) -> Notice | None:
    """A notice of a promised time as it stands now; None when that was kept. Any other stays what it is."""
    if told.kind not in TIMED:
        return told
    for clock in clocks:
        # The next answer is another promise with every question.
        if clock.kind.value == told.text and clock.began_at <= told.at and clock.state in PRESSING:
            return replace(told, kind=NoticeKind.LATE if clock.state is ClockState.LATE else NoticeKind.AT_RISK)
    return None


def _named(once: str, account_id: str) -> str:
    """The same id for the same news to the same person."""
    return hashlib.sha256(f"{once}:{account_id}".encode()).hexdigest()[:26]
