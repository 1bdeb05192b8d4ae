"""handoff: who may act on a conversation that a representative holds, and what the others are told. Pure."""

from __future__ import annotations

from handoff.contracts import Agent, Handoff, HandoffState
from handoff.refusals import ConversationMoved


class Late(Exception):
    """Somebody was faster; undoes the transaction."""


def check_held(handoff: Handoff, agent: Agent, *, epoch: int) -> None:
    """Raises ConversationMoved unless `agent` holds it under this epoch."""
    if handoff.state is not HandoffState.ACTIVE or handoff.agent_id != agent.id or handoff.epoch != epoch:
        raise moved(handoff, agent)


def moved(handoff: Handoff, agent: Agent | None = None) -> ConversationMoved:
    """The refusal for a writer who lost the conversation; it names who has it now, unless that is `agent`."""
    held_by_other = handoff.state is HandoffState.ACTIVE and (agent is None or handoff.agent_id != agent.id)
    return ConversationMoved(name=handoff.agent_name or "" if held_by_other else "")
