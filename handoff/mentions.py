"""handoff: internal notes that name colleagues: "@Lin" in a note tells Lin, who opens the conversation from there."""

from __future__ import annotations

from collections.abc import Sequence

from handoff.agent_desk import AgentDesk
from handoff.contracts import EVERYTHING, Agent, NoticeKind, Sight
from handoff.news import News
from handoff.notices import Notices
from handoff.sights import Sights
from handoff.team import Team
from kit.contracts import Transactions

MARK = "@"
QUOTED = 200
"""Characters of the note that stand in the notice."""


class Mentions:
    """Writes notes and tells who is named in them. Nobody hears of a conversation that they may not see."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        agents: AgentDesk,
        team: Team,
        sights: Sights,
        notices: Notices,
        news: News,
    ) -> None:
        self._transactions, self._agents, self._team = transactions, agents, team
        self._sights, self._notices, self._news = sights, notices, news

    async def note(self, conversation_id: str, agent: Agent, *, key: str, text: str, sight: Sight = EVERYTHING) -> int:
        """Store an internal note and tell the colleagues it names; returns its seq. The same key tells once.

        Raises what `AgentDesk.note` raises.
        """
        seq = await self._agents.note(conversation_id, agent, key=key, text=text, sight=sight)
        if MARK not in text:
            return seq
        named = named_in(text, await self.colleagues(conversation_id, agent, sight=sight))
        if named:
            # The note is not acknowledged before this is done: whoever crashes in between sends it again.
            handoff, accounts = await self._agents.load_latest(conversation_id), [one.id for one in named]
            quoted, once = text.strip()[:QUOTED], f"note:{conversation_id}:{seq}"
            await self._transactions.write(
                lambda tx: self._notices.tell(
                    tx, accounts, NoticeKind.MENTION, by=agent.name, about=handoff, text=quoted, once=once
                )
            )
            await self._news.desk_changed()
        return seq

    async def colleagues(self, conversation_id: str, agent: Agent, *, sight: Sight = EVERYTHING) -> tuple[Agent, ...]:
        """Who can be named in a note there: everybody who may see the conversation, by name. Raises NotHandedOver."""
        handoff = await self._agents.load_latest(conversation_id, sight=sight)
        found = [
            Agent(id=account.id, name=account.display_name)
            for account, _ in await self._team.members()
            if account.id == handoff.agent_id
            or (await self._sights.of(account.id, account.roles)).covers(handoff.placing.department)
        ]
        return tuple(one for one in found if one.id != agent.id)


def named_in(text: str, colleagues: Sequence[Agent]) -> tuple[Agent, ...]:
    """Whose names stand behind a mark in `text`; the longer of two names that begin alike."""
    found = set()
    for name in sorted({one.name for one in colleagues if one.name}, key=len, reverse=True):
        if MARK + name in text:
            found.add(name)
            text = text.replace(MARK + name, " ")
    return tuple(one for one in colleagues if one.name in found)
