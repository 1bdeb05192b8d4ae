"""bot: the commands in Telegram's menu, so that a person is always one tap away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from telegram import Bot, BotCommand
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.failures import seconds_of
from kit.contracts import Language
from kit.texts import Texts

COMMANDS = ("human", "start")
"""The commands `inbound.py` understands, most wanted first; texts `telegram.command.<name>`."""
WAIT_SECONDS = 30.0

log = structlog.get_logger("bot.telegram")


async def publish_menu(
    bot: Bot, texts: Texts, default: Language, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """Tell Telegram the menu in every language; tries until it is told."""
    while True:
        try:
            for language in (None, *Language):
                spoken = language or default
                commands = [BotCommand(name, texts(f"telegram.command.{name}", spoken)) for name in COMMANDS]
                await bot.set_my_commands(commands, language_code=language.value if language else None)
        except RetryAfter as error:
            await sleep(seconds_of(error))
        except InvalidToken:
            return
        except TelegramError as error:
            log.info("telegram.menu_not_published", error=type(error).__name__)
            await sleep(WAIT_SECONDS)
        else:
            return
