"""cases: evidence is taken, kept as it came, and given out again; with the history line and audit of its case."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from cases.contracts import CaseChange, CaseFile, Editor
from cases.contracts.evidence import Evidence
from cases.customer import CUSTOMER
from cases.draft import Draft
from cases.keeper import Keeper
from cases.ports import EvidenceStore
from cases.refusals import EvidenceFull, TooMuchAtOnce
from cases.service import Cases
from kit.contracts import Clock, NewId, Transactions, Tx
from kit.files import SentFile, check_file
from kit.refusals import NotFound

A_DAY = timedelta(days=1)


class Attaching:
    """Files that belong to cases."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: EvidenceStore,
        cases: Cases,
        keeper: Keeper,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._cases, self._keeper = transactions, store, cases, keeper
        self._clock, self._new_id = clock, new_id
        self._settings = keeper.rules.settings.evidence

    async def add(self, number: str, *, name: str, content: bytes, by: Editor) -> Evidence:
        """Keep a file; the same one twice is kept once.

        Raises NotFound, FileUnknown, FileTooLarge, EvidenceFull, TooMuchAtOnce.
        """
        sent = check_file(name, content, limit_mib=self._settings.size_limit_mib)
        file, at = await self._cases.load(number, sight=by.sight), self._clock()
        if by.id == CUSTOMER.id:
            self.check_pace(file)
        evidence = Evidence(
            id=self._new_id(),
            case_id=file.case.id,
            name=sent.name,
            media_type=sent.media_type,
            size=len(content),
            digest=hashlib.sha256(content).hexdigest(),
            at=at,
            by=by.id,
            by_name=by.name,
        )

        def work(draft: Draft) -> None:
            draft.note("evidence", evidence.name)

        async def write(tx: Tx) -> Evidence:
            kept = await self._store.of_case(tx, file.case.id)
            known = next((each for each in kept if each.digest == evidence.digest), None)
            if known is None and len(kept) >= self._settings.most:
                raise EvidenceFull(field="file", most=self._settings.most)
            if known is not None or not await self._store.add(tx, evidence, content):
                return known or evidence
            await self._keeper.change(tx, file.case.id, work, by=by, at=at, audited=by.id != CUSTOMER.id)
            return evidence

        return await self._transactions.write(write)

    def check_pace(self, file: CaseFile) -> None:
        """A customer adds only so much in a day. Raises TooMuchAtOnce."""
        since = self._clock() - A_DAY
        if sum(_by_customer(line) and line.at >= since for line in file.history) >= self._settings.customer_adds_a_day:
            raise TooMuchAtOnce(field="")

    async def of(self, case_id: str) -> tuple[Evidence, ...]:
        """What belongs to a case, oldest first."""
        return await self._store.list(case_id)

    async def load(self, case_id: str, evidence_id: str) -> tuple[Evidence, SentFile]:
        """One file of this very case. Raises NotFound."""
        found = await self._store.content(case_id, evidence_id)
        if found is None:
            raise NotFound
        evidence, content = found
        return evidence, SentFile(name=evidence.name, media_type=evidence.media_type, content=content)


def _by_customer(line: CaseChange) -> bool:
    return line.by == CUSTOMER.id
