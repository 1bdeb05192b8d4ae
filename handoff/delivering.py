"""handoff: what became of a representative's words on their way to the customer, and sending again what failed."""

from __future__ import annotations

from handoff.agent_desk import AgentDesk
from handoff.contracts import Agent, Deliveries, HandoffState
from handoff.holding import moved
from handoff.news import News
from handoff.ports import DeliveryStates
from kit.contracts import Clock, Transactions


class Delivering:
    """Reads delivery states; whoever holds the conversation may send again."""

    def __init__(
        self, *, transactions: Transactions, agents: AgentDesk, states: DeliveryStates, news: News, clock: Clock
    ) -> None:
        self._transactions, self._agents, self._states = transactions, agents, states
        self._news, self._clock = news, clock

    async def of(self, conversation_id: str) -> Deliveries:
        """The states of one conversation."""
        return await self._states.of(conversation_id)

    async def send_again(self, conversation_id: str, agent: Agent, *, seq: int) -> bool:
        """Send a line that failed once more; pressed twice is once. Raises NotHandedOver, ConversationMoved."""
        held = await self._agents.load_latest(conversation_id)
        if held.state is not HandoffState.ACTIVE or held.agent_id != agent.id:
            raise moved(held, agent)
        at = self._clock()
        again = await self._transactions.write(lambda tx: self._states.send_again(tx, conversation_id, seq, at=at))
        if again:
            await self._news.lines_added(conversation_id, seq=seq)
            await self._news.delivery_changed(conversation_id)
        return again
