"""handoff: canned replies, kept by supervisors and used by representatives."""

from __future__ import annotations

from collections.abc import Callable

from handoff.canned import check_variables, fill, find, values_of
from handoff.contracts import Agent, CannedReply, FilledReply, Handoff
from handoff.refusals import TitleNeeded, TooLong, UnknownChoice
from handoff.settings import HandoffSettings
from handoff.store_ports import CannedStore
from handoff.wording import check_reply
from kit.contracts import Clock, Language, NewId, Transactions, Tx
from kit.refusals import NotFound
from staff.contracts import AuditRecord
from staff.ports import AuditLog

TITLE_LIMIT = 60
SHOWN = 8
"""Most that are offered at once: as many as are read at a glance."""


class CannedReplies:
    """The collection, and what of it fits one conversation."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: CannedStore,
        audit: AuditLog,
        settings: HandoffSettings,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._audit = transactions, store, audit
        self._settings, self._clock, self._new_id = settings, clock, new_id

    async def all(self) -> tuple[CannedReply, ...]:
        """Every canned reply, by title."""
        return await self._store.all()

    async def fitting(
        self, handoff: Handoff, agent: Agent, query: str, *, gap: Callable[[str], str]
    ) -> tuple[FilledReply, ...]:
        """Those of the conversation's department and language that `query` means, filled; the likeliest first.

        `gap` names a variable that nothing is known for, in the conversation's language.
        """
        department = handoff.placing.department
        ours = [
            reply
            for reply in await self._store.all()
            if reply.language is handoff.language and reply.department in {"", department}
        ]
        values = values_of(
            handoff,
            agent_name=agent.name,
            department=self._settings.department_label(department, handoff.language),
        )
        return tuple(fill(reply, values, gap) for reply in find(ours, query)[:SHOWN])

    async def save(
        self, *, reply_id: str | None, title: str, text: str, language: Language, department: str, by: str
    ) -> CannedReply:
        """Store a new one (`reply_id` None) or a change.

        Raises TitleNeeded, TooLong, UnknownVariable, UnknownChoice, ReplyEmpty, ReplyTooLong and NotFound.
        """
        clean_title = " ".join(title.split())
        if not clean_title:
            raise TitleNeeded(field="title")
        if len(clean_title) > TITLE_LIMIT:
            raise TooLong(field="title", limit=TITLE_LIMIT)
        if department and department not in {one.name for one in self._settings.departments}:
            raise UnknownChoice(field="department", value=department)
        clean = check_reply(text, limit=self._settings.reply_limit)
        check_variables(clean)
        before = None if reply_id is None else await self._load(reply_id)
        after = CannedReply(
            id=reply_id or self._new_id(),
            title=clean_title,
            text=clean,
            language=language,
            department=department,
            changed_at=self._clock(),
        )

        async def work(tx: Tx) -> None:
            await self._store.save(tx, after)
            await self._audit.audit(tx, self._record(by, after.id, before=before, after=after))

        await self._transactions.write(work)
        return after

    async def remove(self, reply_id: str, *, by: str) -> None:
        """Take one out of the collection. Raises NotFound."""
        before = await self._load(reply_id)

        async def work(tx: Tx) -> None:
            await self._store.remove(tx, reply_id)
            await self._audit.audit(tx, self._record(by, reply_id, before=before, after=None))

        await self._transactions.write(work)

    async def _load(self, reply_id: str) -> CannedReply:
        found = next((reply for reply in await self._store.all() if reply.id == reply_id), None)
        if found is None:
            raise NotFound
        return found

    def _record(self, by: str, reply_id: str, *, before: CannedReply | None, after: CannedReply | None) -> AuditRecord:
        return AuditRecord(
            at=self._clock(),
            account_id=by,
            action="handoff.canned_reply",
            subject=f"canned_reply:{reply_id}",
            before=_told(before),
            after=_told(after),
        )


def _told(reply: CannedReply | None) -> str:
    if reply is None:
        return "-"
    return f"{reply.language}, {reply.department or '*'}, {reply.title}: {reply.text}"
