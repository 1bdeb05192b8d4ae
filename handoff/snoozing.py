"""handoff: putting a conversation aside until later. It stays held, its clocks run on, and a reminder comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from handoff.agent_desk import AgentDesk
from handoff.contracts import Agent, HandoffState, NoticeKind, Snooze
from handoff.holding import moved
from handoff.news import News
from handoff.notices import Notices
from handoff.ports import Line
from handoff.refusals import SnoozeTooLong, SnoozeWordsTooLong
from handoff.store_ports import SnoozeStore
from kit.contracts import Clock, Transactions, Tx
from kit.refusals import NotFound

LONGEST = timedelta(days=30)
WORDS_LIMIT = 200


class Snoozing:
    """What representatives have put aside."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: SnoozeStore,
        agents: AgentDesk,
        notices: Notices,
        news: News,
        clock: Clock,
    ) -> None:
        self._transactions, self._store, self._agents = transactions, store, agents
        self._notices, self._news, self._clock = notices, news, clock

    async def snooze(self, conversation_id: str, agent: Agent, *, until: datetime, words: str) -> Snooze:
        """Put aside what `agent` holds; again is another moment.

        Raises NotHandedOver, ConversationMoved, SnoozeTooLong, SnoozeWordsTooLong.
        """
        now, said = self._clock(), words.strip()
        if not now < until <= now + LONGEST:
            raise SnoozeTooLong(field="until", days=LONGEST.days)
        if len(said) > WORDS_LIMIT:
            raise SnoozeWordsTooLong(field="words", limit=WORDS_LIMIT)
        await self._check_mine(conversation_id, agent)
        made = Snooze(conversation_id=conversation_id, account_id=agent.id, until=until, words=said, made_at=now)
        await self._transactions.write(lambda tx: self._store.put(tx, made))
        await self._news.desk_changed(conversation_id)
        return made

    async def wake(self, conversation_id: str, agent: Agent) -> None:
        """Take it up again now; no reminder comes."""
        await self._check_mine(conversation_id, agent)
        await self._transactions.write(lambda tx: self._store.remove(tx, conversation_id))
        await self._news.desk_changed(conversation_id)

    async def of(self, agent: Agent) -> Mapping[str, Snooze]:
        """What `agent` has put aside, by conversation."""
        return {one.conversation_id: one for one in await self._store.of(agent.id)}

    async def sweep(self, now: datetime) -> int:
        """Remind of what is due; how many were reminded. Who no longer holds it hears nothing."""
        woken = [snooze.conversation_id for snooze in await self._store.due(now) if await self._remind(snooze)]
        if woken:
            await self._news.desk_changed(*woken)
        return len(woken)

    async def _remind(self, snooze: Snooze) -> bool:
        try:
            handoff = await self._agents.load_latest(snooze.conversation_id)
        except NotFound:
            handoff = None
        held = handoff is not None and handoff.state is HandoffState.ACTIVE and handoff.agent_id == snooze.account_id
        once = f"snooze:{snooze.conversation_id}:{snooze.made_at.isoformat()}"

        async def work(tx: Tx) -> bool:
            if not await self._store.remove(tx, snooze.conversation_id, made_at=snooze.made_at) or not held:
                return False
            await self._notices.tell(
                tx, [snooze.account_id], NoticeKind.REMINDER, about=handoff, text=snooze.words, once=once
            )
            return True

        return await self._transactions.write(work)

    async def _check_mine(self, conversation_id: str, agent: Agent) -> None:
        held = await self._agents.load_latest(conversation_id)
        if held.state is not HandoffState.ACTIVE or held.agent_id != agent.id:
            raise moved(held, agent)


def asleep(snoozes: Iterable[Snooze], last: Mapping[str, Line], *, now: datetime) -> dict[str, Snooze]:
    """Those that are still put aside, by conversation: a customer's word wakes it, and so does the moment."""
    return {
        one.conversation_id: one
        for one in snoozes
        if one.until > now and not _woken(last.get(one.conversation_id), one.made_at)
    }


def _woken(line: Line | None, since: datetime) -> bool:
    return line is not None and line.kind == "customer" and line.at > since
