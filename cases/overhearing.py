"""cases: a promise that a colleague makes in the chat becomes a clock of the customer's open file."""

from __future__ import annotations

from datetime import datetime

import structlog

from cases.contracts import Editor
from cases.draft import Draft
from cases.keeper import Keeper
from cases.ports import CaseStore
from cases.promise_words import promise_in
from kit.contracts import Tx

log = structlog.get_logger("cases.overhearing")


class Overhearing:
    """Reads what colleagues write to customers. Fits `bot.ports.Overhears`."""

    def __init__(self, *, store: CaseStore, keeper: Keeper) -> None:
        self._store, self._keeper = store, keeper

    async def overhear(self, tx: Tx, conversation_id: str, text: str, *, by: Editor, at: datetime) -> bool:
        """Whether `text` made a promise about an open file; it is stored with the transaction of the reply."""
        case = await self._store.newest_open(tx, conversation_id)
        if case is None:
            return False
        heard = promise_in(text, at=at, hours=self._keeper.rules.hours(case.department))
        if heard is None:
            return False

        def work(draft: Draft) -> None:
            draft.promise(heard.text, heard.due_at)

        await self._keeper.change(tx, case.id, work, by=by, at=at)
        log.info("promise_overheard", conversation=conversation_id, case=case.number)
        return True
