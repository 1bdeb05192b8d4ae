"""bot: sends what waits for webhooks, at least once and with the same id each time.

An attempt is counted, and the delivery set aside, before the call: whoever dies on the way leaves it to be tried again.
One call at a time for each address, so that a slow one keeps nobody else waiting and an order is mostly kept.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.contracts import SendFailed
from bot.pace import wait_after
from bot.settings.programs import WebhookSettings
from bot.webhooks.contracts import Webhook, WebhookDelivery
from bot.webhooks.ports import Post, WebhookStore
from bot.webhooks.signing import headers_for
from kit.contracts import Clock, Transactions

TOGETHER = 100
"""Addresses called at the same time."""
SPARE_SECONDS = 30.0
"""How much longer than a call a delivery is set aside."""
OK = range(200, 300)

log = structlog.get_logger("bot.webhooks")


class WebhookDispatch:
    """The sender. `run` returns at once; the calls go on beside it until `stop`."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: WebhookStore,
        post: Post,
        desk_secret: str,
        settings: WebhookSettings,
        clock: Clock,
    ) -> None:
        self._transactions, self._store, self._post = transactions, store, post
        self._desk_secret, self._settings, self._clock = desk_secret, settings, clock
        self._calling: dict[str, asyncio.Task[None]] = {}

    async def run(self, now: datetime) -> None:
        """Begin with every address that something waits for and that is not being called."""
        for webhook_id in await self._store.due(now, limit=TOGETHER):
            if webhook_id not in self._calling:
                task = asyncio.create_task(self.call(webhook_id), name=f"webhook-{webhook_id}")
                self._calling[webhook_id] = task
                task.add_done_callback(partial(self._ended, webhook_id))

    def _ended(self, webhook_id: str, _: asyncio.Task[None]) -> None:
        self._calling.pop(webhook_id, None)

    async def call(self, webhook_id: str) -> None:
        """Send what waits for one address, one after the other, until nothing is due or a call fails."""
        try:
            webhook = await self._store.find(webhook_id)
            while webhook is not None and await self._send_next(webhook):
                pass
        except Exception as error:
            log.warning("webhook.broke", webhook=webhook_id, exc_info=error)

    async def purge(self, now: datetime) -> None:
        """Forget what is done with and older than the log is kept."""
        before = now - timedelta(days=self._settings.keep_days)
        await self._transactions.write(lambda tx: self._store.purge(tx, before=before))

    async def stop(self) -> None:
        """End the calls under way; they are made again."""
        tasks = list(self._calling.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _send_next(self, webhook: Webhook) -> bool:
        """Send the next delivery; whether to go on with the one after it."""
        now = self._clock()
        until = now + timedelta(seconds=self._settings.send_seconds + SPARE_SECONDS)
        taken = await self._transactions.write(lambda tx: self._store.take(tx, webhook.id, now, until=until))
        if taken is None:
            return False
        headers = headers_for(self._desk_secret, webhook, event_id=taken.event_id, body=taken.body, now=now)
        status: int | None = None
        try:
            async with asyncio.timeout(self._settings.send_seconds):
                status = await self._post(webhook.url, taken.body, headers)
            reason = "" if status in OK else "answered"
        except TimeoutError:
            reason = "no_answer"
        except SendFailed as failed:
            reason = failed.reason
        if not reason and status is not None:
            done = status
            at = self._clock()
            await self._transactions.write(lambda tx: self._store.delivered(tx, taken.id, status=done, at=at))
            return True
        await self._note_failure(taken, status, reason)
        return False

    async def _note_failure(self, taken: WebhookDelivery, status: int | None, reason: str) -> None:
        now, settings = self._clock(), self._settings
        given_up = now - taken.created_at > timedelta(hours=settings.give_up_hours)
        wait = wait_after(taken.attempts, first=settings.retry_first_seconds, longest=settings.retry_longest_seconds)
        next_at = None if given_up else now + timedelta(seconds=wait)
        log.warning("webhook.failed", delivery=taken.id, status=status, reason=reason, final=given_up)
        await self._transactions.write(
            lambda tx: self._store.failed(tx, taken.id, status=status, reason=reason, next_at=next_at)
        )
