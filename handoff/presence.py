"""handoff: what a representative is doing now, from the last stretch of time that was noted. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from handoff.contracts import AgentState, Span


def state_now(last: Span | None, now: datetime, *, wrap_up: timedelta) -> AgentState:
    """The state of somebody whose console shows life.

    Who clocked out stays off duty until they say otherwise; who was cut off, or never said anything, is online.
    """
    if last is None:
        return AgentState.ONLINE
    if last.ended_at is not None:
        return AgentState.OFFLINE if last.clocked_out else AgentState.ONLINE
    if last.state is AgentState.WRAPPING_UP and now - last.began_at >= wrap_up > timedelta():
        return AgentState.ONLINE
    return last.state
