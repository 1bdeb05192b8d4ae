"""cases: complaint files, as the bot opens them and people work on them. Knows no channels and no articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from cases.contracts import (
    Case,
    CaseChange,
    CaseFile,
    CasePage,
    CaseQuery,
    CaseStatus,
    Correction,
    Editor,
    NewCase,
)
from cases.lifecycle import check_move, period_of
from cases.ports import CaseStore
from cases.refusals import CaseChanged, CommentTooLong, UnknownCategory
from cases.settings import CaseSettings
from kit.contracts import Clock, NewId, Transactions, Tx
from kit.refusals import NotFound
from nlu.contracts import Severity
from staff.contracts import AuditRecord
from staff.ports import AuditLog

BOT = "bot"
COMMENT_LIMIT = 2000


class Cases:
    """The complaint files. Fits `bot.ports.CaseFiles`."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: CaseStore,
        audit: AuditLog,
        settings: CaseSettings,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._audit = transactions, store, audit
        self._settings, self._clock, self._new_id = settings, clock, new_id
        self._zone = ZoneInfo(settings.time_zone)

    async def open(self, tx: Tx, new: NewCase, *, at: datetime) -> Case:
        """Open a file, or return the one already opened under `new.key`."""
        case_id = self._new_id()
        opened = CaseChange(case_id=case_id, at=at, by=BOT, what="opened", before="", after=new.what_happened)
        period = period_of(at, self._zone)
        return await self._store.add(
            tx, new, case_id=case_id, prefix=self._settings.prefix, period=period, first=opened, at=at
        )

    async def amend(
        self,
        tx: Tx,
        case_id: str,
        *,
        by: str,
        at: datetime,
        order_number: str | None = None,
        wanted: str | None = None,
        contact: str | None = None,
        added: str | None = None,
        category: str | None = None,
        severity: Severity | None = None,
    ) -> Case:
        """Add to a file or correct it; None leaves a value as it is, `added` is joined to what happened.

        What stays the same leaves no line in the history. Raises NotFound.
        """
        before = (await self._load(tx, case_id)).case
        after = replace(
            before,
            order_number=before.order_number if order_number is None else order_number,
            wanted=before.wanted if wanted is None else wanted,
            contact=before.contact if contact is None else contact,
            category=before.category if category is None else category,
            severity=before.severity if severity is None else severity,
            what_happened="\n".join(filter(None, (before.what_happened, added))),
            updated_at=at,
        )
        changes = [*_changes(before, after, by=Editor(id=by, name=""), at=at)]
        if added:
            changes.append(CaseChange(case_id=case_id, at=at, by=by, what="added", before="", after=added))
        if not changes:
            return before
        await self._store.change(tx, after, changes)
        return after

    async def withdraw(self, tx: Tx, case_id: str, *, by: str, at: datetime) -> Case:
        """The customer takes the complaint back. Raises NotFound, StatusNotAllowed (a resolved file stays resolved)."""
        before = (await self._load(tx, case_id)).case
        if before.status is CaseStatus.WITHDRAWN:
            return before
        check_move(before.status, CaseStatus.WITHDRAWN)
        after = replace(before, status=CaseStatus.WITHDRAWN, updated_at=at)
        await self._store.change(tx, after, _changes(before, after, by=Editor(id=by, name=""), at=at))
        return after

    async def of_conversation(self, conversation_id: str) -> tuple[Case, ...]:
        """The files of one conversation, newest first. A number alone never shows somebody else's file."""
        return await self._store.of_conversation(conversation_id)

    async def load(self, number: str) -> CaseFile:
        """The file with its history, for staff. Raises NotFound."""
        found = await self._store.find(number)
        if found is None:
            raise NotFound
        return found

    async def page(self, query: CaseQuery) -> CasePage:
        """One page of the files `query` asks for, newest first."""
        return await self._store.page(query, limit=self._settings.list_limit)

    async def correct(self, number: str, correction: Correction, *, by: Editor, version: int) -> CaseFile:
        """Change a file by hand; what the classifier read stays beside it, and every change is a history line.

        Raises NotFound, CaseChanged when the file is not at `version` any more, StatusNotAllowed, UnknownCategory,
        CommentTooLong.
        """
        comment = "".join(c for c in correction.comment if c in "\n\t" or c.isprintable()).strip()
        if len(comment) > COMMENT_LIMIT:
            raise CommentTooLong(field="comment", limit=COMMENT_LIMIT, length=len(comment))
        known = {category.name for category in self._settings.categories}
        case_id = (await self.load(number)).case.id
        at = self._clock()

        async def work(tx: Tx) -> None:
            found = await self._load(tx, case_id)
            before = found.case
            if found.version != version:
                raise CaseChanged(
                    details={
                        "category": before.category,
                        "severity": before.severity.value,
                        "status": before.status.value,
                    }
                )
            # A category that was configured once and is kept is no fault of whoever changes something else.
            if correction.category not in {None, before.category} and correction.category not in known:
                raise UnknownCategory(field="category")
            if correction.status not in {None, before.status}:
                check_move(before.status, correction.status or before.status)
            after = replace(
                before,
                category=correction.category or before.category,
                severity=correction.severity or before.severity,
                status=correction.status or before.status,
                updated_at=at,
            )
            changes = [*_changes(before, after, by=by, at=at)]
            if comment:
                changes.append(_line(case_id, "comment", "", comment, by=by, at=at))
            if not changes:
                return
            await self._store.change(tx, after, changes)
            for change in changes:
                record = AuditRecord(
                    at=at,
                    account_id=by.id,
                    action=f"cases.{change.what}",
                    subject=f"case:{number}",
                    before=change.before,
                    after=change.after,
                )
                await self._audit.audit(tx, record)

        await self._transactions.write(work)
        return await self.load(number)

    async def _load(self, tx: Tx, case_id: str) -> CaseFile:
        found = await self._store.locked(tx, case_id)
        if found is None:
            raise NotFound
        return found


def _changes(before: Case, after: Case, *, by: Editor, at: datetime) -> list[CaseChange]:
    values = [
        ("order_number", before.order_number, after.order_number),
        ("wanted", before.wanted, after.wanted),
        ("contact", before.contact, after.contact),
        ("category", before.category, after.category),
        ("severity", before.severity.value, after.severity.value),
        ("status", before.status.value, after.status.value),
    ]
    return [
        _line(after.id, what, was or "", now or "", by=by, at=at)
        for what, was, now in values
        if (was or "") != (now or "")
    ]


def _line(case_id: str, what: str, before: str, after: str, *, by: Editor, at: datetime) -> CaseChange:
    return CaseChange(case_id=case_id, at=at, by=by.id, by_name=by.name, what=what, before=before, after=after)
