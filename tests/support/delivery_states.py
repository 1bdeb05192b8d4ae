"""tests: what became of replies, as the live desk asks for it; fits `handoff.ports.DeliveryStates`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from handoff.contracts import Deliveries
from kit.contracts import Tx


@dataclass(slots=True)
class StandInDeliveries:
    """Says what the test says."""

    now: Deliveries = field(default_factory=lambda: Deliveries(pushed=False))

    async def of(self, conversation_id: str) -> Deliveries:
        return self.now

    async def send_again(self, tx: Tx, conversation_id: str, seq: int, *, at: datetime) -> bool:
        if seq not in self.now.failed:
            return False
        failed = tuple(other for other in self.now.failed if other != seq)
        self.now = replace(self.now, failed=failed, waiting=(*self.now.waiting, seq))
        return True
