"""handoff: who the shop says a customer is. Two conversations of one signed name are one customer's, by nobody's guess.

Whether the signature is right is the channel's to say (`bot/channels/identity.py`); here it is known to be.
"""

from __future__ import annotations

from handoff.contracts import Link, Proof
from handoff.customer_ports import CustomerRecordStore, IdentityStore
from handoff.news import News
from handoff.refusals import IdentityDiffers
from kit.contracts import Clock, Transactions, Tx
from staff.contracts import AuditRecord
from staff.ports import AuditLog


class Identities:
    """Keeps which conversations a signed identity has spoken in, and joins them."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        identities: IdentityStore,
        records: CustomerRecordStore,
        audit: AuditLog,
        news: News,
        clock: Clock,
    ) -> None:
        self._transactions, self._identities, self._records = transactions, identities, records
        self._audit, self._news, self._clock = audit, news, clock

    async def identify(self, conversation_id: str, subject: str) -> None:
        """The customer of a conversation is the shop's `subject`; saying so again changes nothing.

        Raises `IdentityDiffers` when the conversation is already somebody else's: it must not be shown to this one.
        """
        at = self._clock()
        first = await self._transactions.write(lambda tx: self._identities.bind(tx, conversation_id, subject, at=at))
        if first is None:
            raise IdentityDiffers
        if first == conversation_id:
            return
        root, other_root = await self._records.root(first), await self._records.root(conversation_id)
        if root == other_root:
            return
        link = Link(conversation_id=other_root, proof=Proof.SIGNED, by="", reason=subject, at=at)

        async def work(tx: Tx) -> bool:
            if not await self._records.join(tx, root, other_root, link):
                return False  # somebody joined one of them meanwhile; the next hello settles it
            record = AuditRecord(
                at=at,
                account_id=None,
                action="handoff.join",
                subject=f"conversation:{first}",
                after=f"conversation:{conversation_id}, {Proof.SIGNED.value}: {subject}",
            )
            await self._audit.audit(tx, record)
            return True

        if await self._transactions.write(work):
            await self._news.desk_changed(conversation_id, first)
