"""cases: asks customers again every so many days how they find us: a drawn share, spread over the days of a round."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from cases.contracts.surveys import Offered, Why
from cases.ports import Customers, Reachable, SurveyOffers
from cases.rules import Rules
from cases.settings import Questionnaire
from cases.surveys.sampling import drawn
from cases.surveys.store_ports import SurveyStore
from kit.contracts import Transactions, Tx
from kit.hours import is_open

BATCH = 500
MOST = 100
"""Customers one sweep asks; the next one goes on."""


class Rounds:
    """The periodic survey."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: SurveyStore,
        offering: SurveyOffers,
        customers: Customers,
        reach: Reachable,
        rules: Rules,
    ) -> None:
        self._transactions, self._store, self._offering = transactions, store, offering
        self._customers, self._reach, self._rules = customers, reach, rules

    async def run_due(self, now: datetime) -> int:
        """Ask those whose turn has come, in opening hours only; how many were asked."""
        settings = self._rules.settings.surveys
        asked = settings.for_(Why.PERIODIC, None)
        if asked is None or not is_open(self._rules.hours(self._rules.other), now):
            return 0
        count, after, since = 0, "", now - timedelta(days=asked.every_days)
        while count < MOST and (found := await self._reach.lately(since, after=after, limit=BATCH)):
            after = found[-1]
            keys = {
                key: talk
                for talk in found
                if (key := due_key(asked, talk, now)) and drawn(settings.seed, asked.name, key, asked.share)
            }
            known = await self._store.known_of(list(keys))
            for key in [key for key in keys if key not in known][: MOST - count]:
                count += await self._ask(key, keys[key], now)
        return count

    async def _ask(self, key: str, conversation_id: str, now: datetime) -> bool:
        async def work(tx: Tx) -> Offered | None:
            return await self._offering.offer(
                tx, case_id=None, conversation_id=conversation_id, why=Why.PERIODIC, at=now, key=key
            )

        offered = await self._transactions.write(work)
        if offered is not None and offered.seq is not None:
            await self._customers.wake(conversation_id, seq=offered.seq)
        return offered is not None


def due_key(asked: Questionnaire, conversation_id: str, now: datetime) -> str | None:
    """The key of this round for a customer whose day in it has come; every customer has a day of their own."""
    number, day = divmod(now.date().toordinal(), asked.every_days)
    digest = hashlib.sha256(f"{asked.name}:{conversation_id}".encode()).digest()
    if int.from_bytes(digest[:4]) % asked.every_days > day:
        return None
    return f"periodic:{asked.name}:{number}:{conversation_id}"
