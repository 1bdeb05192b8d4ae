"""handoff: a representative asks a colleague into a conversation. Nothing changes hands: the owner stays the owner.

A guest sees the conversation in their list, reads it, and writes notes and replies under the owner's epoch, so that
what a guest writes too late loses like everything else. Whoever neither joins nor declines in time is no guest; the one
who asked is told of both. Every step stands in the conversation and in the audit trail.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from handoff.contracts import Agent, Handoff, Invitation, InvitationEnd, NoticeKind
from handoff.holding import check_held, moved
from handoff.news import News
from handoff.notices import Notices
from handoff.ports import Conversations
from handoff.refusals import AlreadyInvited, ColleagueAway, InvitationOver, NotHandedOver
from handoff.settings import HandoffSettings
from handoff.store_ports import HandoffStore, InvitationStore
from handoff.transfers import Transfers, check_reason
from kit.contracts import Clock, JsonValue, NewId, Transactions, Tx
from staff.contracts import AuditRecord
from staff.ports import AuditLog

KINDS = {
    InvitationEnd.DECLINED: NoticeKind.INVITATION_DECLINED,
    InvitationEnd.LAPSED: NoticeKind.INVITATION_LAPSED,
}
"""What whoever asked is told of an end that the guest made."""


class Invitations:
    """Who is asked into which conversation, and what comes of it."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: InvitationStore,
        handoffs: HandoffStore,
        transfers: Transfers,
        notices: Notices,
        conversations: Conversations,
        audit: AuditLog,
        news: News,
        settings: HandoffSettings,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._handoffs = transactions, store, handoffs
        self._transfers, self._notices, self._conversations = transfers, notices, conversations
        self._audit, self._news, self._clock, self._new_id = audit, news, clock, new_id
        self._within = timedelta(seconds=settings.routing.invitation_seconds)

    async def colleagues(self, agent: Agent, handoff: Handoff) -> tuple[Agent, ...]:
        """Who can be asked now, by name: whoever is there and is not asked already."""
        asked = {one.guest.id for one in await self.of_handoff(handoff)}
        return tuple(one for one in await self._transfers.colleagues(agent) if one.id not in asked)

    async def of_handoff(self, handoff: Handoff) -> tuple[Invitation, ...]:
        """Open invitations of a handover, the first one first."""
        return await self._store.of_handoff(handoff.id)

    async def of_guest(self, agent: Agent) -> tuple[Invitation, ...]:
        """Where `agent` is asked to join, or has joined."""
        return await self._store.of_guest(agent.id)

    async def invite(
        self, conversation_id: str, agent: Agent, *, epoch: int, colleague_id: str, reason: str
    ) -> Invitation:
        """Ask a colleague who is there to join what `agent` holds.

        Raises ConversationMoved, NotHandedOver, ReasonNeeded, TooLong, ColleagueAway, AlreadyInvited.
        """
        why, at = check_reason(reason), self._clock()
        held = await self._load(conversation_id)
        check_held(held, agent, epoch=epoch)
        there = await self._transfers.colleagues(agent)
        guest = next((one for one in there if one.id == colleague_id), None)
        if guest is None:
            raise ColleagueAway(field="to")
        made = Invitation(
            id=self._new_id(),
            handoff_id=held.id,
            conversation_id=conversation_id,
            guest=guest,
            by=agent,
            reason=why,
            made_at=at,
            ends_at=at + self._within,
            customer=held.customer_name,
        )

        async def work(tx: Tx) -> int:
            present = await self._handoffs.find_open(tx, conversation_id)
            if present is None:
                raise moved(held, agent)
            check_held(present, agent, epoch=epoch)
            if not await self._store.add(tx, made):
                raise AlreadyInvited(field="to")
            await self._notices.tell(
                tx, [guest.id], NoticeKind.INVITED, by=agent.name, about=held, text=why, once=made.id
            )
            return await self._note(tx, made, "invited", agent, at, slots={"by": agent.name, "reason": why})

        await self._told(made, await self._transactions.write(work))
        return made

    async def join(self, conversation_id: str, agent: Agent) -> None:
        """`agent` joins where they are asked to; again is once. Raises InvitationOver."""
        found, at = await self._find(conversation_id, agent), self._clock()
        if found.joined_at is not None:
            return

        async def work(tx: Tx) -> int:
            if not await self._store.join(tx, found.id, at=at):
                raise InvitationOver
            await self._notices.settle(tx, agent.id, found.id)
            return await self._note(tx, found, "guest_joined", agent, at, public=True)

        await self._told(found, await self._transactions.write(work))

    async def decline(self, conversation_id: str, agent: Agent) -> None:
        """`agent` does not join; who asked is told. Raises InvitationOver."""
        found = await self._find(conversation_id, agent)
        if not await self._end(found, InvitationEnd.DECLINED, self._clock(), by=agent):
            raise InvitationOver

    async def leave(self, conversation_id: str, agent: Agent) -> None:
        """`agent` is a guest no longer. Raises InvitationOver."""
        found = await self._find(conversation_id, agent)
        if not await self._end(found, InvitationEnd.LEFT, self._clock(), by=agent):
            raise InvitationOver

    async def take_back(self, conversation_id: str, agent: Agent, *, epoch: int, guest_id: str) -> None:
        """`agent`, who holds the conversation, needs the guest no longer, who is told; also one who has joined goes.

        Raises ConversationMoved, NotHandedOver, InvitationOver.
        """
        held = await self._load(conversation_id)
        check_held(held, agent, epoch=epoch)
        found = next((one for one in await self.of_handoff(held) if one.guest.id == guest_id), None)
        if found is None:
            raise InvitationOver
        end = InvitationEnd.WITHDRAWN if found.joined_at is None else InvitationEnd.LEFT
        if not await self._end(found, end, self._clock(), by=agent):
            raise InvitationOver

    async def sweep(self, now: datetime) -> int:
        """End what nobody answered in time, and say so to who asked; how many."""
        ended = [await self._end(one, InvitationEnd.LAPSED, now, by=None) for one in await self._store.due(now)]
        return sum(ended)

    async def _end(self, invitation: Invitation, end: InvitationEnd, at: datetime, *, by: Agent | None) -> bool:
        """Whether it was still open. Who did not end it themselves is told, guest and owner alike."""
        left, guest = end is InvitationEnd.LEFT, invitation.guest
        sent_away = by is not None and by.id != guest.id
        kind = NoticeKind.INVITATION_WITHDRAWN if sent_away else KINDS.get(end)
        hears, about = (guest, invitation.by) if sent_away else (invitation.by, guest)

        async def work(tx: Tx) -> int | None:
            if not await self._store.end(tx, invitation.id, end, at=at):
                return None
            await self._notices.settle(tx, guest.id, invitation.id)
            if kind is not None:
                held = await self._handoffs.find_open(tx, invitation.conversation_id)
                await self._notices.tell(tx, [hears.id], kind, by=about.name, about=held)
            code = "guest_left" if left else f"invitation_{end.value}"
            return await self._note(tx, invitation, code, by, at, public=left)

        seq = await self._transactions.write(work)
        if seq is None:
            return False
        await self._told(invitation, seq)
        return True

    async def _note(
        self,
        tx: Tx,
        invitation: Invitation,
        code: str,
        by: Agent | None,
        at: datetime,
        *,
        public: bool = False,
        slots: dict[str, JsonValue] | None = None,
    ) -> int:
        """The step in the conversation (a colleague's coming and going is the customer's to know too) and the audit."""
        where = invitation.conversation_id
        await self._audit.audit(
            tx,
            AuditRecord(
                at=at,
                account_id=by.id if by else None,
                action=f"handoff.{code}",
                subject=f"conversation:{where}",
                after=": ".join(filter(None, (invitation.guest.name, invitation.reason))),
            ),
        )
        return await self._conversations.append_event(
            tx,
            where,
            key=f"handoff:{invitation.handoff_id}:{code}:{invitation.id}",
            code=code,
            slots={"name": invitation.guest.name, **(slots or {})},
            at=at,
            public=public,
        )

    async def _told(self, invitation: Invitation, seq: int) -> None:
        await self._news.lines_added(invitation.conversation_id, seq=seq)
        await self._news.desk_changed(invitation.conversation_id)

    async def _find(self, conversation_id: str, agent: Agent) -> Invitation:
        for one in await self._store.of_guest(agent.id):
            if one.conversation_id == conversation_id:
                return one
        raise InvitationOver

    async def _load(self, conversation_id: str) -> Handoff:
        found = await self._handoffs.latest(conversation_id)
        if found is None:
            raise NotHandedOver
        return found


def standing(invitations: Sequence[Invitation], agent: Agent) -> Invitation | None:
    """The invitation of `agent` among those of one handover."""
    return next((one for one in invitations if one.guest.id == agent.id), None)
