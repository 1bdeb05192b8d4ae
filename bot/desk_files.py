"""bot: promised answers as cases; implements `handoff.ports.Files` over the complaint files."""

from __future__ import annotations

from datetime import datetime

from bot.ports import CaseFiles
from bot.render import Wording
from cases.contracts import Case, CaseStatus, NewCase
from handoff.contracts import Handoff, Promise, PromiseKind, Urgency
from kit.contracts import Tx
from nlu.contracts import Severity

KIND = "call_back"
"""The kind of file of a promise that belongs to none; where an operator took it out, the first kind stands in."""
CATEGORY = "other"
"""Of a promise that belongs to no complaint; people put it right when they know more."""
BY_CUSTOMER = "customer"
"""Who changed a file, in its history, when the customer did."""
PENDING = frozenset({CaseStatus.OPEN, CaseStatus.IN_PROGRESS})
SEVERITY = {
    Urgency.NORMAL: Severity.NORMAL,
    Urgency.SERIOUS: Severity.SERIOUS,
    Urgency.CRITICAL: Severity.CRITICAL,
}


class DeskFiles:
    """Files promises."""

    def __init__(self, *, cases: CaseFiles, wording: Wording) -> None:
        self._cases, self._wording = cases, wording

    async def file(self, tx: Tx, handoff: Handoff, promise: Promise, words: str, *, at: datetime) -> str:
        known = await self._pending(handoff.conversation_id)
        told = "\n".join(filter(None, (words, self._line(handoff, promise))))
        if known is not None:
            amended = await self._cases.amend(
                tx,
                known.id,
                by=BY_CUSTOMER,
                at=at,
                added=told,
                contact=promise.contact,
                conversation_id=handoff.conversation_id,
            )
            return amended.number
        want = handoff.packet.want
        given = dict(handoff.packet.given)
        opened = await self._cases.open(
            tx,
            NewCase(
                key=f"promise:{promise.id}",
                kind=KIND,
                conversation_id=handoff.conversation_id,
                customer_name=handoff.customer_name,
                language=handoff.language,
                category=CATEGORY,
                category_confidence=0.0,
                severity=SEVERITY[handoff.urgency],
                severity_confidence=0.0,
                rule=None,
                what_happened="\n".join(filter(None, (want if want != words else "", told))),
                order_number=given.get("order_number"),
                contact=promise.contact or given.get("contact"),
            ),
            at=at,
        )
        return opened.number

    async def add_contact(self, tx: Tx, promise: Promise, contact: str, *, at: datetime) -> None:
        home = promise.conversation_id
        case = await self._cases.proven(promise.number, (), conversation_id=home) if promise.number else None
        if case is not None:
            await self._cases.amend(tx, case.id, by=BY_CUSTOMER, at=at, contact=contact)

    async def talks_with(self, number: str) -> tuple[str, ...]:
        return await self._cases.talks_with(number)

    async def _pending(self, conversation_id: str) -> Case | None:
        found = await self._cases.of_conversation(conversation_id)
        return next((case for case in found if case.status in PENDING), None)

    def _line(self, handoff: Handoff, promise: Promise) -> str:
        moment = promise.begins_at if promise.kind is PromiseKind.CALLBACK else promise.due_by
        when = self._wording.date_and_time(moment)
        return self._wording.texts(f"bot.promise.filed.{promise.kind.value}", handoff.language, when=when)
