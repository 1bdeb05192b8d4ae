"""bot: what webhooks need, as Protocols."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.webhooks.contracts import Webhook, WebhookDelivery
from kit.contracts import Tx


class WebhookStore(Protocol):
    """Webhooks and their deliveries in SQL. Deliveries are stored with the lines they tell of, in one transaction."""

    async def add(self, tx: Tx, webhook: Webhook) -> None: ...

    async def save(self, tx: Tx, webhook: Webhook) -> None: ...

    async def find(self, webhook_id: str) -> Webhook | None: ...

    async def all(self) -> tuple[Webhook, ...]: ...

    async def due(self, now: datetime, *, limit: int) -> tuple[str, ...]:
        """The webhooks that something waits for."""
        ...

    async def take(self, tx: Tx, webhook_id: str, now: datetime, *, until: datetime) -> WebhookDelivery | None:
        """The oldest delivery whose time has come, its attempt counted, not due again before `until`."""
        ...

    async def delivered(self, tx: Tx, delivery_id: str, *, status: int, at: datetime) -> None: ...

    async def failed(
        self, tx: Tx, delivery_id: str, *, status: int | None, reason: str, next_at: datetime | None
    ) -> None:
        """Try again at `next_at`; None: given up."""
        ...

    async def replay(self, tx: Tx, webhook_id: str, delivery_id: str, *, at: datetime) -> bool:
        """Send it once more, whatever became of it; False when there is none."""
        ...

    async def deliveries(self, webhook_id: str, *, limit: int) -> tuple[WebhookDelivery, ...]:
        """The newest first."""
        ...

    async def purge(self, tx: Tx, *, before: datetime) -> int:
        """Remove what is done with and older; how many."""
        ...


class Post(Protocol):
    """Calls an address."""

    async def __call__(self, url: str, body: str, headers: Mapping[str, str]) -> int:
        """The status it answered. Raises `bot.contracts.SendFailed`."""
        ...
