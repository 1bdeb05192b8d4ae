"""handoff: the promised times of the open conversations, now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from handoff.contracts import Handoff, ServiceClock
from handoff.hours import Openings
from handoff.ports import Conversations
from handoff.service_clocks import clocks_of
from handoff.settings import HandoffSettings


class ServiceLevels:
    """Reads the clocks off the transcripts."""

    def __init__(self, *, conversations: Conversations, settings: HandoffSettings) -> None:
        self._conversations, self._settings = conversations, settings
        self._openings = Openings(settings)

    async def clocks(self, handoffs: Sequence[Handoff], now: datetime) -> Mapping[str, tuple[ServiceClock, ...]]:
        """The clocks of each handover, the most pressing first, by handover id."""
        if not handoffs:
            return {}
        since = min(one.asked_at for one in handoffs)
        said = await self._conversations.spoken([one.conversation_id for one in handoffs], since=since)
        return {
            one.id: clocks_of(
                one,
                said.get(one.conversation_id, ()),
                settings=self._settings,
                hours=self._openings.of(one.placing.department),
                now=now,
            )
            for one in handoffs
        }
