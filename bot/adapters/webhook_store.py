"""bot: webhooks and their deliveries in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bot.adapters.tables import webhook_deliveries, webhooks
from bot.contracts import Delivery, Entry
from bot.webhooks.contracts import EventType, Webhook, WebhookDelivery
from bot.webhooks.events import body_of, events_of
from kit.contracts import NewId, Tx
from kit.sql import Database, connection_of

PENDING = Delivery.PENDING.value
WANTED = select(webhooks.c.id, webhooks.c.events, webhooks.c.channel).where(webhooks.c.active.is_(True))
"""Made once: it is asked with every line that is stored."""
deliveries = webhook_deliveries.c


class SqlWebhookStore:
    """Implements `bot.webhooks.ports.WebhookStore`, and tells of new lines."""

    def __init__(self, database: Database, *, new_id: NewId) -> None:
        self._database, self._new_id = database, new_id

    async def tell(self, tx: Tx, *, channel: str, address: str, entries: Sequence[Entry], at: datetime) -> None:
        """Store the deliveries of new lines, in the transaction that stores the lines."""
        connection = connection_of(tx)
        wanted = (await connection.execute(WANTED)).all()
        if not wanted:
            return
        rows = [
            {
                "id": self._new_id(),
                "webhook_id": webhook.id,
                "event_id": event.id,
                "type": event.type.value,
                "body": body_of(event),
                "state": PENDING,
                "attempts": 0,
                "next_at": at,
                "status": None,
                "reason": "",
                "created_at": at,
                "delivered_at": None,
            }
            for event in events_of(channel, address, entries)
            for webhook in wanted
            if webhook.channel in {"", channel} and event.type.value in webhook.events.split(",")
        ]
        if rows:
            await connection.execute(insert(webhook_deliveries), rows)

    async def add(self, tx: Tx, webhook: Webhook) -> None:
        await connection_of(tx).execute(insert(webhooks).values(_columns(webhook)))

    async def save(self, tx: Tx, webhook: Webhook) -> None:
        await connection_of(tx).execute(update(webhooks).where(webhooks.c.id == webhook.id).values(_columns(webhook)))

    async def find(self, webhook_id: str) -> Webhook | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(webhooks).where(webhooks.c.id == webhook_id))).one_or_none()
            return _webhook_of(row) if row else None

    async def all(self) -> tuple[Webhook, ...]:
        async with self._database.read() as connection:
            rows = await connection.execute(select(webhooks).order_by(webhooks.c.id.desc()))
            return tuple(_webhook_of(row) for row in rows)

    async def due(self, now: datetime, *, limit: int) -> tuple[str, ...]:
        query = (
            select(deliveries.webhook_id)
            .distinct()
            .where(deliveries.state == PENDING, deliveries.next_at <= now)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple((await connection.execute(query)).scalars())

    async def take(self, tx: Tx, webhook_id: str, now: datetime, *, until: datetime) -> WebhookDelivery | None:
        oldest = (
            select(deliveries.id)
            .where(deliveries.webhook_id == webhook_id, deliveries.state == PENDING, deliveries.next_at <= now)
            .order_by(deliveries.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        connection = connection_of(tx)
        delivery_id = (await connection.execute(oldest)).scalar_one_or_none()
        if delivery_id is None:
            return None
        taken = await connection.execute(
            update(webhook_deliveries)
            .where(deliveries.id == delivery_id)
            .values(attempts=deliveries.attempts + 1, next_at=until)
            .returning(webhook_deliveries)
        )
        return _delivery_of(taken.one())

    async def delivered(self, tx: Tx, delivery_id: str, *, status: int, at: datetime) -> None:
        values = {"state": Delivery.SENT.value, "status": status, "reason": "", "delivered_at": at}
        await connection_of(tx).execute(update(webhook_deliveries).where(deliveries.id == delivery_id).values(values))

    async def failed(
        self, tx: Tx, delivery_id: str, *, status: int | None, reason: str, next_at: datetime | None
    ) -> None:
        values: dict[str, object] = {"status": status, "reason": reason}
        values |= {"state": Delivery.FAILED.value} if next_at is None else {"next_at": next_at}
        await connection_of(tx).execute(update(webhook_deliveries).where(deliveries.id == delivery_id).values(values))

    async def replay(self, tx: Tx, webhook_id: str, delivery_id: str, *, at: datetime) -> bool:
        here = (deliveries.id == delivery_id) & (deliveries.webhook_id == webhook_id)
        # Counted as new, so that it is tried for as long as any other.
        values = {"state": PENDING, "next_at": at, "created_at": at}
        done = await connection_of(tx).execute(update(webhook_deliveries).where(here).values(values))
        return done.rowcount == 1

    async def deliveries(self, webhook_id: str, *, limit: int) -> tuple[WebhookDelivery, ...]:
        query = (
            select(webhook_deliveries)
            .where(deliveries.webhook_id == webhook_id)
            .order_by(deliveries.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple(_delivery_of(row) for row in await connection.execute(query))

    async def purge(self, tx: Tx, *, before: datetime) -> int:
        old = (deliveries.created_at < before) & (deliveries.state != PENDING)
        return (await connection_of(tx).execute(delete(webhook_deliveries).where(old))).rowcount


def _columns(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "events": ",".join(sorted(webhook.events)),
        "channel": webhook.channel,
        "active": webhook.active,
        "secret_turn": webhook.secret_turn,
        "rotated_at": webhook.rotated_at,
        "made_by": webhook.made_by,
        "made_at": webhook.made_at,
    }


def _webhook_of(row: Row[Any]) -> Webhook:
    known = set(EventType)
    return Webhook(
        id=row.id,
        url=row.url,
        events=frozenset(EventType(name) for name in row.events.split(",") if name in known),
        channel=row.channel,
        active=row.active,
        secret_turn=row.secret_turn,
        rotated_at=row.rotated_at,
        made_by=row.made_by,
        made_at=row.made_at,
    )


def _delivery_of(row: Row[Any]) -> WebhookDelivery:
    return WebhookDelivery(
        id=row.id,
        webhook_id=row.webhook_id,
        event_id=row.event_id,
        type=EventType(row.type),
        body=row.body,
        state=Delivery(row.state),
        attempts=row.attempts,
        next_at=row.next_at,
        status=row.status,
        reason=row.reason,
        created_at=row.created_at,
        delivered_at=row.delivered_at,
    )
