"""handoff: tells representatives who else looks at a conversation or writes in it. For staff only.

A topic of its own carries it, which nothing that talks to customers listens to. It is fleeting: nothing is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Protocol

from handoff.contracts import Agent
from kit.contracts import JsonValue, Signal, Signals

TOPIC = "watching:"


class Doing(StrEnum):
    """What somebody does in a conversation."""

    VIEWING = "viewing"
    WRITING = "writing"
    GONE = "gone"


class Outlet(Protocol):
    """As much of a socket as is used."""

    def send(self, frame: dict[str, JsonValue]) -> bool: ...


class Watcher(Protocol):
    """One console (`handoff.web.live.Console` fits)."""

    @property
    def agent(self) -> Agent: ...

    @property
    def outlet(self) -> Outlet: ...

    def is_seen(self, conversation_id: str) -> bool:
        """Whether colleagues may know that it shows the conversation."""
        ...


class Watchers:
    """Says what one does, and passes on what others do."""

    def __init__(self, signals: Signals, watching: Callable[[str], Iterable[Watcher]]) -> None:
        self._signals, self._watching = signals, watching

    async def tell(self, conversation_id: str, agent: Agent, doing: Doing, *, came: bool = False) -> None:
        """`agent` does this now; who `came` is told of the others in return."""
        body: dict[str, JsonValue] = {"agent": agent.id, "name": agent.name, "doing": doing.value, "came": came}
        await self._signals.publish(f"{TOPIC}{conversation_id}", body)

    async def heard(self, signal: Signal) -> None:
        """Pass a colleague's doing on to the consoles of this process that show the conversation."""
        conversation_id, body = signal.topic.removeprefix(TOPIC), signal.body
        others = {one.agent.id: one for one in self._watching(conversation_id) if one.agent.id != body.get("agent")}
        for one in self._watching(conversation_id):
            if one.agent.id in others:
                agent: JsonValue = {"id": body.get("agent"), "name": body.get("name")}
                doing = body.get("doing")
                one.outlet.send({"t": "watching", "conversation": conversation_id, "agent": agent, "doing": doing})
        if body.get("came"):
            for one in others.values():
                if one.is_seen(conversation_id):
                    await self.tell(conversation_id, one.agent, Doing.VIEWING)
