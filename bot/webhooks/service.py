"""bot: webhooks as administrators handle them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from bot.refusals import NoEvents
from bot.webhooks.addresses import check_url
from bot.webhooks.contracts import EventType, Webhook, WebhookDelivery
from bot.webhooks.ports import WebhookStore
from bot.webhooks.signing import secret_of
from kit.contracts import Clock, NewId, Transactions, Tx
from kit.refusals import NotFound
from staff.contracts import AuditRecord, Person
from staff.ports import AuditLog

SHOWN = 100
"""Deliveries on a webhook's page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithSecret:
    """A webhook with its secret, which is shown this once."""

    webhook: Webhook
    secret: str = field(repr=False)


class Webhooks:
    """Make, switch off, change the secret, send again."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: WebhookStore,
        audit: AuditLog,
        desk_secret: str,
        allow_private: bool,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._audit = transactions, store, audit
        self._desk_secret, self._allow_private = desk_secret, allow_private
        self._clock, self._new_id = clock, new_id

    async def make(self, *, url: str, events: Collection[EventType], channel: str, by: Person) -> WithSecret:
        """A new webhook. Raises `AddressNotAllowed`, `NoEvents`."""
        clean = check_url(url, allow_private=self._allow_private)
        if not events:
            raise NoEvents(field="events")
        webhook = Webhook(
            id=self._new_id(),
            url=clean,
            events=frozenset(events),
            channel=channel,
            active=True,
            secret_turn=1,
            rotated_at=None,
            made_by=by.display_name,
            made_at=self._clock(),
        )

        async def work(tx: Tx) -> None:
            await self._store.add(tx, webhook)
            await self._note(tx, by, "make_webhook", webhook, after=webhook.url)

        await self._transactions.write(work)
        return self._with_secret(webhook)

    async def switch(self, webhook_id: str, *, on: bool, by: Person) -> None:
        """Tell it from now on, or no longer; what waits already waits on. Raises `NotFound`."""
        webhook = await self.load(webhook_id)

        async def work(tx: Tx) -> None:
            await self._store.save(tx, replace(webhook, active=on))
            await self._note(tx, by, "start_webhook" if on else "stop_webhook", webhook, after=webhook.url)

        await self._transactions.write(work)

    async def rotate(self, webhook_id: str, *, by: Person) -> WithSecret:
        """A new secret; the old one signs beside it for a day. Raises `NotFound`."""
        webhook = await self.load(webhook_id)
        turned = replace(webhook, secret_turn=webhook.secret_turn + 1, rotated_at=self._clock())

        async def work(tx: Tx) -> None:
            await self._store.save(tx, turned)
            await self._note(tx, by, "rotate_webhook", webhook, after=webhook.url)

        await self._transactions.write(work)
        return self._with_secret(turned)

    async def replay(self, webhook_id: str, delivery_id: str, *, by: Person) -> None:
        """Send a delivery again, with the same id. Raises `NotFound`."""
        webhook = await self.load(webhook_id)

        async def work(tx: Tx) -> None:
            if not await self._store.replay(tx, webhook_id, delivery_id, at=self._clock()):
                raise NotFound
            await self._note(tx, by, "replay_webhook", webhook, after=delivery_id)

        await self._transactions.write(work)

    async def load(self, webhook_id: str) -> Webhook:
        """One webhook. Raises `NotFound`."""
        found = await self._store.find(webhook_id)
        if found is None:
            raise NotFound
        return found

    async def all(self) -> tuple[Webhook, ...]:
        """Every webhook, the newest first."""
        return await self._store.all()

    async def deliveries(self, webhook_id: str) -> tuple[WebhookDelivery, ...]:
        """The newest deliveries of one."""
        return await self._store.deliveries(webhook_id, limit=SHOWN)

    def _with_secret(self, webhook: Webhook) -> WithSecret:
        return WithSecret(webhook=webhook, secret=secret_of(self._desk_secret, webhook.id, webhook.secret_turn))

    async def _note(self, tx: Tx, by: Person, verb: str, webhook: Webhook, *, after: str) -> None:
        record = AuditRecord(
            at=self._clock(),
            account_id=by.id,
            action=f"bot.{verb}",
            subject=f"webhook:{webhook.id}",
            after=after,
        )
        await self._audit.audit(tx, record)
