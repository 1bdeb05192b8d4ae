"""cases: the one way a stored file is changed: locked, drafted, saved, told, audited, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cases.contracts import Case, CaseChange, CaseFile, Changed, Editor, Stage
from cases.contracts.surveys import Why
from cases.draft import Draft
from cases.ports import CaseStore, Customers, SurveyOffers
from cases.refusals import CaseChanged, CommentTooLong, IsMerged, UnknownDepartment, WordsMissing
from cases.rules import Rules
from kit.contracts import NewId, Transactions, Tx
from kit.refusals import NotFound
from staff.contracts import AuditRecord
from staff.ports import AuditLog

TEXT_LIMIT = 2000
HOUSE = Editor(id="house", name="")
"""Who the history names when time itself changed a file."""


class Keeper:
    """Changes files. Every service of the room goes through here."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: CaseStore,
        customers: Customers,
        audit: AuditLog,
        rules: Rules,
        new_id: NewId,
        surveys: SurveyOffers | None = None,
    ) -> None:
        self._transactions, self._store, self._customers = transactions, store, customers
        self._audit, self.rules, self._new_id = audit, rules, new_id
        self._surveys = surveys

    async def commit(
        self,
        case_id: str,
        work: Callable[[Draft], None],
        *,
        by: Editor,
        at: datetime,
        version: int | None = None,
        audited: bool = False,
    ) -> Case:
        """`change` in a transaction of its own; afterwards whoever waits for a letter is woken."""
        told: dict[str, int] = {}

        async def run(tx: Tx) -> Case:
            told.clear()  # a lost race runs this again
            return await self.change(tx, case_id, work, by=by, at=at, version=version, audited=audited, told=told)

        case = await self._transactions.write(run)
        for conversation_id, seq in told.items():
            await self._customers.wake(conversation_id, seq=seq)
        return case

    async def change(
        self,
        tx: Tx,
        case_id: str,
        work: Callable[[Draft], None],
        *,
        by: Editor,
        at: datetime,
        version: int | None = None,
        audited: bool = False,
        merged: bool = False,
        told: dict[str, int] | None = None,
    ) -> Case:
        """Let `work` draft what is to become of a file, and store it.

        `version` is what a person saw; `audited`: a colleague asked for the change, which they may not of a
        file that was merged unless `merged`; `told` is
        filled with the conversations that were written to, and how far.
        Raises NotFound (for a file `by` may not see too), CaseChanged, and what `work` raises.
        """
        file = await self._store.locked(tx, case_id, sight=by.sight)
        if file is None:
            raise NotFound
        if version is not None and file.version != version:
            raise await self._changed(tx, file, version)
        if audited and not merged and file.case.merged_into is not None:
            raise IsMerged(field="", number=file.case.merged_into)
        draft = Draft(file, rules=self.rules, by=by, at=at, new_id=self._new_id)
        work(draft)
        changed = draft.changed()
        if changed is None:
            return file.case
        await self._store.save(tx, changed)
        await self._tell(tx, changed, at=at, told=told)
        if changed.case.stage is Stage.CLOSED is not file.case.stage:
            await self._offer_survey(tx, changed.case, at=at, told=told)
        if audited:
            for line in changed.lines:
                await self.audit(tx, changed.case, line)
        return changed.case

    async def _tell(self, tx: Tx, changed: Changed, *, at: datetime, told: dict[str, int] | None) -> None:
        """Every customer who reported the matter hears of it."""
        talks = await self._store.talks(tx, changed.case) if changed.letters else ()
        for letter in changed.letters:
            for conversation_id in talks:
                seq = await self._customers.tell(tx, conversation_id, letter, at=at)
                if told is not None and seq is not None:
                    told[conversation_id] = seq

    async def _offer_survey(self, tx: Tx, case: Case, *, at: datetime, told: dict[str, int] | None) -> None:
        if self._surveys is None:
            return
        offered = await self._surveys.offer(
            tx, case_id=case.id, conversation_id=case.conversation_id, why=Why.CASE_CLOSED, at=at
        )
        if told is not None and offered is not None and offered.seq is not None and case.conversation_id:
            told[case.conversation_id] = offered.seq

    async def audit(self, tx: Tx, case: Case, line: CaseChange) -> None:
        """A line of the history that a colleague asked for, in the audit trail too."""
        record = AuditRecord(
            at=line.at,
            account_id=line.by,
            action=f"cases.{line.what}",
            subject=f"case:{case.number}",
            before=line.before,
            after=line.after,
        )
        await self._audit.audit(tx, record)

    async def _changed(self, tx: Tx, file: CaseFile, version: int) -> CaseChanged:
        lines = await self._store.lines_after(tx, file.case.id, version)
        return CaseChanged(
            details={
                "what": ",".join(dict.fromkeys(line.what for line in lines)),
                "by": ", ".join(dict.fromkeys(line.by_name or line.by for line in lines)),
                "category": file.case.category,
                "severity": file.case.severity.value,
                "step": file.case.step,
            }
        )

    def check_department(self, name: str, *, field: str) -> str:
        """`name`, if there is such a department. Raises UnknownDepartment."""
        if name not in self.rules.known:
            raise UnknownDepartment(field=field)
        return name


def words_of(text: str, *, field: str, required: bool = False) -> str:
    """What a person typed, without what cannot be seen. Raises CommentTooLong, WordsMissing."""
    clean = "".join(c for c in text if c in "\n\t" or c.isprintable()).strip()
    if len(clean) > TEXT_LIMIT:
        raise CommentTooLong(field=field, limit=TEXT_LIMIT, length=len(clean))
    if required and not clean:
        raise WordsMissing(field=field)
    return clean
