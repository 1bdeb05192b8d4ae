"""cases: the morning digest: what is owed today, as a page, and told to every supervisor once a morning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from cases.contracts import Watched
from cases.contracts.clocks import ClockKind
from cases.contracts.digest import Digest, Supervisor
from cases.follow_ups.desk import FollowUpDesk
from cases.settings import CaseSettings
from kit.contracts import Clock, Transactions, Tx
from kit.hours import moment
from kit.texts import Texts
from staff.contracts.sight import Sight

log = structlog.get_logger("cases.digest")

LATEST = timedelta(hours=4)
"""A house that was down in the morning does not tell of it in the evening."""


class Supervisors(Protocol):
    """Whom the digest is for, and how they hear of it. `bot` asks the live desk."""

    async def all(self) -> Sequence[Supervisor]: ...

    async def tell(self, tx: Tx, words: Mapping[str, str]) -> None:
        """Tell each account its words, with the transaction."""
        ...

    async def wake(self) -> None:
        """After the commit."""
        ...


class DigestStore(Protocol):
    """What is owed on a day, and which days were told, in SQL."""

    async def owed(
        self, now: datetime, until: datetime, *, kinds: Sequence[ClockKind], late: bool, limit: int, sight: Sight
    ) -> tuple[tuple[Watched, ...], int]:
        """Running promises of these kinds that were due by `now` (`late`) or are until `until`; and how many."""
        ...

    async def claim(self, tx: Tx, day: date, *, at: datetime) -> bool:
        """Whether nobody has told of this day before."""
        ...


MADE_BY_HAND = (ClockKind.CALL_BACK,)
OTHERS = tuple(kind for kind in ClockKind if kind not in {ClockKind.CALL_BACK, ClockKind.CONFIRMATION})


class Digests:
    """The digest of a day."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: DigestStore,
        follow_ups: FollowUpDesk,
        supervisors: Supervisors,
        settings: CaseSettings,
        texts: Texts,
        clock: Clock,
    ) -> None:
        self._transactions, self._store, self._follow_ups = transactions, store, follow_ups
        self._supervisors, self._settings, self._texts, self._clock = supervisors, settings, texts, clock
        self._zone = ZoneInfo(settings.time_zone)
        self._told: date | None = None

    async def today(self, sight: Sight) -> Digest:
        """What is owed today, as far as `sight` goes."""
        return await self._of(self._clock(), sight)

    async def run_due(self, now: datetime) -> int:
        """Tell every supervisor, once a morning; of several workers one does. Returns how many were told."""
        here = now.astimezone(self._zone)
        begins = self._settings.digest.moment(here.date(), self._zone)
        if begins is None or not begins <= now < begins + LATEST or self._told == here.date():
            return 0
        words = {one.account_id: await self._words(one, now) for one in await self._supervisors.all()}

        async def work(tx: Tx) -> bool:
            if not await self._store.claim(tx, here.date(), at=now):
                return False
            await self._supervisors.tell(tx, words)
            return True

        told = await self._transactions.write(work)
        self._told = here.date()
        if not told:
            return 0
        await self._supervisors.wake()
        log.info("digest_told", day=here.date().isoformat(), supervisors=len(words))
        return len(words)

    async def _words(self, one: Supervisor, now: datetime) -> str:
        found = await self._of(now, one.sight)
        return self._texts(
            "cases.digest.told",
            one.language,
            late=found.late_count,
            today=found.today_count,
            call_backs=found.call_back_count,
            follow_ups=found.follow_ups,
        )

    async def _of(self, now: datetime, sight: Sight) -> Digest:
        day, limit = now.astimezone(self._zone).date(), self._settings.list_limit
        until = moment(day + timedelta(days=1), 0, self._zone)
        late, late_count = await self._store.owed(now, until, kinds=OTHERS, late=True, limit=limit, sight=sight)
        today, today_count = await self._store.owed(now, until, kinds=OTHERS, late=False, limit=limit, sight=sight)
        owed = [
            await self._store.owed(now, until, kinds=MADE_BY_HAND, late=late_ones, limit=limit, sight=sight)
            for late_ones in (True, False)
        ]
        asked = await self._follow_ups.today(sight=sight)
        return Digest(
            day=day,
            late=late,
            today=today,
            call_backs=tuple(each for found, _ in owed for each in found),
            late_count=late_count,
            today_count=today_count,
            call_back_count=sum(count for _, count in owed),
            follow_ups=asked.due_total + len(asked.later),
        )
