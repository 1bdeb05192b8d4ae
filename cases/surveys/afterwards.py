"""cases: offers a survey after something was committed. Fits `cases.ports.Surveys`."""

from __future__ import annotations

from cases.contracts.surveys import Offered, Why
from cases.ports import Customers, SurveyOffers
from kit.contracts import Clock, Transactions, Tx


class Afterwards:
    """One transaction of its own, and the conversation is woken."""

    def __init__(
        self, *, transactions: Transactions, offering: SurveyOffers, customers: Customers, clock: Clock
    ) -> None:
        self._transactions, self._offering = transactions, offering
        self._customers, self._clock = customers, clock

    async def offer(self, case_id: str | None, conversation_id: str, why: str) -> None:
        at = self._clock()

        async def work(tx: Tx) -> Offered | None:
            return await self._offering.offer(
                tx, case_id=case_id, conversation_id=conversation_id or None, why=Why(why), at=at
            )

        offered = await self._transactions.write(work)
        if offered is not None and offered.seq is not None:
            await self._customers.wake(conversation_id, seq=offered.seq)
