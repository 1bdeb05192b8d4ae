"""cases: whoever stands above the desk is told at once, and once, of a serious case, an objection, a late promise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from cases.contracts import Alert, Case, Level
from cases.contracts.digest import Supervisor
from kit.contracts import Transactions, Tx
from kit.texts import Texts

log = structlog.get_logger("cases.alerting")

AT_ONCE = 50
LATEST = timedelta(hours=12)
"""What is older stands on the watch list; nobody is called for it any more."""
BEGINNING = 60
"""Characters of what happened that are told with it."""


class Watchers(Protocol):
    """Who supervises, and how they are told. `bot` asks the live desk."""

    async def all(self) -> Sequence[Supervisor]: ...

    async def alert(self, tx: Tx, words: Mapping[str, str]) -> None:
        """Tell each account its words, with the transaction."""
        ...

    async def wake(self) -> None:
        """After the commit."""
        ...


class AlertStore(Protocol):
    """Alerts in SQL."""

    async def untold(self, *, limit: int) -> tuple[tuple[Case, Alert], ...]:
        """Those nobody was told of, the oldest first."""
        ...

    async def mark_told(self, tx: Tx, alert_id: str, *, at: datetime) -> bool:
        """False where another worker was faster."""
        ...


class Alerting:
    """Tells of alerts. The list of them is `cases.promises.Promises.unseen`."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: AlertStore,
        watchers: Watchers,
        managers: Sequence[str],
        texts: Texts,
    ) -> None:
        self._transactions, self._store, self._watchers = transactions, store, watchers
        self._managers, self._texts = frozenset(managers), texts

    async def run_due(self, now: datetime) -> int:
        """Tell of everything new; returns how many alerts were told."""
        waiting = await self._store.untold(limit=AT_ONCE)
        if not waiting:
            return 0
        supervisors, told = await self._watchers.all(), 0
        for case, alert in waiting:
            fresh = now - alert.at <= LATEST
            words = {
                one.account_id: self._words(case, alert, one)
                for one in supervisors
                if fresh and self._is_for(one, alert.to) and one.sight.covers(case.department)
            }
            told += await self._tell(alert, words, now)
        await self._watchers.wake()
        return told

    async def _tell(self, alert: Alert, words: Mapping[str, str], now: datetime) -> bool:
        async def work(tx: Tx) -> bool:
            if not await self._store.mark_told(tx, alert.id, at=now):
                return False
            await self._watchers.alert(tx, words)
            return True

        told = await self._transactions.write(work)
        if told:
            log.info("alert_told", alert=alert.id, why=alert.why, to=len(words))
        return told

    def _is_for(self, one: Supervisor, level: Level) -> bool:
        """Every supervisor hears of what is for supervisors; managers, where some are named, of what is for them."""
        return level < Level.MANAGER or not self._managers or one.name in self._managers

    def _words(self, case: Case, alert: Alert, one: Supervisor) -> str:
        why = self._texts(f"cases.alert.{alert.why}", one.language)
        begun = " ".join(case.what_happened.split())
        begun = begun if len(begun) <= BEGINNING else f"{begun[: BEGINNING - 1]}…"
        return self._texts("cases.alert_told", one.language, number=case.number, why=why, what=begun)
