"""handoff: what representatives do: claim, reply, note, resolve, see who is there. `transfers` gives on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from handoff.contracts import (
    EVERYTHING,
    Agent,
    AgentLoad,
    AgentState,
    Claimed,
    Handoff,
    HandoffState,
    LostTo,
    Outcome,
    PacketQuality,
    PromiseState,
    Sight,
    View,
)
from handoff.duty import Duty
from handoff.duty_ports import Presence
from handoff.floor_ports import PacketStore
from handoff.holding import Late, check_held, moved
from handoff.news import News
from handoff.ports import Conversations, Line
from handoff.refusals import NotHandedOver, UnknownChoice
from handoff.repeats import asked_again
from handoff.settings import HandoffSettings
from handoff.store_ports import HandoffStore, InvitationStore, OfferStore, PromiseStore
from handoff.wording import check_reply
from kit.contracts import Clock, JsonValue, Transactions, Tx
from kit.files import SentFile
from kit.refusals import NotFound

NO_EPOCH = -1
"""No conversation ever has it."""
JUDGED = frozenset({Outcome.SOLVED, Outcome.UNSOLVED})
"""Outcomes after which the customer may be asked how it was: not while somebody comes back to them, nor who is gone."""


class AgentDesk:
    """The desk from the representative's side. Every write names the epoch it was made for; a late one is refused."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: HandoffStore,
        presence: Presence,
        offers: OfferStore,
        promises: PromiseStore,
        packets: PacketStore,
        invitations: InvitationStore,
        duty: Duty,
        conversations: Conversations,
        news: News,
        settings: HandoffSettings,
        clock: Clock,
    ) -> None:
        self._transactions, self._store, self._presence, self._offers = transactions, store, presence, offers
        self._promises, self._packets, self._duty = promises, packets, duty
        self._invitations = invitations
        self._conversations, self._news, self._settings, self._clock = conversations, news, settings, clock

    async def claim(self, handoff_id: str, agent: Agent, *, sight: Sight = EVERYTHING) -> Claimed | LostTo:
        """Take a waiting conversation. One of many who try at once gets it; the others learn who.

        Claiming what one holds already is Claimed again. Raises NotFound.
        """
        await self.beat(agent)
        found = await self.load(handoff_id)
        await self.load_latest(found.conversation_id, sight=sight)
        if found.state is not HandoffState.WAITING:
            return _outcome_for(found, agent)
        at = self._clock()

        async def work(tx: Tx) -> tuple[Handoff, int]:
            # Conversation before handover, as in handoff.service: the loser's new epoch is undone with the rest.
            owner = f"agent:{agent.id}"
            epoch = await self._conversations.take_owner(tx, found.conversation_id, owner=owner, at=at)
            mine = await self._store.claim(tx, handoff_id, agent, epoch=epoch, at=at)
            if mine is None:
                raise Late
            await self._offers.taken(tx, handoff_id, by=agent, at=at)
            promise = await self._promises.find_open(tx, found.conversation_id)
            if promise is not None:
                await self._promises.move(tx, promise, PromiseState.KEPT)
            seq = await self._event(tx, mine, "joined", agent, public=True)
            return mine, seq

        try:
            handoff, seq = await self._transactions.write(work)
        except Late:
            return _outcome_for(await self.load(handoff_id), agent)
        await self._news.owner_changed(handoff.conversation_id, seq=seq)
        return Claimed(handoff=handoff)

    async def reply(self, conversation_id: str, agent: Agent, *, key: str, text: str, epoch: int) -> int:
        """Send `text` to the customer; returns its seq. The same key twice is stored once.

        Raises ReplyEmpty, ReplyTooLong, and ConversationMoved when the agent does not own the conversation any more.
        """
        clean = check_reply(text, limit=self._settings.reply_limit)
        return await self._say(conversation_id, agent, key=key, text=clean, epoch=epoch)

    async def send_file(self, conversation_id: str, agent: Agent, *, key: str, file: SentFile, epoch: int) -> int:
        """Send a file to the customer, like `reply`."""
        return await self._say(conversation_id, agent, key=key, text="", epoch=epoch, file=file)

    async def _say(
        self, conversation_id: str, agent: Agent, *, key: str, text: str, epoch: int, file: SentFile | None = None
    ) -> int:
        at = self._clock()

        async def work(tx: Tx) -> int | None:
            held = await self._store.find_open(tx, conversation_id)
            # An epoch belongs to one owner, but a caller could name the bot's or a colleague's. What is sent again
            # after the conversation moved on still gets its seq: it is stored.
            mine = held is not None and held.epoch == epoch and await self._may_write(tx, held, agent)
            if held is not None and mine:
                again = asked_again(text, (*held.packet.given, *held.packet.entities))
                await self._packets.note_repeats(tx, held.id, agent, again, at=at)
            return await self._conversations.append_agent(
                tx,
                conversation_id,
                key=key,
                text=text,
                agent_id=agent.id,
                agent_name=agent.name,
                epoch=epoch if mine else NO_EPOCH,
                at=at,
                file=file,
            )

        seq = await self._fenced(conversation_id, work)
        await self._news.lines_added(conversation_id, seq=seq)
        return seq

    async def _may_write(self, tx: Tx, held: Handoff, agent: Agent) -> bool:
        """Whoever holds it, and who was asked in and has joined."""
        if held.state is not HandoffState.ACTIVE:
            return False
        return held.agent_id == agent.id or await self._invitations.is_guest(tx, held.id, agent.id)

    async def note(self, conversation_id: str, agent: Agent, *, key: str, text: str, sight: Sight = EVERYTHING) -> int:
        """Store an internal note; returns its seq. Anyone on the desk may, in any conversation that was handed over."""
        clean = check_reply(text, limit=self._settings.reply_limit)
        await self.load_latest(conversation_id, sight=sight)
        at = self._clock()
        seq = await self._transactions.write(
            lambda tx: self._conversations.append_note(
                tx, conversation_id, key=key, text=clean, agent_id=agent.id, agent_name=agent.name, at=at
            )
        )
        await self._news.lines_added(conversation_id, seq=seq)
        return seq

    async def rate(self, conversation_id: str, agent: Agent, *, useful: bool, sight: Sight = EVERYTHING) -> None:
        """Say whether the context of the newest handover was of use. Raises NotHandedOver."""
        handoff, at = await self.load_latest(conversation_id, sight=sight), self._clock()
        await self._transactions.write(lambda tx: self._packets.rate(tx, handoff.id, agent, useful=useful, at=at))

    async def quality(self, handoff_id: str) -> PacketQuality:
        """What the agent said of the context, and what the customer was asked for again."""
        return await self._packets.quality(handoff_id)

    async def resolve(
        self, conversation_id: str, agent: Agent, *, epoch: int, outcome: Outcome, category: str | None = None
    ) -> Handoff:
        """Close the handover with an outcome and what it was about; the bot answers again.

        Raises ConversationMoved, NotHandedOver and UnknownChoice.
        """
        if category is not None and category not in {one.name for one in self._settings.categories}:
            raise UnknownChoice(field="category", value=category)
        held = await self.load_latest(conversation_id)
        check_held(held, agent, epoch=epoch)
        at = self._clock()
        ended: list[Handoff] = []

        async def work(tx: Tx) -> int:
            next_epoch = await self._conversations.take_owner(tx, conversation_id, owner="bot", at=at)
            state = HandoffState.RESOLVED
            done = await self._store.finish(
                tx, held, state=state, outcome=outcome, category=category, epoch=next_epoch, at=at
            )
            if done is None:
                raise Late
            ended[:] = [done]
            said = await self._event(tx, done, state.value, agent, public=True)
            return await self._asked(tx, done, agent) or said

        seq = await self._fenced(conversation_id, work)
        await self._news.owner_changed(conversation_id, seq=seq)
        await self._duty.wrap_up(agent)
        return ended[0]

    async def typing(self, conversation_id: str, agent: Agent, *, on: bool) -> None:
        """Show the customer that `agent` is typing, if the conversation is theirs."""
        held = (await self._store.open_states([conversation_id])).get(conversation_id)
        shared = {one.conversation_id for one in await self._invitations.of_guest(agent.id) if one.joined_at}
        if held is not None and (held.agent_id == agent.id or conversation_id in shared):
            await self._news.typing(conversation_id, on=on)

    async def beat(self, agent: Agent) -> None:
        """A sign of life of `agent`."""
        if await self._presence.beat(agent, at=self._clock()):
            await self._news.desk_changed()

    async def arrive(self, agent: Agent) -> None:
        """The console was opened, or is back after an interruption."""
        await self.beat(agent)
        await self._duty.arrive(agent)

    async def queue(self, *, sight: Sight = EVERYTHING) -> tuple[Handoff, ...]:
        """Who waits, next one first (at most `list_limit`)."""
        return await self._store.waiting(limit=self._settings.list_limit, sight=sight)

    async def mine(self, agent: Agent) -> tuple[Handoff, ...]:
        """What `agent` holds."""
        return await self._store.active(agent_id=agent.id, limit=self._settings.list_limit)

    async def covered(self, conversation_ids: Sequence[str], *, sight: Sight) -> frozenset[str]:
        """Those of these conversations that `sight` covers; one that was never handed over only an unlimited one."""
        if sight.is_whole:
            return frozenset(conversation_ids)
        return await self._store.covered(conversation_ids, sight=sight)

    async def all_open(self, *, sight: Sight = EVERYTHING) -> tuple[Handoff, ...]:
        """Everyone who waits, then everything held by anybody (at most `list_limit` of each)."""
        limit = self._settings.list_limit
        return (
            *await self._store.waiting(limit=limit, sight=sight),
            *await self._store.active(limit=limit, sight=sight),
        )

    async def counts(self, agent: Agent, *, sight: Sight = EVERYTHING) -> tuple[int, int, int]:
        """(held by `agent`, waiting, all open)."""
        return await self._store.counts(agent.id, sight=sight)

    async def order(self, view: View, agent: Agent, *, sight: Sight = EVERYTHING) -> tuple[str, ...]:
        """The conversations of one list of the console, as they stand there (at most `list_limit` of a kind)."""
        limit = self._settings.list_limit
        match view:
            case View.MINE:
                return await self._store.active_ids(agent_id=agent.id, limit=limit)
            case View.WAITING:
                return await self._store.waiting_ids(limit=limit, sight=sight)
            case View.ALL:
                waiting = await self._store.waiting_ids(limit=limit, sight=sight)
                return *waiting, *await self._store.active_ids(limit=limit, sight=sight)

    async def open_handoffs(self, conversation_ids: Sequence[str]) -> tuple[Handoff, ...]:
        """The open handovers of those of these conversations that have one, in the order given."""
        found = await self._store.open_states(conversation_ids)
        return tuple(found[one] for one in conversation_ids if one in found)

    async def last_lines(self, conversation_ids: Sequence[str]) -> Mapping[str, Line]:
        """The newest words of each conversation, by conversation id."""
        return await self._conversations.last_lines(conversation_ids)

    async def on_duty(self) -> tuple[AgentLoad, ...]:
        """Representatives on duty, what they are doing and what they hold."""
        held = await self._store.loads()
        return tuple(
            AgentLoad(
                agent=one.agent,
                active=sum(held.get(one.agent.id, {}).values()),
                seen_at=one.seen_at,
                state=one.state,
                reason=one.reason,
            )
            for one in await self._duty.there(self._clock())
            if one.state is not AgentState.OFFLINE
        )

    async def load(self, handoff_id: str) -> Handoff:
        """One handover. Raises NotFound."""
        found = await self._store.find(handoff_id)
        if found is None:
            raise NotFound
        return found

    async def load_latest(self, conversation_id: str, *, sight: Sight = EVERYTHING) -> Handoff:
        """The open handover of a conversation, else the last ended one.

        Raises NotHandedOver: the desk shows only conversations that were given to it, and to each reader only those
        that `sight` covers.
        """
        found = await self._store.latest(conversation_id, sight=sight)
        if found is None:
            raise NotHandedOver
        return found

    async def lines(self, conversation_id: str, *, after: int = 0, limit: int | None = None) -> tuple[Line, ...]:
        """The transcript after seq `after`, notes included; codes sent to the customer stay the customer's."""
        return tuple(map(without_code, await self._conversations.lines(conversation_id, after=after, limit=limit)))

    async def before_newest(self, conversation_id: str, count: int) -> int:
        """The number before the newest `count` lines of the transcript; 0 where it has no more than that."""
        return max(0, await self._conversations.last_seq(conversation_id) - count)

    async def version(self) -> int:
        """Grows whenever a list of the console may look different."""
        return await self._store.version()

    async def open_ids(self) -> frozenset[str]:
        """The conversations that wait or are held."""
        return await self._store.open_ids()

    async def _asked(self, tx: Tx, ended: Handoff, agent: Agent) -> int | None:
        if ended.outcome not in JUDGED:
            return None
        return await self._conversations.ask_how_it_was(
            tx,
            ended.conversation_id,
            key=f"handoff:{ended.id}",
            agent_id=agent.id,
            agent_name=agent.name,
            at=self._clock(),
        )

    async def _fenced(self, conversation_id: str, work: Callable[[Tx], Awaitable[int | None]]) -> int:
        try:
            seq = await self._transactions.write(work)
        except Late:
            seq = None
        if seq is None:
            raise moved(await self.load_latest(conversation_id))
        return seq

    async def _event(self, tx: Tx, handoff: Handoff, code: str, agent: Agent, *, public: bool) -> int:
        return await self._conversations.append_event(
            tx,
            handoff.conversation_id,
            key=f"handoff:{handoff.id}:{code}:{handoff.epoch}",
            code=code,
            slots={"name": agent.name},
            at=self._clock(),
            public=public,
        )


def without_code(line: Line) -> Line:
    """The line as staff may read it: a code proves something only while nobody but the customer knows it."""
    slots = line.payload.get("slots")
    if line.payload.get("code") != "identity_code" or not isinstance(slots, dict):
        return line
    code = str(slots.get("code", ""))
    hidden = "•" * len(code)
    payload: dict[str, JsonValue] = {**line.payload, "slots": {**slots, "code": hidden}}
    return replace(line, text=line.text.replace(code, hidden), payload=payload)


def _outcome_for(handoff: Handoff, agent: Agent) -> Claimed | LostTo:
    if handoff.state is HandoffState.ACTIVE and handoff.agent_id == agent.id:
        return Claimed(handoff=handoff)
    held = handoff.state is HandoffState.ACTIVE
    return LostTo(agent_name=handoff.agent_name if held else None, state=handoff.state)
