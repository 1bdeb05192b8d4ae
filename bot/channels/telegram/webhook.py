"""bot: the address Telegram posts updates to.

It answers 200 only after the commit; everything else makes Telegram try again.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable

import structlog
from fastapi import APIRouter, Request, Response
from telegram import Bot
from telegram.error import RetryAfter, TelegramError

from bot.channels.store_away import STORE_FAULTS, StoreAway
from bot.channels.telegram.failures import seconds_of
from bot.channels.telegram.inbound import UPDATES
from bot.channels.telegram.polling import FIRST_WAIT, LONGEST_WAIT
from bot.channels.telegram.reading import read_update
from bot.channels.telegram.receiver import TelegramReceiver
from kit.refusals import Malformed, Refusal

PATH = "/telegram/updates"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name

log = structlog.get_logger("bot.telegram")


class WrongSecret(Refusal):
    """The caller does not know the secret that Telegram was told; it is not Telegram."""

    code, status = "wrong_secret", 403


def build_webhook_router(*, receiver: TelegramReceiver, secret: str) -> APIRouter:
    """The route of webhook mode. Raises ValueError without a secret: anybody could then speak for any customer."""
    if not secret:
        raise ValueError("webhook mode needs TELEGRAM_SECRET")
    router = APIRouter()

    @router.post(PATH)
    async def take(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            raise WrongSecret
        try:
            update = read_update(json.loads(await request.body()))
        except (ValueError, RecursionError):
            update = None
        if update is None:
            raise Malformed(details={"body": "an Update of the Bot API as JSON"})
        try:
            await receiver.take(update)
        except STORE_FAULTS as error:
            log.warning("telegram.not_stored", update=update.update_id, error=type(error).__name__)
            raise StoreAway from error
        return Response(status_code=200)

    return router


async def register_webhook(
    bot: Bot, *, public_url: str, secret: str, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """Tell Telegram where to post; tries until it is told, because a desk may start before its network."""
    wait = FIRST_WAIT
    while True:
        try:
            await bot.set_webhook(
                url=public_url.rstrip("/") + PATH,
                secret_token=secret,
                allowed_updates=list(UPDATES),
                drop_pending_updates=False,
            )
        except RetryAfter as error:
            await sleep(seconds_of(error))
        except TelegramError as error:
            log.warning("telegram.webhook_not_registered", error=type(error).__name__, reason=error.message)
            await sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
        else:
            log.info("telegram.webhook_registered")
            return
