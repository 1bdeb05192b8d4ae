"""handoff: what supervisors do in conversations of others: look, whisper, take over, reassign, change the urgency.

Every act is in the audit trail in the transaction of its change; `handoff.supervision.tell_agent` says which of them
the agent is told of. Races with the agent's own acts are settled by the epoch, like everything else at the desk.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from handoff.contracts import (
    EVERYTHING,
    Act,
    Agent,
    AgentState,
    Handoff,
    HandoffState,
    NoticeKind,
    PromiseState,
    Sight,
    Urgency,
)
from handoff.duty import Duty
from handoff.floor_ports import FloorStore
from handoff.holding import Late
from handoff.news import News
from handoff.notices import Notices
from handoff.placing import answer_by
from handoff.ports import Conversations
from handoff.refusals import AgentNotThere, ConversationMoved, NotHandedOver, NothingToWhisper
from handoff.settings import HandoffSettings
from handoff.store_ports import HandoffStore, OfferStore, PromiseStore
from handoff.team import Team
from handoff.wording import check_reply
from kit.contracts import Clock, Transactions, Tx
from staff.contracts import AuditRecord
from staff.ports import AuditLog

NOTICES = {
    Act.LOOK: NoticeKind.LOOKED,
    Act.TAKE_OVER: NoticeKind.TAKEN_AWAY,
    Act.REASSIGN: NoticeKind.TAKEN_AWAY,
    Act.URGENCY: NoticeKind.URGENCY,
}


class Supervision:
    """Acts of supervisors. Who may is decided at the door; `by` is who does it."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: HandoffStore,
        floor: FloorStore,
        offers: OfferStore,
        promises: PromiseStore,
        duty: Duty,
        team: Team,
        notices: Notices,
        conversations: Conversations,
        audit: AuditLog,
        news: News,
        settings: HandoffSettings,
        clock: Clock,
    ) -> None:
        self._transactions, self._store, self._floor = transactions, store, floor
        self._offers, self._promises, self._duty, self._team = offers, promises, duty, team
        self._notices, self._conversations, self._audit, self._news = notices, conversations, audit, news
        self._settings, self._clock = settings, clock
        self._looked: dict[tuple[str, str], datetime] = {}

    async def look(self, handoff: Handoff, by: Agent) -> bool:
        """Note that `by` opened a conversation somebody else holds; False when that was noted a moment ago."""
        if handoff.state is not HandoffState.ACTIVE or handoff.agent_id == by.id:
            return False
        at, key = self._clock(), (by.id, handoff.id)
        again = timedelta(minutes=self._settings.supervision.look_minutes)
        self._looked = {one: seen for one, seen in self._looked.items() if at - seen < again}
        if key in self._looked:
            return False
        self._looked[key] = at

        async def work(tx: Tx) -> None:
            await self._note(tx, Act.LOOK, handoff, by)
            await self._tell(tx, Act.LOOK, handoff, by)

        await self._transactions.write(work)
        if Act.LOOK in self._settings.supervision.tell_agent:
            await self._news.desk_changed()
        return True

    async def whisper(self, conversation_id: str, by: Agent, *, key: str, text: str, sight: Sight = EVERYTHING) -> int:
        """Write to the agent of a conversation; a note that no customer receives. Returns its seq.

        Raises ReplyEmpty, ReplyTooLong, NotHandedOver, and NothingToWhisper where nobody holds it or `by` does.
        """
        clean = check_reply(text, limit=self._settings.reply_limit)
        held = await self._load(conversation_id, sight)
        if held.state is not HandoffState.ACTIVE or held.agent_id is None or held.agent_id == by.id:
            raise NothingToWhisper
        agent_id, at = held.agent_id, self._clock()

        async def work(tx: Tx) -> int:
            seq = await self._conversations.append_note(
                tx,
                conversation_id,
                key=key,
                text=clean,
                agent_id=by.id,
                agent_name=by.name,
                at=at,
                payload={"whisper": True, "to": held.agent_name or ""},
            )
            await self._notices.tell(tx, [agent_id], NoticeKind.WHISPER, by=by.name, about=held, text=clean)
            await self._note(tx, Act.WHISPER, held, by, after=held.agent_name or "")
            return seq

        seq = await self._transactions.write(work)
        await self._news.lines_added(conversation_id, seq=seq)
        await self._news.desk_changed()
        return seq

    async def take_over(self, conversation_id: str, by: Agent, *, epoch: int, sight: Sight = EVERYTHING) -> Handoff:
        """`by` holds the conversation from now on, whoever held it or however it waited.

        Raises ConversationMoved when `epoch` is not the present one, NotHandedOver.
        """
        return await self._give(Act.TAKE_OVER, await self._load(conversation_id, sight), by, by=by, epoch=epoch)

    async def reassign(
        self, conversation_id: str, by: Agent, *, to: str, epoch: int, sight: Sight = EVERYTHING
    ) -> Handoff:
        """Give the conversation to the representative with the account id `to`, who is on duty.

        Raises AgentNotThere, ConversationMoved, NotHandedOver.
        """
        there = {one.agent.id: one for one in await self._duty.there(self._clock())}
        found = there.get(to)
        if found is None or found.state is AgentState.OFFLINE:
            raise AgentNotThere(field="to")
        return await self._give(Act.REASSIGN, await self._load(conversation_id, sight), found.agent, by=by, epoch=epoch)

    async def set_urgency(
        self, conversation_id: str, by: Agent, urgency: Urgency, *, sight: Sight = EVERYTHING
    ) -> Handoff:
        """Make a conversation more or less urgent; its promised first answer follows. Raises ConversationMoved."""
        held = await self._load(conversation_id, sight)
        if held.urgency is urgency:
            return held
        place = held.placing
        promised = answer_by(
            self._settings, place.department, urgency, key_account=place.key_account, asked_at=held.asked_at
        )
        placing = replace(place, answer_by=promised)

        async def work(tx: Tx) -> Handoff | None:
            changed = await self._floor.set_urgency(tx, held, urgency, placing)
            if changed is None:
                return None
            await self._note(tx, Act.URGENCY, held, by, before=held.urgency.name.lower(), after=urgency.name.lower())
            await self._tell(tx, Act.URGENCY, held, by, text=urgency.name.lower())
            return changed

        return await self._done(held, work)

    async def broadcast(self, by: Agent, text: str) -> int:
        """Tell everybody who works at the desk; returns how many. Raises ReplyEmpty, ReplyTooLong."""
        clean = check_reply(text, limit=self._settings.reply_limit)
        accounts = [account.id for account, _ in await self._team.members() if account.id != by.id]

        async def work(tx: Tx) -> None:
            await self._notices.tell(tx, accounts, NoticeKind.BROADCAST, by=by.name, text=clean)
            await self._audit.audit(
                tx,
                AuditRecord(
                    at=self._clock(), account_id=by.id, action="handoff.broadcast", subject="desk:all", after=clean
                ),
            )

        await self._transactions.write(work)
        await self._news.desk_changed()
        return len(accounts)

    async def _give(self, act: Act, held: Handoff, to: Agent, *, by: Agent, epoch: int) -> Handoff:
        if held.epoch != epoch or held.state not in {HandoffState.WAITING, HandoffState.ACTIVE}:
            raise ConversationMoved(name=held.agent_name or "")
        if held.agent_id == to.id:
            return held
        at, where = self._clock(), held.conversation_id

        async def work(tx: Tx) -> Handoff | None:
            # Conversation before handover, as in handoff.service.
            next_epoch = await self._conversations.take_owner(tx, where, owner=f"agent:{to.id}", at=at)
            moved = await self._moved(tx, held, to, epoch=next_epoch, at=at)
            if moved is None:
                raise Late
            await self._offers.taken(tx, held.id, by=to, at=at)
            promise = await self._promises.find_open(tx, where)
            if promise is not None:
                await self._promises.move(tx, promise, PromiseState.KEPT)
            await self._conversations.append_event(
                tx,
                where,
                key=f"handoff:{held.id}:joined:{next_epoch}",
                code="joined",
                slots={"name": to.name},
                at=at,
                public=True,
            )
            await self._note(tx, act, held, by, before=held.agent_name or "-", after=to.name)
            await self._tell(tx, act, held, by, text=to.name)
            if to.id != by.id:
                await self._notices.tell(tx, [to.id], NoticeKind.GIVEN, by=by.name, about=held)
            return moved

        return await self._done(held, work)

    async def _moved(self, tx: Tx, held: Handoff, to: Agent, *, epoch: int, at: datetime) -> Handoff | None:
        if held.state is HandoffState.WAITING:
            return await self._store.claim(tx, held.id, to, epoch=epoch, at=at)
        return await self._store.pass_on(tx, held, to, epoch=epoch)

    async def _done(self, held: Handoff, work: Callable[[Tx], Awaitable[Handoff | None]]) -> Handoff:
        try:
            changed = await self._transactions.write(work)
        except Late:
            changed = None
        if changed is None:
            raise ConversationMoved(name=(await self._load(held.conversation_id)).agent_name or "")
        await self._news.owner_changed(held.conversation_id)
        return changed

    async def _load(self, conversation_id: str, sight: Sight = EVERYTHING) -> Handoff:
        found = await self._store.latest(conversation_id, sight=sight)
        if found is None:
            raise NotHandedOver
        return found

    async def _note(self, tx: Tx, act: Act, handoff: Handoff, by: Agent, *, before: str = "", after: str = "") -> None:
        await self._audit.audit(
            tx,
            AuditRecord(
                at=self._clock(),
                account_id=by.id,
                action=f"handoff.{act.value}",
                subject=f"conversation:{handoff.conversation_id}",
                before=before,
                after=after,
            ),
        )

    async def _tell(self, tx: Tx, act: Act, handoff: Handoff, by: Agent, *, text: str = "") -> None:
        """The agent who holds the conversation, where the settings want them to know."""
        if handoff.agent_id and handoff.agent_id != by.id and act in self._settings.supervision.tell_agent:
            await self._notices.tell(tx, [handoff.agent_id], NOTICES[act], by=by.name, about=handoff, text=text)
