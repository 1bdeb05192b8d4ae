"""cases: a file that a customer sends in the chat is evidence of their open case. It stays where it came in."""

from __future__ import annotations

from datetime import datetime

from cases.contracts import Case
from cases.contracts.linked import LABEL, Linked, LinkKind, file_target
from cases.customer import CUSTOMER
from cases.keeper import Keeper
from cases.ports import CaseStore, LinkStore
from kit.contracts import NewId, Tx


class ChatEvidence:
    """Names the line of the conversation on the case. Fits `bot.ports.KeepsFiles`."""

    def __init__(self, *, store: CaseStore, links: LinkStore, keeper: Keeper, new_id: NewId) -> None:
        self._store, self._links, self._keeper, self._new_id = store, links, keeper, new_id
        self._most = keeper.rules.settings.evidence.most

    async def keep(
        self, tx: Tx, conversation_id: str, seq: int, name: str, *, at: datetime, case_id: str | None = None
    ) -> Case | None:
        """The case a file now belongs to: `case_id`, else the customer's newest open one; None where it is of none."""
        case = await self._case(tx, conversation_id, case_id)
        if case is None or await self._links.count(tx, case.id, LinkKind.FILE) >= self._most:
            return None
        linked = Linked(
            id=self._new_id(),
            case_id=case.id,
            kind=LinkKind.FILE,
            target=file_target(conversation_id, seq),
            label=name[:LABEL],
            at=at,
            by=CUSTOMER.id,
            by_name=CUSTOMER.name,
        )
        if not await self._links.add(tx, linked):
            return case
        return await self._keeper.change(tx, case.id, lambda draft: draft.note("evidence", name), by=CUSTOMER, at=at)

    async def _case(self, tx: Tx, conversation_id: str, case_id: str | None) -> Case | None:
        if case_id is None:
            return await self._store.newest_open(tx, conversation_id)
        file = await self._store.locked(tx, case_id)
        return None if file is None else file.case
