"""bot: asks Telegram for updates. The offset moves past an update only after it has been stored.

The offset is forgotten once Telegram has confirmed it: after a quiet week Telegram numbers updates anew, and an old
offset would then make it throw away what customers wrote (Bot API, getUpdates and Update.update_id).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.error import RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.store_away import STORE_FAULTS
from bot.channels.telegram.failures import seconds_of
from bot.channels.telegram.inbound import UPDATES
from bot.channels.telegram.reading import UNREADABLE, read_update
from bot.channels.telegram.receiver import TelegramReceiver

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds between tries while Telegram or the store is away; doubles each time."""
TRIES = 3
"""How often an update is tried whose taking fails for no reason of the store; then it must not hold up the others."""

log = structlog.get_logger("bot.telegram")


class NotTaken(Exception):
    """An update could not be taken for a reason of its own; it is tried again."""


class RawUpdates(HTTPXRequest):
    """The library's HTTP client, which also keeps the last answer as it came."""

    raw: bytes = b""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, self.raw = await super().do_request(*args, **kwargs)
        return code, self.raw


class TelegramPolling:
    """The loop of the worker process."""

    def __init__(
        self,
        *,
        bot: Bot,
        request: RawUpdates,
        receiver: TelegramReceiver,
        poll_seconds: int,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot, self._request, self._receiver = bot, request, receiver
        self._poll_seconds, self._sleep = poll_seconds, sleep
        self._offset: int | None = None
        self._prepared = False
        self._failing: tuple[int, int] = (0, 0)
        """Update id and failed tries of the update that could not be taken last."""

    async def run(self) -> None:
        """Ask for ever; cancel to stop."""
        wait = FIRST_WAIT
        while True:
            try:
                await self.once()
                wait = FIRST_WAIT
            except RetryAfter as error:
                await self._sleep(seconds_of(error))
            except (TelegramError, NotTaken, *STORE_FAULTS) as error:
                # The message of a Telegram error holds no token, that of a store error may hold a customer's text.
                reason = error.message if isinstance(error, TelegramError) else ""
                log.warning("telegram.polling_failed", error=type(error).__name__, reason=reason, wait=wait)
                await self._sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    async def once(self) -> None:
        """One call for updates; everything it brought is stored when this returns."""
        if not self._prepared:
            await self._bot.delete_webhook(drop_pending_updates=False)
            self._prepared = True
        updates = await self._fetch()
        if not updates:
            self._offset = None
        for update in updates:
            await self._take(update)
            self._offset = update.update_id + 1

    async def _fetch(self) -> list[Update]:
        try:
            return list(
                await self._bot.get_updates(
                    offset=self._offset, timeout=self._poll_seconds, allowed_updates=list(UPDATES)
                )
            )
        except UNREADABLE:
            # One update of a shape the library does not know; the others must not wait for its next release.
            raw = json.loads(self._request.raw)["result"]
            return [update for update in map(read_update, raw) if update is not None]

    async def _take(self, update: Update) -> None:
        try:
            await self._receiver.take(update)
        except (*STORE_FAULTS, asyncio.CancelledError):
            raise
        except Exception as error:
            tries = self._failing[1] + 1 if self._failing[0] == update.update_id else 1
            self._failing = (update.update_id, tries)
            log.exception("telegram.not_taken", update=update.update_id, tries=tries)
            if tries < TRIES:
                raise NotTaken from error
