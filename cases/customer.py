"""cases: what a customer says of the decision on their own file. Whose file it is, the caller has made sure of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from cases.contracts import Case, Closure, Editor, Level, Stage
from cases.draft import Draft, Told
from cases.keeper import Keeper
from kit.contracts import Tx

CUSTOMER = Editor(id="customer", name="")
"""Whose file it is. Where files were merged, `customer_under` tells their customers apart."""
ANSWERABLE = frozenset({Stage.TOLD, Stage.FOLLOW_UP})
"""Stages in which the customer knows a decision and has not answered it."""
OBJECTIONABLE = ANSWERABLE | {Stage.CLOSED}


def customer_under(number: str, case: Case) -> Editor:
    """The customer who speaks of `case` under `number`: by name where it is the number of a report merged into it."""
    return CUSTOMER if number == case.number else replace(CUSTOMER, name=number)


class CustomerWord:
    """Confirming and objecting, in the caller's transaction. What comes too late, or twice, changes nothing."""

    def __init__(self, *, keeper: Keeper) -> None:
        self._keeper = keeper

    async def confirm(self, tx: Tx, case_id: str, *, at: datetime) -> Case:
        """It is settled: the file is closed, confirmed. Raises NotFound."""

        def work(draft: Draft) -> None:
            if draft.step.stage in ANSWERABLE:
                closed = self._keeper.rules.step_at(draft.case.kind, Stage.CLOSED)
                draft.note("confirmed", "")
                draft.enter(closed, Told(silently=True), Closure.CONFIRMED)

        return await self._keeper.change(tx, case_id, work, by=CUSTOMER, at=at)

    async def object_to(self, tx: Tx, case_id: str, *, at: datetime) -> Case:
        """It is not settled: work goes on, and a supervisor hears of it. The number stays. Raises NotFound."""

        def work(draft: Draft) -> None:
            if draft.step.stage in OBJECTIONABLE:
                draft.note("objected", draft.case.decision)
                draft.enter(self._keeper.rules.step_at(draft.case.kind, Stage.WORKING), Told(silently=True))
                draft.raise_to(Level.SUPERVISOR, "objected")

        return await self._keeper.change(tx, case_id, work, by=CUSTOMER, at=at)
